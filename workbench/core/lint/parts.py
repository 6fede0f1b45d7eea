"""The parts of a tool's document that rules look at. Nothing here expects the document to be legal."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.core.subschemas import all_schemas

_MAX_NODES = 5_000
_MAX_TEXTS = 20_000


class ToolParameter(msgspec.Struct, frozen=True):
    """One property of the input schema or of an object inside it."""

    path: str
    name: str
    node: JsonObject
    is_required: bool

    @property
    def description(self) -> str:
        """Its description, empty where there is none."""
        return text_at(self.node, "description")

    @property
    def is_free_text(self) -> bool:
        """Whether any string would do."""
        return self.node.get("type") == "string" and not self.node.keys() & {"enum", "const", "format", "pattern"}


def text_at(holder: JsonObject, key: str) -> str:
    """The text under a key, empty where there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def schema_nodes(schema: JsonObject, path: str) -> Iterator[tuple[str, JsonObject]]:
    """Every schema inside a schema, with its pointer; no more than anybody will look through."""
    return islice(all_schemas(schema, path), _MAX_NODES)


def parameters(document: JsonObject) -> Iterator[ToolParameter]:
    """The parameters of a tool, those nearer to the top first."""
    schema = document.get("inputSchema")
    for place, node in schema_nodes(schema, "/inputSchema") if isinstance(schema, dict) else ():
        properties, required = node.get("properties"), node.get("required")
        for name, inner in properties.items() if isinstance(properties, dict) else ():
            if isinstance(inner, dict):
                is_required = isinstance(required, list) and name in required
                yield ToolParameter(place + pointer(["properties", name]), name, inner, is_required)


def descriptions(document: JsonObject) -> Iterator[tuple[str, str]]:
    """The tool's description and those inside its schemas, each with its pointer."""
    if text := text_at(document, "description"):
        yield "/description", text
    for key in ("inputSchema", "outputSchema"):
        schema = document.get(key)
        for place, node in schema_nodes(schema, f"/{key}") if isinstance(schema, dict) else ():
            if text := text_at(node, "description"):
                yield f"{place}/description", text


def all_texts(document: JsonObject) -> Iterator[tuple[str, str, bool]]:
    """Every string of the document with its pointer, and whether it is a key."""
    return islice(_texts(document), _MAX_TEXTS)


def _texts(document: JsonObject) -> Iterator[tuple[str, str, bool]]:
    waiting: list[tuple[str, JsonValue]] = [("", document)]
    for path, value in waiting:
        if isinstance(value, str):
            yield path, value, False
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield path + pointer([key]), key, True
                waiting.append((path + pointer([key]), inner))
        elif isinstance(value, list):
            waiting += [(f"{path}/{number}", inner) for number, inner in enumerate(value)]
