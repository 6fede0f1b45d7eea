"""What each part of a tool weighs: the tool less the tool without it."""

from tests.support.tool_documents import BOOKING
from workbench.core.json_text import JsonObject, compact
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool
from workbench.core.tool_weight import parts_of, sent_part, weigh

UNIT: JsonObject = {"type": "string", "enum": ["celsius", "fahrenheit", "kelvin"]}
NESTED: JsonObject = {"type": "object", "properties": {"x/y": UNIT, "b": {}}, "required": ["x/y", "b"]}
TOOL = Tool.make("t", "It.", {"type": "object", "properties": {"unit": UNIT, "in": NESTED}, "required": ["unit"]})


def test_each_part_weighs_what_the_tool_weighs_less_without_it() -> None:
    whole, *parts = weigh(TOOL)
    assert whole.tokens == estimated_tokens(compact(sent_part(TOOL)))
    without = {place: tool for _, place, tool in parts_of(TOOL)}
    for part in parts:
        rest = estimated_tokens(compact(sent_part(without[part.place])))
        assert part.tokens == whole.tokens - rest
    assert [part.tokens for part in parts] == sorted((part.tokens for part in parts), reverse=True)


def test_a_field_that_is_left_out_is_not_required_either() -> None:
    without = {place: tool.input_schema for _, place, tool in parts_of(TOOL)}
    assert without["/inputSchema/properties/unit"]["required"] == []
    inner = without["/inputSchema/properties/in/properties/x~1y"]["properties"]["in"]
    assert inner == {"type": "object", "properties": {"b": {}}, "required": ["b"]}
    assert without["/inputSchema/properties/unit/enum"]["properties"]["unit"] == {"type": "string"}
    assert TOOL.input_schema["required"] == ["unit"]


def test_parts_are_named_for_people_and_estimates_say_so() -> None:
    words = {part.place: part.words for part in weigh(TOOL)}
    assert words["/inputSchema/properties/unit/enum"] == "enum of unit"
    assert words["/inputSchema/properties/in/properties/x~1y"] == "in.x/y"
    assert all(part.tokens_text.startswith("≈ ") for part in weigh(Tool(BOOKING)))
