"""Where a request's tokens go: its tools, their fields, its messages, its instructions.

Shares are estimates (`core.token_estimate`). Where the provider has counted the whole input, they are shares of that.
"""

from typing import Any

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict_object
from workbench.core.request_shape import RequestShape
from workbench.core.token_estimate import estimated_tokens


class WeightShare(msgspec.Struct, frozen=True):
    """About how many tokens something takes of every request that has it."""

    name: str
    tokens: int


class RequestWeight(msgspec.Struct, frozen=True):
    """`parts` of the request, its `tools` and their `fields` (`tool.field`), each heaviest first."""

    total: int
    is_counted: bool
    parts: tuple[WeightShare, ...]
    tools: tuple[WeightShare, ...]
    fields: tuple[WeightShare, ...]


def request_weight(body_json: str, shape: RequestShape, counted: int = 0) -> RequestWeight | None:
    """The weight of a request's body; None when it is not a JSON object. `shape` says where its parts are. `counted` is
    the input as the provider counted it, 0 when it did not."""
    try:
        body = parse_strict_object(body_json)
    except MalformedJson:
        return None
    estimated = {key: estimated_tokens(compact(value)) for key, value in body.items()}
    whole = sum(estimated.values())
    factor = counted / whole if counted and whole else 1.0

    def share(name: str, tokens: int) -> WeightShare:
        return WeightShare(name, round(tokens * factor))

    places = {"tools": ("tools",), "messages": (shape.messages,), "instructions": shape.instructions}
    named = {key for keys in places.values() for key in keys}
    parts = [share(name, sum(estimated.get(key, 0) for key in keys)) for name, keys in places.items()]
    parts.append(share("the rest", sum(tokens for key, tokens in estimated.items() if key not in named)))
    tools, fields = _tools(body, shape)
    return RequestWeight(
        round(whole * factor),
        bool(counted),
        _heaviest(part for part in parts if part.tokens),
        _heaviest(share(name, estimated_tokens(compact(tool))) for name, tool in tools),
        _heaviest(share(name, estimated_tokens(text)) for name, text in fields),
    )


def _tools(body: JsonObject, shape: RequestShape) -> tuple[list[tuple[str, JsonValue]], list[tuple[str, str]]]:
    tools: list[tuple[str, JsonValue]] = []
    fields: list[tuple[str, str]] = []
    for definition in shape.definitions(body):
        described = shape.tool.body(definition)
        name = described.get("name")
        if not isinstance(name, str):
            continue
        tools.append((name, definition))
        schema = described.get(shape.tool.parameters_key(described))
        properties = schema.get("properties") if isinstance(schema, dict) else None
        for field, own in properties.items() if isinstance(properties, dict) else ():
            fields.append((f"{name}.{field}", compact({field: own})))
    return tools, fields


def _heaviest(shares: Any) -> tuple[WeightShare, ...]:
    return tuple(sorted(shares, key=lambda share: -share.tokens))
