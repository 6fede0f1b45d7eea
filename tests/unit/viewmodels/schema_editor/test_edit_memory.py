"""What is changed in the form and changed back leaves the text as it was, and keeps what else was edited meanwhile."""

import json

import pytest

from workbench.core.json_text import JsonObject, JsonValue, pretty
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.fields import ValueRow
from workbench.viewmodels.schema_editor.form import Form

PLACE = "/inputSchema/properties/v"


def form_of(schema: JsonValue, **around: JsonValue) -> tuple[Form, ToolDocument]:
    parameters: JsonObject = {"type": "object", "properties": {"v": schema, "w": {"type": "string"}}, **around}
    document = ToolDocument(pretty({"name": "t", "annotations": {}, "inputSchema": parameters}) + "\n")
    form = Form(document)
    document.changed.connect(form.refresh)
    return form, document


def write(form: Form, key: str, *raws: str, path: str = PLACE) -> None:
    for raw in raws:
        form.select(path)
        assert form.write(next(field for field in form.fields if field.key == key), raw) == ""


def schema_of(document: ToolDocument) -> JsonObject:
    return json.loads(document.text)["inputSchema"]["properties"]["v"]  # type: ignore[no-any-return]


TAKEN_BACK: list[tuple[JsonObject, str, tuple[str, ...]]] = [
    ({"properties": {"a": {}}}, "nullable", ("true", "false")),
    ({"type": "integer", "default": []}, "nullable", ("true", "false")),
    ({"type": "string", "default": None, "examples": [1, None]}, "nullable", ("true", "false")),
    ({"type": "string", "enum": ["a", None]}, "nullable", ("true", "false")),
    ({"type": "string", "enum": ["a"], "enumDescriptions": ["A"]}, "nullable", ("true", "false", "true", "false")),
    ({"type": ["string", "null"], "default": None}, "nullable", ("false", "true")),
    ({"title": "T", "anyOf": [{"type": "string", "title": "U"}, {"type": "null"}]}, "nullable", ("false", "true")),
    ({"type": "string"}, "description", ("x", "")),
    ({"type": "string"}, "description", ("x", "xy", "x", "")),
    ({"type": "string", "description": ""}, "description", ("x", "")),
    ({"type": "string", "description": "old"}, "description", ("", "o", "old")),
    ({"type": "string", "title": ""}, "title", ("x", "")),
    ({"type": "string", "minLength": 3, "pattern": "^a", "default": "abc"}, "type", ("integer", "string")),
    ({"type": "object", "properties": {"a": {}}, "required": ["a"]}, "type", ("array", "string", "object")),
    ({"type": "array"}, "type", ("string", "array")),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 1}, "type", ("integer", "array")),
    ({"type": "integer", "minimum": 1.0}, "minimum", ("2", "1.0")),
    ({"type": "array", "uniqueItems": False, "items": {}}, "uniqueItems", ("true", "false")),
    ({"type": "string", "default": ""}, "default", ("x", '""')),
    ({"type": "object", "properties": {}}, "additionalProperties", ("false", "true", "")),
    ({"type": "string"}, "required", ("true", "false")),
]


@pytest.mark.parametrize(("schema", "key", "raws"), TAKEN_BACK)
def test_an_edit_that_is_taken_back_leaves_the_text_as_it_was(
    schema: JsonObject, key: str, raws: tuple[str, ...]
) -> None:
    form, document = form_of(schema)
    before = document.text
    write(form, key, raws[0])
    assert document.text != before
    write(form, key, *raws[1:])
    assert document.text == before


@pytest.mark.parametrize("required", [[], ["w"], ["gone"], ["w", "gone"]])
def test_a_list_of_required_ones_comes_back_even_an_empty_one(required: list[JsonValue]) -> None:
    form, document = form_of({"type": "string"}, required=required)
    before = document.text
    write(form, "required", "true", "false")
    assert document.text == before


def test_hints_of_a_tool_that_are_taken_back_leave_its_empty_annotations() -> None:
    form, document = form_of({"type": "string"})
    before = document.text
    write(form, "readOnlyHint", "true", "", path="")
    assert document.text == before


def test_listed_values_that_are_taken_back_leave_an_empty_list() -> None:
    form, document = form_of({"type": "string", "enum": []})
    before = document.text
    form.select(PLACE)
    for rows in ([ValueRow("a")], []):
        assert form.write_values(next(field for field in form.fields if field.key == "enum"), rows) == ""
    assert document.text == before


def test_what_else_was_edited_in_between_is_kept() -> None:
    form, document = form_of({"type": "string", "minLength": 3, "default": "abc"})
    write(form, "type", "integer")
    write(form, "description", "How many")
    write(form, "type", "number")
    write(form, "minimum", "2")
    write(form, "type", "string")
    assert schema_of(document) == {"type": "string", "minLength": 3, "default": "abc", "description": "How many"}


def test_a_value_that_was_edited_in_between_goes_when_it_no_longer_fits() -> None:
    form, document = form_of({"type": "string", "default": "a"})
    write(form, "nullable", "true")
    write(form, "default", "null")
    write(form, "nullable", "false")
    assert schema_of(document) == {"type": "string"}


def test_an_edit_of_the_json_or_an_undo_in_between_is_never_taken_back_with_it() -> None:
    form, document = form_of({"type": "string", "minLength": 3})
    write(form, "type", "integer")
    document.write(document.text.replace('"integer"', '"integer", "title": "T"'))
    write(form, "type", "string")
    assert schema_of(document) == {"type": "string", "title": "T"}
    form, document = form_of({"type": "string", "minLength": 3})
    write(form, "type", "integer")
    document.undo()
    write(form, "minLength", "4")
    write(form, "type", "integer", "string")
    assert schema_of(document) == {"type": "string", "minLength": 4}


def test_a_parameter_made_at_the_place_of_a_deleted_one_inherits_nothing() -> None:
    form, document = form_of({"type": "string", "minLength": 3})
    write(form, "type", "integer")
    form.delete()
    form.select("/inputSchema")
    form.add()
    write(form, "name", "v", path="/inputSchema/properties/parameter")
    write(form, "type", "integer", "string")
    assert schema_of(document) == {"type": "string", "description": ""}
