"""Pictures that tools returned: sent where a wire carries them in results, named where it does not, and read back."""

import base64
import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS
from tests.contract.invented import request
from workbench.core.content import ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.failure_advice import advice_for
from workbench.core.ids import CallId
from workbench.core.message import AssistantMessage, Attachment, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.picture_header import attachment_of
from workbench.providers.logged import LoggedResult
from workbench.providers.registry import WIRES

PNG = Attachment("image/png", "iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg", width=640, height=480)
SOUND = Attachment("audio/wav", "AAAA", "a.wav")
HUGE = Attachment("image/png", PNG.data, width=9_000, height=10)
CARRIES = {
    "anthropic_messages": ("claude", {"type": "base64", "media_type": "image/png", "data": PNG.data}),
    "openai_responses": ("gpt-5", f"data:image/png;base64,{PNG.data}"),
    "gemini": ("gemini-3-pro", {"mimeType": "image/png", "data": PNG.data}),
}
NOT_SHOWN = {"openai_chat": "gpt-5", "gemini": "gemini-2.5-pro"}


def asked(model: str, *attachments: Attachment, text: str = "seen", **more: Any) -> Any:
    result = ToolResult(CallId("r.1.1.1"), "call_a", "get_time", text, attachments=attachments)
    messages = (
        UserMessage("Look."),
        AssistantMessage((ToolCallPart("call_a", "get_time", "{}"),)),
        ToolResultsMessage((result,)),
    )
    return request(model, messages=messages, **more)


def body(wire: str, model: str, *attachments: Attachment, **more: Any) -> str:
    return FORMATS[wire].encode(asked(model, *attachments, **more)).body_json


def test_both_tables_together_name_every_wire() -> None:
    assert {*CARRIES, *NOT_SHOWN} >= set(FORMATS)


@pytest.mark.parametrize("wire", CARRIES)
def test_a_picture_is_sent_in_the_result_and_what_is_left_out_is_counted(wire: str) -> None:
    model, shown = CARRIES[wire]
    sent = body(wire, model, PNG, SOUND, HUGE)
    assert json.dumps(shown, separators=(",", ":")) in sent
    assert sent.count(PNG.data) == 1
    assert "seen\\n[Not shown to you: 2 of 3 attachments]" in sent
    assert "seen\\n[Not shown to you: 2 attachments]" in body(wire, model, SOUND, HUGE)
    assert "Not shown" not in body(wire, model, PNG)


@pytest.mark.parametrize("wire", CARRIES)
@pytest.mark.parametrize(("data", "most"), [(PNG.data, 20), ("A" * 4_000_000, 3)], ids=["by count", "by size"])
def test_only_the_newest_pictures_go_along_so_that_no_conversation_is_stuck(wire: str, data: str, most: int) -> None:
    model, _ = CARRIES[wire]
    messages: list[Any] = [UserMessage("Look.")]
    for number in range(30):
        picture = Attachment("image/png", data, width=number + 1, height=1)
        result = ToolResult(
            CallId(f"r.{number}"), f"call_{number}", "get_time", f"seen {number}", attachments=(picture,)
        )
        messages += [
            AssistantMessage((ToolCallPart(f"call_{number}", "get_time", "{}"),)),
            ToolResultsMessage((result,)),
        ]
    sent = FORMATS[wire].encode(request(model, messages=tuple(messages))).body_json
    assert sent.count(data) == most
    assert sent.count("Not shown to you") == 30 - most
    assert sent.rindex("Not shown to you") < sent.index(data)


def test_a_model_that_reads_only_words_is_sent_no_picture() -> None:
    assert PNG.data not in body("openai_responses", "o3-mini", PNG)


def test_a_refusal_of_pictures_says_how_to_send_none() -> None:
    refused = ProviderFailure("This model does not support image_url content.", kind="invalid_request", status=400)
    assert "pictures = false" in advice_for(refused)
    assert "pictures" not in advice_for(ProviderFailure("No such field.", kind="invalid_request", status=400))
    assert "pictures = false" in advice_for(ProviderFailure("", kind="invalid_request", status=413))


def test_a_text_that_is_in_the_result_as_well_is_not_called_left_out() -> None:
    text = Attachment("text/plain", "c2Vlbg==", "mem://a", is_text=True)
    assert "Not shown" not in body("openai_chat", "gpt-5", text)


@pytest.mark.parametrize("wire", CARRIES)
def test_a_result_without_pictures_is_sent_as_ever(wire: str) -> None:
    model, _ = CARRIES[wire]
    assert body(wire, model) == body(wire, model, sends_pictures=False)
    off = body(wire, model, PNG, sends_pictures=False)
    assert PNG.data not in off
    assert "[Not shown to you: 1 attachment]" in off


@pytest.mark.parametrize(("wire", "model"), NOT_SHOWN.items())
def test_where_a_wire_carries_no_pictures_the_result_says_that_they_are_not_shown(wire: str, model: str) -> None:
    sent = body(wire, model, PNG)
    assert "[Not shown to you: 1 attachment]" in sent
    assert PNG.data not in sent


@pytest.mark.parametrize("wire", CARRIES)
def test_a_picture_in_a_logged_request_is_read_back(wire: str) -> None:
    model, _ = CARRIES[wire]
    code = next(each for each in WIRES if each.wire_format == wire).load(True)
    logged = code.logged.read(json.loads(body(wire, model, PNG)))
    (result,) = [entry for entry in logged.entries if isinstance(entry, LoggedResult)]
    assert (result.text, result.attachments, logged.lost) == ("seen", (PNG,), ())


def test_a_source_in_words_is_no_picture() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "seen"}
    logged = json.loads(body("anthropic_messages", "claude", PNG))
    (result,) = logged["messages"][-1]["content"]
    result["content"][-1]["source"] = source
    code = next(each for each in WIRES if each.wire_format == "anthropic_messages").load(True)
    (found,) = [entry for entry in code.logged.read(logged).entries if isinstance(entry, LoggedResult)]
    assert found.attachments == ()


def test_pictures_of_an_error_are_left_out_where_the_vendor_refuses_them() -> None:
    result = ToolResult(CallId("r.1.1.1"), "call_a", "get_time", "no", is_error=True, attachments=(PNG,))
    messages = (AssistantMessage((ToolCallPart("call_a", "get_time", "{}"),)), ToolResultsMessage((result,)))
    sent = FORMATS["anthropic_messages"].encode(request("claude", messages=messages)).body_json
    assert PNG.data not in sent
    assert "[Not shown to you: 1 attachment]" in sent


@pytest.mark.parametrize("wire", ["anthropic_messages", "openai_responses"])
def test_no_empty_text_stands_beside_a_picture(wire: str) -> None:
    model, _ = CARRIES[wire]
    assert '"text":""' not in FORMATS[wire].encode(asked(model, PNG, text="")).body_json


def test_base64_is_read_however_it_is_written() -> None:
    content = bytes(range(200, 256)) * 3
    plain = base64.b64encode(content).decode()
    for written in (
        plain,
        base64.encodebytes(content).decode(),
        base64.urlsafe_b64encode(content).decode().rstrip("="),
    ):
        made = attachment_of(written, "x/y")
        assert made is not None
        assert made.data == plain
