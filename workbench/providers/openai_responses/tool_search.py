"""The vendor's search among deferred tools: how it is asked for, and what an answer says about it."""

import re
from collections.abc import Iterator, Sequence

from workbench.core.exchange import ToolSearch
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.providers.door import object_of, objects_of, text_of

SEARCH_TOOL: JsonObject = {"type": "tool_search"}
_SEARCHES = re.compile(r"(?:^|[./])gpt-(?:5\.(?:[4-9]|\d{2,})|[6-9]|\d{2,})(?:[.-]|$)")


def searches_tools(model: str) -> bool:
    """Whether the model knows it: gpt-5.4 and later."""
    return _SEARCHES.search(model) is not None


def searches_of(items: Sequence[JsonObject]) -> tuple[ToolSearch, ...]:
    """Each search with what came back; an output without a search counts as one."""
    found: list[ToolSearch] = []
    is_open = False
    for item in items:
        kind = item.get("type")
        if kind == "tool_search_call":
            found.append(ToolSearch(_query(item.get("arguments"))))
            is_open = True
        elif kind == "tool_search_output":
            status = text_of(item.get("status"))
            query = found.pop().query if is_open else ""
            error = "" if status in ("", "completed") else status
            found.append(ToolSearch(query, tuple(_names(item.get("tools"))), error))
            is_open = False
    return tuple(found)


def _query(arguments: JsonValue) -> str:
    if isinstance(arguments, str):
        return arguments
    texts = [value for value in object_of(arguments).values() if isinstance(value, str)]
    return texts[0] if len(texts) == 1 and len(object_of(arguments)) == 1 else compact(arguments)


def _names(tools: JsonValue) -> Iterator[str]:
    """The functions, those of namespaces included."""
    for tool in objects_of(tools):
        if isinstance(tool.get("tools"), list):
            yield from _names(tool["tools"])
        elif name := text_of(tool.get("name")):
            yield name
