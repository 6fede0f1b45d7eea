"""The side preview marks the lines that are not as the author wrote them, and changes are shown word by word."""

import json

from tests.support.tool_documents import BOOKING
from workbench.core.json_text import JsonObject
from workbench.core.word_diff import Piece
from workbench.viewmodels.schema_editor.comparison import changes_between, words_changed
from workbench.viewmodels.schema_editor.preview import preview_of, wire_names

SMALL: JsonObject = {
    "name": "look",
    "title": "Look",
    "inputSchema": {"type": "object", "properties": {"at": {"type": "string", "default": "here"}}},
}


def test_marked_lines_are_the_ones_that_differ() -> None:
    shown = preview_of(SMALL, "openai-chat", strict=False)
    lines = shown.text.splitlines()
    assert {(lines[mark.line].strip(), mark.kind) for mark in shown.marks} == {
        ('"type": "function",', "added"),
        ('"function": {', "added"),
        ('"parameters": {', "renamed"),
    }
    assert shown.summary.startswith("2 added, 1 renamed, 1 not sent · ≈ ")


def test_strict_mode_marks_every_rewritten_line_and_offers_its_schema() -> None:
    shown = preview_of(SMALL, "anthropic", strict=True)
    lines = shown.text.splitlines()
    marked = {lines[mark.line].strip() for mark in shown.marks}
    assert '"additionalProperties": false' in marked
    assert [change.words for change in shown.changes if change.kind == "note"] == [
        "/: 'additionalProperties' is false now",
    ]
    assert not any(change.is_in_schema for change in shown.changes)
    assert shown.rewritten_schema == json.loads(shown.sent)["input_schema"]
    assert preview_of(SMALL, "anthropic", strict=False).rewritten_schema is None
    assert preview_of(SMALL, "mcp", strict=True).rewritten_schema is None
    closed = preview_of({**SMALL, "inputSchema": shown.rewritten_schema}, "anthropic", strict=True)
    assert closed.rewritten_schema is None


def test_what_is_no_tool_says_so_instead() -> None:
    for wire, _ in wire_names():
        shown = preview_of({"description": "no name"}, wire, strict=False)
        assert "Nothing can be sent" in shown.summary
        assert shown.text == ""


def test_mcp_is_sent_as_it_is() -> None:
    assert preview_of(BOOKING, "mcp", strict=False).summary.startswith("Sent unchanged · ≈ ")


def test_changes_read_like_changes() -> None:
    new = json.loads(json.dumps(BOOKING))
    new["description"] = "Book a table. Ask for the date first."
    new["inputSchema"]["properties"]["room"]["enum"].append("roof")
    new["inputSchema"]["properties"]["people"] = {"minimum": 1, "type": "integer", "maximum": 12}
    new["inputSchema"]["properties"]["wishes"]["items"]["maxLength"] = 50
    found = [(change.title, change.verb) for change in changes_between(BOOKING, new)]
    assert found == [
        ("description", "changed"),
        ("people › default", "removed"),
        ("people", "moved"),
        ("room › enum › 2", "added"),
        ("wishes › each item › maxLength", "changed"),
    ]
    first = changes_between(BOOKING, new)[0]
    assert words_changed(first.pieces) == "−3 words"
    assert [piece.kind for piece in first.pieces] == ["same", "removed", "same"]


def test_counted_words_are_said_shortly() -> None:
    assert words_changed(()) == ""
    assert words_changed((Piece("same", "a"), Piece("added", "b c"))) == "+2 words"
    assert words_changed((Piece("added", "b"),)) == "+1 word"
    assert words_changed((Piece("removed", "a"), Piece("added", "b"))) == "+1 −1 words"
    assert words_changed((Piece("added", " "),)) == "spacing changed"
