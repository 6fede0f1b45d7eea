"""What the model is given of a server's answer."""

import base64
import struct
from typing import Any

import pytest

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import Attachment
from workbench.executors.mcp_result import call_result

PICTURE: JsonObject = {"type": "image", "mimeType": "image/png", "data": "iVBORw0KGgo="}


def text(*words: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": one} for one in words]}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (text("a", "b"), "a\nb"),
        ({"content": []}, ""),
        ({}, ""),
        ({"content": None}, ""),
        ({"content": "bare"}, "bare"),
        ({"content": {"type": "text", "text": "one"}}, "one"),
        ({"content": ["bare", {"type": "text", "text": "one"}, 7]}, "bare\none"),
        ({"content": [], "structuredContent": {"x": 1}}, {"x": 1}),
        ({"structuredContent": {"x": 1}}, {"x": 1}),
        ({"content": [], "structuredContent": {}}, {}),
        ({"content": [{"type": "text", "text": None}, {"type": "text", "text": 7}]}, "\n7"),
        ({"content": [{"type": "text", "text": {"a": True}}]}, '{"a":true}'),
        ({"toolResult": {"a": 1}, "_meta": {"x": 1}}, {"toolResult": {"a": 1}}),
        ({"_meta": {"x": 1}, "isError": False}, ""),
    ],
)
def test_what_comes_alone_is_the_result(answer: JsonObject, value: JsonValue) -> None:
    assert call_result(answer, []).value == value


@pytest.mark.parametrize(
    ("answer", "structured"),
    [
        (text('{"x": 1}'), {"x": 1}),
        (text('{\n  "y": "é",\n  "x": 1\n}'), {"x": 1, "y": "é"}),
        (text("7"), {"result": 7}),
        (text("seven"), {"result": "seven"}),
        (text(" seven "), {"message": "seven", "count": 7}),
        (text("a", "b"), {"result": ["a", "b"]}),
        (text('{"x": 1}', '{"x": 2}'), {"rows": [{"x": 1}, {"x": 2}]}),
        (text('{"x": 1}', '{"x": 2}'), [{"x": 1}, {"x": 2}]),
        (text("a\nb"), {"out": "a\nb"}),
        (text("", "  "), {"x": 1}),
        (text("9007199254740993"), {"result": 9007199254740993}),
    ],
)
def test_text_that_only_repeats_the_structured_content_is_not_said_twice(
    answer: JsonObject, structured: JsonValue
) -> None:
    assert call_result({**answer, "structuredContent": structured}, []).value == structured


@pytest.mark.parametrize(
    ("answer", "structured", "value"),
    [
        (text("It is 7."), {"x": 7}, 'It is 7.\n{"x":7}'),
        (text("1"), {"result": True}, '1\n{"result":true}'),
        (text("Row 1: a\nRow 2: b"), {"count": 2}, 'Row 1: a\nRow 2: b\n{"count":2}'),
        (text('{"x": 1, "y": 2}'), {"x": 1}, '{"x": 1, "y": 2}\n{"x":1}'),
        (text("a", "more"), {"result": ["a"]}, 'a\nmore\n{"result":["a"]}'),
        (text("[" * 100_000), {"x": 1}, "[" * 100_000 + '\n{"x":1}'),
    ],
)
def test_structured_content_hides_no_text_that_says_something_else(
    answer: JsonObject, structured: JsonValue, value: str
) -> None:
    assert call_result({**answer, "structuredContent": structured}, []).value == value


@pytest.mark.parametrize("empty", [{}, [], "", None])
def test_empty_structured_content_never_wins(empty: JsonValue) -> None:
    assert call_result({**text("The answer is 42"), "structuredContent": empty}, []).value == "The answer is 42"
    shown = call_result({"content": [PICTURE], "structuredContent": empty}, []).value
    assert str(shown).startswith("[image image/png")


def test_structured_content_hides_no_picture() -> None:
    answer: JsonObject = {"content": [*text('{"x": 1}')["content"], PICTURE], "structuredContent": {"x": 1}}
    result = call_result(answer, [])
    first, second = str(result.value).splitlines()
    assert first == '{"x":1}'
    assert second.startswith("[image image/png, 9 bytes")
    assert [one.data for one in result.attachments] == ["iVBORw0KGgo="]


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({**text("no such file"), "structuredContent": {"code": 2}}, 'no such file\n{"code":2}'),
        ({"content": [], "structuredContent": {"error": "disk full"}}, {"error": "disk full"}),
        ({"structuredContent": {"error": "disk full"}}, {"error": "disk full"}),
        ({**text("disk full"), "structuredContent": {"error": "disk full"}}, {"error": "disk full"}),
        ({**text("disk full"), "structuredContent": {}}, "disk full"),
    ],
)
def test_an_error_tells_all_that_the_server_says(answer: JsonObject, value: JsonValue) -> None:
    result = call_result({**answer, "isError": True}, [])
    assert (result.value, result.is_error) == (value, True)


@pytest.mark.parametrize(
    ("said", "is_error"),
    [(True, True), (1, True), ("true", True), (False, False), (0, False), (None, False), ("", False)],
)
def test_an_error_is_one_however_it_is_marked(said: JsonValue, is_error: bool) -> None:
    assert call_result({**text("a"), "isError": said}, []).is_error is is_error


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
    assert result.output.splitlines() == [
        "progress 1",
        '{"type":"resource_link","uri":"file:///a","name":"a"}',
    ]
    assert result.attachments == (
        Attachment("image/png", "iVBORw0KGgo="),
        Attachment("text/plain", base64.b64encode(b"words").decode(), "mem://b", is_text=True),
        Attachment("x/y", "AAAA", "mem://c"),
    )


def test_what_is_too_much_to_keep_is_said_to_be() -> None:
    result = call_result({"content": [{**PICTURE, "data": "A" * 5_000_000}]}, [])
    assert result.output == "[image of 5,000,049 characters was too long to keep]"


def test_attachments_are_bounded_and_a_picture_is_what_its_bytes_are() -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)).decode()
    (one,) = call_result({"content": [{**PICTURE, "mimeType": "image/gif", "data": png}]}, []).attachments
    assert (one.mime_type, one.width, one.height, one.size, one.is_picture) == ("image/png", 640, 480, 24, True)
    sound: JsonObject = {"type": "audio", "mimeType": "audio/wav", "data": "AAAA"}
    assert len(call_result({"content": [sound] * 30}, []).attachments) == 20
    large: JsonObject = {**sound, "data": "A" * 3_000_000}
    result = call_result({"content": [large, large]}, [])
    assert len(result.attachments) == 1
    assert "audio" in result.output


def test_pictures_find_room_before_texts_and_all_keep_their_order() -> None:
    text: JsonObject = {"type": "resource", "resource": {"uri": "mem://a", "text": "words"}}
    kinds = [one.mime_type for one in call_result({"content": [*[text] * 30, PICTURE]}, []).attachments]
    assert kinds == ["text/plain"] * 19 + ["image/png"]
    long: JsonObject = {"type": "resource", "resource": {"uri": "mem://a", "text": "w" * 2_999_999}}
    assert [one.mime_type for one in call_result({"content": [long, PICTURE]}, []).attachments] == ["image/png"]


def test_pictures_are_named_by_what_they_are() -> None:
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 2**31, 2**31)
    for data, said, words in (
        (png, "image/png", "640 × 480 pixels]"),
        (png, "image/jpeg", "640 × 480 pixels, really image/png]"),
        (bomb, "image/png", "not to be shown: it would take"),
        (b"text", "image/png", "broken: it is not a PNG"),
    ):
        encoded = base64.b64encode(data).decode()
        lines = "\n".join(encoded[at : at + 10] for at in range(0, len(encoded), 10))
        for each in (encoded, encoded.rstrip("="), f"data:image/gif;base64,{encoded}", lines):
            assert words in str(call_result({"content": [{**PICTURE, "mimeType": said, "data": each}]}, []).value)
    assert "its data is not base64" in str(call_result({"content": [{**PICTURE, "data": "§"}]}, []).value)


def test_a_photograph_with_large_profiles_before_its_size_is_a_picture() -> None:
    profile = b"\xff\xe2" + struct.pack(">H", 65_535) + bytes(65_533)
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 480, 640) + b"\x01"
    encoded = base64.b64encode(b"\xff\xd8" + profile * 4 + frame + bytes(9)).decode()
    answer = {"content": [{**PICTURE, "mimeType": "image/jpeg", "data": encoded}]}
    assert "640 × 480 pixels]" in str(call_result(answer, []).value)


def test_a_huge_picture_costs_no_more_than_its_first_bytes() -> None:
    result = call_result({"content": [{**PICTURE, "data": "iVBORw0KGgo" + "A" * 20_000_000}]}, [])
    assert "broken" in str(result.value)
    assert len(result.output) < 200
