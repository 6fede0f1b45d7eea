"""Cases made backwards: arguments fit the schema, requests say them, and nothing is given away."""

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.argument_mistake import argument_mistakes
from workbench.core.choice import ChosenCall
from workbench.core.json_text import JsonObject
from workbench.core.suite.invention import Invention, inventions, leaks, plain_request
from workbench.core.tool import Tool

PROPERTIES: dict[str, JsonObject] = {
    "order_id": {"type": "string"},
    "city": {"type": "string", "enum": ["Tokyo", "Lisbon"]},
    "amount": {"type": "integer", "minimum": 3, "maximum": 4},
    "is_gift": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    "to": {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]},
}


@given(st.sets(st.sampled_from(sorted(PROPERTIES))), st.integers(1, 8), st.data())
def test_invented_arguments_fit_their_schema_and_differ(names: set[str], count: int, data: st.DataObject) -> None:
    required = data.draw(st.sets(st.sampled_from(sorted(names)))) if names else set()
    schema: JsonObject = {
        "type": "object",
        "properties": {name: PROPERTIES[name] for name in sorted(names)},
        "required": sorted(required),
    }
    tool = Tool.make("send_gift", "Secret words.", schema)
    made = inventions(tool, count, {})
    assert 1 <= len(made) <= count
    texts = [json.dumps(each.arguments) for each in made]
    assert len(set(texts)) == len(texts)
    for each in made:
        assert argument_mistakes(ChosenCall(tool.name, json.dumps(each.arguments)), tool) == ()
        request, _ = plain_request(each)
        assert not leaks(request, tool.name, each.arguments)
        assert "Secret" not in request


def test_values_that_are_given_come_first_and_what_cannot_be_filled_says_so() -> None:
    tool = Tool.make("find", input_schema={"type": "object", "properties": {"order_id": {"type": "string"}}})
    assert {each.arguments.get("order_id") for each in inventions(tool, 3, {"order_id": ["X-1", "X-2"]})} >= {"X-1"}
    strange: JsonObject = {"type": "object", "properties": {"at": {"pattern": "^zz$"}}, "required": ["at"]}
    (none,) = inventions(Tool.make("odd", input_schema=strange), 2, {})
    assert "entities" in none.problem


def test_a_name_in_a_request_gives_it_away() -> None:
    assert leaks("please track_order A-1", "track_order", {})
    assert leaks("Track order A-1", "track_order", {})
    assert leaks("my order_id is A-1", "look", {"order_id": "A-1"})
    assert not leaks("Where is A-1?", "track_order", {"order_id": "A-1"})
    assert plain_request(Invention("track_order", 1, {"order_id": "A-1"}))[0].startswith("Please track the order.")
