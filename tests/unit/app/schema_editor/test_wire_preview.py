"""The preview is what is sent, and says everything that is not as the author wrote it."""

import json

import pytest

from tests.support.tool_documents import BOOKING
from workbench.app.models.wires import TOOL_FORMATS
from workbench.app.schema_editor.wire_preview import WireChange, strict_notes, wire_preview
from workbench.core.exchange import ModelRequest
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset

TOOL = Tool(BOOKING)


def said(wire, *, strict: bool = False) -> list[tuple[str, str | None]]:
    return [(change.kind, change.path) for change in wire_preview(TOOL, wire, strict=strict).changes]


def test_the_preview_is_the_tool_of_a_real_request() -> None:
    from workbench.providers.anthropic.encode import encode as encode_for_anthropic
    from workbench.providers.openai_chat.encode import encode as encode_for_chat
    from workbench.providers.openai_responses.encode import encode as encode_for_responses

    request = ModelRequest(model="m", messages=(UserMessage("hi"),), tools=Toolset([TOOL]))
    for wire, encode in (
        ("openai-chat", encode_for_chat),
        ("openai-responses", encode_for_responses),
        ("anthropic", encode_for_anthropic),
    ):
        assert wire_preview(TOOL, wire).sent in encode(request).body_json


def test_mcp_gets_the_document_itself() -> None:
    shown = wire_preview(TOOL, "mcp", strict=True)
    assert json.loads(shown.text) == json.loads(shown.sent) == BOOKING
    assert shown.changes == ()


def test_what_is_renamed_added_and_not_sent_is_said() -> None:
    assert said("anthropic") == [
        ("renamed", "/input_schema"),
        ("dropped", None),
        ("dropped", None),
        ("dropped", None),
    ]
    assert [change.words for change in wire_preview(TOOL, "anthropic").changes[1:]] == [
        '"title" is not sent',
        '"annotations" is not sent',
        '"_meta", unknown to the workbench, is not sent',
    ]
    assert ("added", "/type") in said("openai-chat")
    assert ("renamed", "/function/parameters") in said("openai-chat")


def test_every_rewriting_of_strict_mode_has_its_place() -> None:
    shown = wire_preview(TOOL, "openai-chat", strict=True)
    left_out = WireChange("dropped", '"default" is left out at /properties/people', is_in_schema=True)
    assert left_out in shown.changes
    assert ("added", "/function/parameters/additionalProperties") in said("openai-chat", strict=True)
    assert ("rewritten", "/function/parameters/properties/people/type") in said("openai-chat", strict=True) or (
        "people" in BOOKING["inputSchema"]["required"]  # type: ignore[index,call-overload]
    )
    assert any(change.kind == "note" and "patternProperties" in change.words for change in shown.changes)
    assert any("minLength" in words for _, words in strict_notes(TOOL, "anthropic"))


@pytest.mark.parametrize("wire", [wire for wire, _ in TOOL_FORMATS])
def test_a_tool_with_nothing_but_a_name_can_be_shown(wire) -> None:
    bare = Tool({"name": "bare"})
    for strict in (False, True):
        shown = wire_preview(bare, wire, strict=strict)
        assert json.loads(shown.sent) == shown.document == json.loads(shown.text)
