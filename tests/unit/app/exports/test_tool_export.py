"""Tools as documents for others, and the ledger of what those do not say."""

import json
from pathlib import Path

import pytest

from tests.support.tool_documents import BOOKING, real_tools
from workbench.app.exports.export_files import write_exports
from workbench.app.exports.tool_export import EXPORT_FORMATS, ending_of, export_each, export_tools
from workbench.app.imports.tool_import import found_in
from workbench.core.errors import StoreError
from workbench.core.export_ledger import LedgerEntry, ledger_words
from workbench.core.json_text import JsonObject
from workbench.core.schema import check_schema
from workbench.core.tool import Tool

TOOL = Tool(BOOKING)
NAMES = [name for name, _ in EXPORT_FORMATS if ending_of(name) == "json"]


def one(parameter: JsonObject) -> JsonObject:
    return {"type": "object", "properties": {"p": parameter}, "required": ["p"], "additionalProperties": False}


def said(ledger: tuple[LedgerEntry, ...]) -> list[str]:
    return [f"{entry.kind}: {entry}" for entry in ledger]


def test_what_a_vendor_has_no_place_for_is_in_the_ledger() -> None:
    tool = Tool({"name": "t", "title": "", "description": "It.", "inputSchema": one({}), "annotations": {"a": True}})
    assert said(export_tools([tool], "anthropic").ledger) == [
        'left out: t: /annotations: "annotations" is left out (Anthropic has no place for it)'
    ]
    assert export_tools([tool], "mcp").ledger == ()


def test_strict_rewriting_is_in_the_ledger_with_its_place_and_its_ground() -> None:
    choice: JsonObject = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    tool = Tool.make("t", "It.", one(choice))
    (entry,) = export_tools([tool], "openai-chat", strict=True).ledger
    assert entry == LedgerEntry("t", "/inputSchema/properties/p", "rewritten", "'oneOf' became 'anyOf'", entry.why)
    assert entry.why == "'oneOf' must be 'anyOf'"
    assert export_tools([tool], "openai-chat").ledger == ()


def test_changes_are_told_from_what_may_be_refused() -> None:
    exported = export_tools([Tool.make("t", "It.", one({"items": {}}))], "openai-chat", strict=True)
    assert [entry.kind for entry in exported.ledger] == ["rewritten", "may be refused"]
    assert ledger_words(exported.ledger) == "1 rewritten, 1 may be refused"


def test_what_is_too_much_for_one_request_is_about_all_tools() -> None:
    tools = [Tool.make(f"t{number}", "It.", one({"type": "string"})) for number in range(129)]
    assert export_tools(tools[:20], "anthropic", strict=True).ledger == ()
    (entry,) = export_tools(tools[:21], "anthropic", strict=True).ledger
    assert str(entry).startswith("21 strict tools; the limit is 20")
    assert (entry.tool, entry.place) == ("", "")
    (entry,) = export_tools(tools, "openai-chat").ledger
    assert "129 tools" in entry.what
    assert export_tools(tools, "mcp").ledger == ()


def test_one_tool_as_json_schema_is_a_schema_with_its_name_as_title() -> None:
    exported = export_tools([TOOL], "json-schema")
    document = json.loads(exported.text)
    assert list(document)[:3] == ["$schema", "title", "description"]
    assert document["title"] == "book_table"
    assert not check_schema(document)
    assert {entry.place for entry in exported.ledger} == {"/title", "/annotations", "/_meta"}


def test_several_tools_as_json_schema_keep_their_references_to_themselves() -> None:
    other = Tool({**BOOKING, "name": "other"})
    document = json.loads(export_tools([TOOL, other], "json-schema").text)
    assert {name: schema["$id"] for name, schema in document["$defs"].items()} == {
        "book_table": "book_table",
        "other": "other",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_tool_that_was_exported_comes_back_equal_where_the_ledger_is_empty(name: str) -> None:
    documents = [Tool(document) for document in (BOOKING, *real_tools())]
    for tool in documents:
        exported = export_tools([tool], name)
        (again,) = found_in(json.loads(exported.text)).tools
        assert again.name == tool.name
        lost = {entry.place.split("/")[1] for entry in exported.ledger}
        for key in ("title", "description", "annotations", "outputSchema", "strict"):
            if key not in lost:
                assert (again.document.get(key) or None) == (tool.document.get(key) or None), key
        if "inputSchema" not in lost:
            schema = {key: value for key, value in tool.input_schema.items() if key != "$schema"}
            assert {"properties": {}, **schema} == {
                "properties": {},
                **{key: value for key, value in again.input_schema.items() if key != "$schema"},
            }


@pytest.mark.parametrize("name", NAMES)
def test_all_tools_together_come_back_under_their_names(name: str) -> None:
    tools = [TOOL, Tool({**BOOKING, "name": "other"}), Tool.make("third", "It.", one({"type": "string"}))]
    assert [tool.name for tool in found_in(json.loads(export_tools(tools, name).text)).tools] == [
        "book_table",
        "other",
        "third",
    ]


def test_each_tool_gets_a_file_that_can_have_its_name() -> None:
    tools = [TOOL, Tool.make("../evil", "It.", one({}))]
    assert list(export_each(tools, "mcp")) == ["book_table.json", "_evil.json"]


def test_written_files_can_be_put_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text("before")
    done = write_exports({old: "after", new: "first"})
    assert (old.read_text(), new.read_text()) == ("after", "first")
    done.undo()
    assert old.read_text() == "before"
    assert not new.exists()


def test_nothing_is_written_when_one_file_cannot_be(tmp_path: Path) -> None:
    old, folder = tmp_path / "old.json", tmp_path / "taken"
    old.write_text("before")
    folder.mkdir()
    with pytest.raises(StoreError, match="taken"):
        write_exports({old: "after", folder: "x"})
    assert old.read_text() == "before"
