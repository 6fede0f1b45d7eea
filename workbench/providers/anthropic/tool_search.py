"""The vendor's search among deferred tools: how it is asked for, and what an answer says about it."""

import re
from collections.abc import Sequence

import msgspec

from workbench.core.exchange import ToolSearch
from workbench.core.json_text import JsonObject, compact
from workbench.providers.door import object_of, objects_of, text_of

SEARCH_TOOL: JsonObject = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
_TOO_OLD = re.compile(r"claude-(?:instant|[0-3](?:\D|$))")


def searches_tools(model: str) -> bool:
    """Whether the model knows it: the fourth generation and later."""
    return _TOO_OLD.search(model) is None


def searches_of(blocks: Sequence[tuple[JsonObject, str]]) -> tuple[ToolSearch, ...]:
    """Each search with what came back, from the blocks and the text of their input."""
    results = {text_of(block.get("tool_use_id")): block for block, _ in blocks if _is_result(block)}
    return tuple(
        _search(input_json, object_of(results.get(text_of(block.get("id")), {}).get("content")))
        for block, input_json in blocks
        if block.get("type") == "server_tool_use" and text_of(block.get("name")).startswith("tool_search_tool")
    )


def _is_result(block: JsonObject) -> bool:
    return block.get("type") == "tool_search_tool_result"


def _search(input_json: str, content: JsonObject) -> ToolSearch:
    names = (text_of(each.get("tool_name")) for each in objects_of(content.get("tool_references")))
    return ToolSearch(_query(input_json), tuple(filter(None, names)), text_of(content.get("error_code")))


def _query(input_json: str) -> str:
    """What was looked for: the words of `bm25`, the pattern of `regex`."""
    try:
        given = object_of(msgspec.json.decode(input_json))
    except (msgspec.DecodeError, ValueError):
        return input_json
    return text_of(given.get("query")) or text_of(given.get("pattern")) or compact(given)
