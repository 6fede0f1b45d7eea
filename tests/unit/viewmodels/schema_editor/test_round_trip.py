"""No matter what is done and undone in the editor, or what the form cannot show: nothing of a tool is lost."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.tool_documents import BOOKING, booking_text, real_tools
from workbench.core.json_text import canonical, pretty
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.fields import ValueRow, fields_of
from workbench.viewmodels.schema_editor.form import Form
from workbench.viewmodels.schema_editor.literal import NotALiteral

RAW = st.sampled_from(
    ["", "x", "3", "-1", "true", "false", "string", "array", "object", '{"a": 1}', '"', "date", "a/b~c"]
)


def act(form: Form, document: ToolDocument, data) -> None:
    form.select(data.draw(st.sampled_from([row.path for row in form.rows])))
    match data.draw(st.sampled_from(["write", "write", "write", "values", "add", "copy", "delete", "move", "json"])):
        case "write":
            field = data.draw(st.sampled_from(form.fields))
            if field.kind != "values":
                form.write(field, data.draw(RAW))
        case "values":
            for field in form.fields:
                if field.kind == "values":
                    form.write_values(field, [*reversed(field.rows)][: data.draw(st.integers(0, 3))])
        case "add":
            form.add()
        case "copy":
            form.duplicate()
        case "delete":
            form.delete()
        case "move":
            form.move(data.draw(st.sampled_from([-1, 1])))
        case "json":
            place = data.draw(st.integers(0, len(document.text)))
            text = document.text[:place] + data.draw(st.sampled_from([" ", "\n", "x"])) + document.text[place:]
            if not ToolDocument(text).is_broken:
                document.write(text)
    form.refresh()


@settings(max_examples=60)
@given(st.integers(1, 8), st.data())
def test_random_edits_undone_give_the_original_text(count: int, data) -> None:
    document = ToolDocument(booking_text())
    form = Form(document)
    document.changed.connect(form.refresh)
    for _ in range(count):
        act(form, document, data)
        assert not document.is_broken
        assert json.loads(document.text) == document.value
    last = document.text
    while document.undo() is not None:
        pass
    assert document.text == booking_text()
    assert form.rows == Form(ToolDocument(booking_text())).rows
    while document.redo() is not None:
        pass
    assert document.text == last


def rewrite_every_field(text: str) -> str:
    """Write into each field that shows something what it shows already, as a form that saves would."""
    document = ToolDocument(text)
    form = Form(document)
    for row in form.rows:
        form.select(row.path)
        for field in form.fields:
            if not field.value and not field.rows:
                continue
            wrong = form.write_values(field, field.rows) if field.kind == "values" else form.write(field, field.value)
            assert wrong == ""
    return document.text


def test_an_invented_tool_with_everything_in_it_survives_the_form() -> None:
    assert rewrite_every_field(booking_text()) == booking_text()


def test_every_tool_of_real_servers_survives_the_form() -> None:
    tools = real_tools()
    if not tools:
        pytest.skip("the shared fixtures are not here")
    assert len(tools) > 300
    for tool in tools:
        text = pretty(tool) + "\n"
        assert ToolDocument(text).text == text
        after = rewrite_every_field(text)
        assert canonical(json.loads(after)) == canonical(tool)
        assert after == text


def edit_in_every_way(form: Form, document: ToolDocument) -> int:
    """Change something of each kind, in the form and in the JSON, as a person would; how many texts that made."""
    texts = {document.text}
    form.select("")
    form.write(next(field for field in form.fields if field.key == "description"), "Other words, and “quotes”.")
    texts.add(document.text)
    for row in [row for row in form.rows if row.kind == "property"][:3]:
        form.select(row.path)
        for field in form.fields:
            if field.key == "required":
                form.write(field, "false" if field.is_on else "true")
            elif field.key == "description":
                form.write(field, f"{field.value} More.")
            elif field.key == "examples":
                form.write_values(field, [ValueRow("x"), *field.rows])
        texts.add(document.text)
        form.duplicate()
        form.move(-1)
        texts.add(document.text)
        form.write(next(field for field in form.fields if field.key == "name"), "another_name")
        texts.add(document.text)
        form.delete()
    form.select("/inputSchema")
    form.add()
    texts.add(document.text)
    document.write(document.text.replace("{", "{ ", 1))
    document.write(document.text + "\n")
    broken = document.text.replace(":", "", 1)
    document.write(broken)
    assert document.is_broken
    document.write(broken + " ")
    texts.add(document.text)
    return len(texts)


def test_every_real_tool_is_itself_again_after_edits_in_both_views_are_undone() -> None:
    tools = real_tools()
    if not tools:
        pytest.skip("the shared fixtures are not here")
    for tool in tools:
        text = pretty(tool) + "\n"
        document = ToolDocument(text)
        form = Form(document)
        document.changed.connect(form.refresh)
        assert edit_in_every_way(form, document) > 3
        while document.undo() is not None:
            pass
        assert document.text == text
        assert not document.is_broken
        assert canonical(document.value) == canonical(tool)


def test_every_keyword_of_every_real_tool_is_in_a_field_or_a_row() -> None:
    tools = [*real_tools(), BOOKING]
    for tool in tools:
        document = ToolDocument(pretty(tool))
        form = Form(document)
        for row in form.rows:
            if row.view is None:
                continue
            fields = fields_of(row, document.value)
            shown = " ".join(field.path + " " + field.value for field in fields)
            shown += " enumDescriptions" * any(value.description for field in fields for value in field.rows)
            for key in row.view.schema:
                is_row = any(other.path.startswith(f"{row.path}/") for other in form.rows)
                structural = key in ("type", "required", "anyOf") or (
                    key in ("properties", "items", "additionalProperties") and is_row
                )
                assert structural or key in shown or row.view.schema[key] in ({}, []), (tool["name"], row.path, key)


@given(st.text(max_size=20))
def test_a_literal_reads_as_what_it_shows(text: str) -> None:
    from workbench.viewmodels.schema_editor.literal import read_literal, shown_literal

    assert read_literal(shown_literal(text, "string"), "string") == text
    for value in (None, 3, [1], {"a": text}):
        try:
            assert read_literal(shown_literal(value, ""), "") == value
        except NotALiteral as error:
            pytest.fail(str(error))
