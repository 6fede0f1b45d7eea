"""What the model is given of a server's answer."""

import pytest

from workbench.core.errors import ToolError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.executors.mcp_result import call_result

PICTURE: JsonObject = {"type": "image", "mimeType": "image/png", "data": "iVBORw0KGgo="}


def text(*words: str) -> JsonObject:
    return {"content": [{"type": "text", "text": one} for one in words]}


@pytest.mark.parametrize(
    ("answer", "value", "output"),
    [
        (text("a", "b"), "a\nb", ""),
        ({"content": []}, "", ""),
        ({**text('{"x": 1}'), "structuredContent": {"x": 1}}, {"x": 1}, ""),
        ({**text("7"), "structuredContent": {"result": 7}}, {"result": 7}, ""),
        ({**text("It is 7."), "structuredContent": {"x": 7}}, {"x": 7}, "It is 7."),
        ({"content": [], "structuredContent": {"x": 1}}, {"x": 1}, ""),
    ],
)
def test_structured_content_comes_first_and_text_otherwise(answer: JsonObject, value: JsonValue, output: str) -> None:
    result = call_result(answer, [])
    assert (result.value, result.output, result.is_error) == (value, output, False)


def test_pictures_and_resources_are_named_and_kept_whole() -> None:
    link: JsonObject = {"type": "resource_link", "uri": "file:///a", "name": "a"}
    inside: JsonObject = {"type": "resource", "resource": {"uri": "mem://b", "text": "words"}}
    blob: JsonObject = {"type": "resource", "resource": {"uri": "mem://c", "mimeType": "x/y", "blob": "AAAA"}}
    result = call_result({"content": [PICTURE, link, inside, blob]}, ["progress 1"])
    assert isinstance(result.value, str)
    lines = result.value.splitlines()
    assert lines[0].startswith("[image image/png, 9 bytes, sha256 ")
    assert lines[1:4] == ["[resource a: file:///a]", "[resource mem://b]", "words"]
    assert lines[4].startswith("[resource mem://c, x/y, 3 bytes")
    assert result.output.splitlines()[:2] == [
        "progress 1",
        '{"type":"image","mimeType":"image/png","data":"iVBORw0KGgo="}',
    ]


def test_what_is_too_much_to_keep_is_said_to_be() -> None:
    result = call_result({"content": [{**PICTURE, "data": "A" * 5_000_000}]}, [])
    assert result.output == "[image of 5,000,049 characters was too much to keep]"


def test_an_error_is_an_error_whatever_else_comes_with_it() -> None:
    result = call_result({**text("no such file"), "isError": True, "structuredContent": {"code": 2}}, [])
    assert (result.value, result.is_error) == ("no such file", True)


def test_a_server_that_asks_back_in_the_middle_of_a_call_gets_no_answer() -> None:
    with pytest.raises(ToolError) as caught:
        call_result({"resultType": "input_required", "inputRequests": {}}, [])
    assert caught.value.kind == "mcp_input"
    asked = {"a": {"method": "elicitation/create"}, "b": {"method": "sampling/createMessage"}}
    with pytest.raises(ToolError, match=r"an answer of yours \(elicitation\) and an answer of a model") as caught:
        call_result({"resultType": "input_required", "inputRequests": asked}, [])
    assert "in the arguments" in caught.value.mend
