"""Words alone on requests that others wrote: how often the right tool is first, and among the first.

The figures are logged; README quotes them.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.tool_documents import MCP_TOOLS
from workbench.core.routing.choosing import choose, tokens_of
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.situation import Situation
from workbench.core.routing.words import WordIndex
from workbench.core.tool import Tool, Toolset

CASES = MCP_TOOLS.parent / "bfcl" / "multiple.jsonl"
_log = logging.getLogger(__name__)
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the fixtures are not here")


def tool(document: dict[str, Any], key: str, name: str = "") -> Tool:
    return Tool.make(name or document["name"], document.get("description", ""), document.get(key))


def cases() -> Iterator[tuple[str, str, list[Tool]]]:
    for line in CASES.read_text("utf-8").splitlines():
        case = json.loads(line)
        yield (
            case["messages"][-1]["content"],
            case["expected"][0]["name"],
            [tool(each, "input_schema") for each in case["tools"]],
        )


def mcp_tools(folder: Path = MCP_TOOLS) -> Iterator[Tool]:
    for file in sorted(folder.glob("*.json")):
        for document in json.loads(file.read_text("utf-8"))["tools"]:
            yield tool(document, "inputSchema", f"{file.stem}__{document['name']}")


def test_among_the_few_tools_of_each_case() -> None:
    ranks = []
    for request, right, tools in cases():
        names = [each.tool for each in WordIndex(tools).rank(request)]
        ranks.append(names.index(right) + 1 if right in names else 99)
    first, third = (sum(rank <= most for rank in ranks) / len(ranks) for most in (1, 3))
    _log.info("%d requests: first %.1f %%, among three %.1f %%", len(ranks), first * 100, third * 100)
    assert first >= 0.8
    assert third >= 0.95


def test_among_500_tools_of_which_400_are_of_real_servers() -> None:
    pool = {each.name: each for each in mcp_tools()}
    asked = []
    for request, right, tools in cases():
        if len(pool) + len(tools) <= 500:
            pool.update({each.name: each for each in tools})
            asked.append((request, right))
    tools = Toolset(list(pool.values()))
    index, plan = WordIndex(tools), RoutingPlan(name="words")
    found = [choose(plan, Situation(tools=tools, request=request), index.rank(request)) for request, _ in asked]
    recall = sum(right in each.offered for each, (_, right) in zip(found, asked, strict=True)) / len(asked)
    spent = sum(each.tokens[1] for each in found) / len(found)
    tokens = tokens_of(tools)
    _log.info("%d requests: among five %.1f %%, %.0f of %d tokens", len(asked), recall * 100, spent, tokens)
    assert recall >= 0.9
    assert spent < tokens / 50
