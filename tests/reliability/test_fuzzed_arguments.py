"""G5 · Nothing runs that does not fit its schema, in the opinion of a validator that shares no code with ours."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.support.plain_validator import fits
from tests.support.runs import RUN_ID, Answers, Bodies, MemoryGate, PushedClock
from tests.support.strange_arguments import Stranger
from tests.support.tally import counted, size
from workbench.checking.process import ProcessChecker
from workbench.core.approval import ALLOW_ALL
from workbench.core.event import ToolCallProposed
from workbench.core.ids import CallId, call_span
from workbench.core.json_text import JsonObject
from workbench.core.log import EventLog
from workbench.core.optional_null import without_optional_nulls
from workbench.core.schema import check_arguments
from workbench.core.tool import Tool, Toolset
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup

SCHEMAS = Path(__file__).parents[3] / "shared" / "fixtures" / "mcp_tools"
WHOLE = range(-(2**63), 2**64)

pytestmark = pytest.mark.timeout(900)


def real_tools() -> list[Tool]:
    """The tools of public MCP servers, made unique by their server's name."""
    tools = []
    for file in sorted(SCHEMAS.glob("*.json")):
        listed = json.loads(file.read_text(encoding="utf-8"))
        for document in listed["tools"] if isinstance(listed, dict) else listed:
            tools.append(Tool({**document, "name": f"{file.stem}__{document['name']}"}))
    return tools


def is_plain(value: Any, depth: int = 1) -> bool:
    """No number another language would change, no half character, no bottomless nesting; judged by ourselves."""
    match value:
        case bool() | None:
            return True
        case int():
            return value in WHOLE
        case float():
            return math.isfinite(value)
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") == value
        case list():
            return depth <= 64 and all(is_plain(item, depth + 1) for item in value)
        case dict():
            return depth <= 64 and all(is_plain(key) and is_plain(item, depth + 1) for key, item in value.items())
    return False


class Belt:
    """Takes one call after the other through the dispatcher and says what ran."""

    def __init__(self, tools: list[Tool]) -> None:
        self._toolset = Toolset(tools)
        self.checker = ProcessChecker()
        self._bodies = Bodies({tool.name: lambda _: "ran" for tool in tools})
        self._calls = 0

    async def run(self, tool: Tool, text: str) -> list[JsonObject]:
        self._calls += 1
        self._bodies.ran.clear()
        recorder = Recorder(RUN_ID, EventLog(), PushedClock())
        setup = RunSetup(model="none", toolset=self._toolset, policy=ALLOW_ALL)
        dispatcher = Dispatcher(
            setup,
            recorder,
            CallServices(executors=self._bodies, approver=Answers(), gate=MemoryGate(), checker=self.checker),
        )
        call = recorder.add(
            ToolCallProposed(
                **recorder.stamp(call_span(1, 1, 0)),
                call_id=CallId(f"call-{self._calls}"),
                wire_call_id="w",
                index=0,
                tool=tool.name,
                arguments_json=text,
            )
        )
        await dispatcher.dispatch(call, self._toolset, seconds_left=60.0)
        return list(self._bodies.ran)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas of real servers are not here")
async def test_no_fuzzed_arguments_run_that_an_independent_validator_rejects() -> None:
    tools = real_tools()
    stranger = Stranger(20261121)
    with counted("G5", f"argument sets over {len(tools)} tools of real MCP servers") as tally:
        belt = Belt(tools)
        ran = 0
        needless: list[str] = []
        for number in range(size(400, 2_000, 10_000)):
            tool = tools[number % len(tools)]
            text = stranger.text(tool.input_schema)
            with tally.case(f"{tool.name} {text[:200]}"):
                executed = await belt.run(tool, text)
                for arguments in executed:
                    assert fits(tool.input_schema, arguments), "ran what the other validator rejects"
                    assert is_plain(arguments)
                    meant = json.loads(text) if text.strip() else {}
                    assert arguments == without_optional_nulls(tool.input_schema, meant), "ran something else"
                ran += len(executed)
                if not executed and _is_fine(tool, text):
                    needless.append(f"{tool.name} {text}")
        await belt.checker.close()
        tally.notes.append(f"{ran} sets ran, {tally.tried - ran} were refused, {len(needless)} only for their `format`")
        assert ran > tally.tried * 0.2, "hardly anything ran, so nothing was shown"
        for line in needless:
            name, _, text = line.partition(" ")
            schema = next(tool.input_schema for tool in tools if tool.name == name)
            problems = check_arguments(schema, json.loads(text))
            assert {problem.keyword for problem in problems} == {"format"}, line


def _is_fine(tool: Tool, text: str) -> bool:
    """Whether the other validator and our own reading of JSON would let this run."""
    try:
        pairs_seen: list[bool] = []

        def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            pairs_seen.append(len(dict(pairs)) == len(pairs))
            return dict(pairs)

        value = json.loads(text, object_pairs_hook=unique) if text.strip() else {}
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and all(pairs_seen) and is_plain(value) and fits(tool.input_schema, value)
