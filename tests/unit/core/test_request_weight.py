"""What a request's tokens go into."""

import json

import pytest

from workbench.core.json_text import JsonObject
from workbench.core.request_shape import RequestShape, ToolShape
from workbench.core.request_weight import request_weight

SHORT: JsonObject = {"type": "object", "properties": {"at": {"type": "string"}}}
LONG: JsonObject = {
    "type": "object",
    "properties": {"body": {"type": "string", "description": "What the mail says, in plain words. " * 20}},
}
CHAT: JsonObject = {
    "tools": [
        {"type": "function", "function": {"name": "look", "parameters": SHORT}},
        {"type": "function", "function": {"name": "send", "parameters": LONG}},
    ],
    "messages": [{"role": "user", "content": "Hello."}],
}
RESPONSES: JsonObject = {
    "tools": [{"type": "function", "name": "look", "parameters": SHORT}, {"name": "send", "parameters": LONG}],
    "input": [{"role": "user", "content": "Hello."}],
    "instructions": "Be brief.",
}
ANTHROPIC: JsonObject = {
    "tools": [{"name": "look", "input_schema": SHORT}, {"name": "send", "input_schema": LONG}],
    "messages": [{"role": "user", "content": "Hello."}],
    "system": "Be brief.",
}
FRAMED = RequestShape(tool=ToolShape(frame="function"))
FLAT = RequestShape("input")
NAMED = RequestShape(tool=ToolShape(parameters=("input_schema",)))


@pytest.mark.parametrize(("body", "shape"), [(CHAT, FRAMED), (RESPONSES, FLAT), (ANTHROPIC, NAMED)])
def test_tools_and_their_fields_are_found_on_every_wire_heaviest_first(body: JsonObject, shape: RequestShape) -> None:
    weight = request_weight(json.dumps(body), shape)
    assert weight is not None
    assert [share.name for share in weight.tools] == ["send", "look"]
    assert [share.name for share in weight.fields] == ["send.body", "look.at"]
    assert weight.parts[0].name == "tools"
    assert not weight.is_counted
    assert weight.total == sum(part.tokens for part in weight.parts)


def test_shares_add_up_to_what_the_provider_counted() -> None:
    weight = request_weight(json.dumps(CHAT), FRAMED, counted=1000)
    assert weight is not None
    assert weight.is_counted
    assert weight.total == 1000
    assert sum(part.tokens for part in weight.parts) == pytest.approx(1000, abs=2)


@pytest.mark.parametrize("body", ["", "[]", "not json", '{"tools": "none"}', '{"tools": [1, {"name": 5}]}', "{}"])
def test_a_body_that_is_something_else_has_no_tools(body: str) -> None:
    weight = request_weight(body, RequestShape())
    assert weight is None or not weight.tools
