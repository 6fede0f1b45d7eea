"""The selector `simulated-search`: a tool of the workbench's own that searches the tools which are not shown, as the
vendors' tool search does, on any wire. What it finds is offered from the next round on."""

import json
from collections.abc import Iterable

from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.routing.ranking import Ranked, Ranking, shortened
from workbench.core.routing.words import WordIndex
from workbench.core.tool import Tool, Toolset

SEARCH_TOOL = Tool.make(
    "search_tools",
    "Search the tools that are not shown to you yet. Call it when none of the shown ones fits the request; what is "
    "found can be called next.",
    {
        "type": "object",
        "properties": {"query": {"type": "string", "description": "What the tool should do, in a few words"}},
        "required": ["query"],
    },
    title="Search tools (simulated)",
    annotations={"readOnlyHint": True, "openWorldHint": False},
)


def search_result(tools: Toolset, query: str, most: int, max_chars: int) -> JsonObject:
    """The best tools for the query, as the tool returns them, with descriptions so short that no more is cut off."""
    others = Toolset([tool for tool in tools if tool != SEARCH_TOOL])
    found = [tool for each in WordIndex(others).rank(query)[:most] if (tool := others.named(each.tool)) is not None]
    longest = max((len(tool.description) for tool in found), default=0)
    while True:
        listed: list[JsonValue] = [
            {"name": tool.name, "description": shortened(tool.description, longest)} for tool in found
        ]
        if not found or len(compact({"found": listed})) <= max_chars:
            return {"found": listed}
        if longest > 1:
            longest //= 2
        else:
            found.pop()


def found_in(results: Iterable[str], tools: Toolset) -> tuple[str, ...]:
    """The tools that searches found, newest first. Whatever is no such result is passed over."""
    found: list[str] = []
    for text in results:
        try:
            listed = json.loads(text)["found"]
            found[:0] = [str(each["name"]) for each in listed]
        except (ValueError, TypeError, KeyError):
            continue
    return tuple(name for name in dict.fromkeys(found) if tools.named(name) is not None)


def ranked_by_search(found: Iterable[str]) -> Ranking:
    """What was found, newest first."""
    return tuple(
        Ranked(name, max(0.1, 1 - place / 100), "found by the simulated search") for place, name in enumerate(found)
    )
