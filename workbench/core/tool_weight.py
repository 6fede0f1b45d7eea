"""How many tokens each part of a tool adds to a request: what the tool takes, less what it takes without the part."""

from collections.abc import Iterator, Sequence
from typing import Literal, assert_never

import msgspec

from workbench.core.json_place import steps
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.lint.parts import parameters, schema_nodes
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool

PartKind = Literal["tool", "description", "field", "enum"]
MOST_PARTS = 400


class PartWeight(msgspec.Struct, frozen=True):
    """A part at a pointer into the tool's document; the whole tool has the empty one. `tokens` are added to every
    request that offers the tool: an estimate, unless a vendor counted them. Parts lie in each other, so they do not
    add up."""

    tool: str
    place: str
    kind: PartKind
    tokens: int
    is_counted: bool = False

    @property
    def tokens_text(self) -> str:
        """`≈ 214`, or `214` where a vendor counted."""
        return f"{self.tokens:,}" if self.is_counted else f"≈ {self.tokens:,}"

    @property
    def words(self) -> str:
        """The part, for people: `enum of unit`."""
        names = [step for step in steps(self.place) if step not in ("inputSchema", "properties", "enum", "items")]
        match self.kind:
            case "tool":
                return "the whole tool"
            case "description":
                return "description"
            case "enum":
                return f"enum of {'.'.join(names) or 'the parameters'}"
            case "field":
                return ".".join(names)
            case _:
                assert_never(self.kind)


def sent_part(tool: Tool) -> JsonObject:
    """What every vendor is sent of a tool."""
    return {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}


def parts_of(tool: Tool) -> Iterator[tuple[PartKind, str, Tool]]:
    """The parts that can be left out, each with the tool without it; no more than `MOST_PARTS`."""
    document = sent_part(tool)
    places: list[tuple[PartKind, str]] = [("description", "/description")] if tool.description else []
    places += [("field", found.path) for found in parameters(document)]
    places += [("enum", f"{at}/enum") for at, node in schema_nodes(tool.input_schema, "/inputSchema") if "enum" in node]
    for kind, place in places[:MOST_PARTS]:
        without = _without(document, list(steps(place)))
        if isinstance(without, dict):
            yield kind, place, Tool(without)


def weigh(tool: Tool) -> tuple[PartWeight, ...]:
    """Estimates: the whole tool first, then its parts, the heaviest first."""
    whole = _estimated(tool)
    parts = [
        PartWeight(tool.name, place, kind, max(0, whole - _estimated(without)))
        for kind, place, without in parts_of(tool)
    ]
    return PartWeight(tool.name, "", "tool", whole), *sorted(parts, key=lambda part: -part.tokens)


def _estimated(tool: Tool) -> int:
    return estimated_tokens(compact(sent_part(tool)))


def _without(node: JsonValue, path: Sequence[str]) -> JsonValue:
    """Without what is at the path; a field that is gone is not required either."""
    first, *rest = path
    if isinstance(node, list):
        return [_without(inner, rest) if str(place) == first and rest else inner for place, inner in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if not rest:
        return {key: inner for key, inner in node.items() if key != first}
    made = {**node, first: _without(node[first], rest)}
    required = node.get("required")
    if first == "properties" and len(rest) == 1 and isinstance(required, list):
        made["required"] = [name for name in required if name != rest[0]]
    return made
