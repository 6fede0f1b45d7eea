"""What the form does to the text."""

import json

import pytest

from tests.support.tool_documents import booking_text
from workbench.core.json_text import JsonObject, pretty
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.fields import Field, ValueRow
from workbench.viewmodels.schema_editor.form import Form

GUEST = "/inputSchema/properties/guest"
PHONE = f"{GUEST}/properties/phone"
PEOPLE = "/inputSchema/properties/people"
ROOM = "/inputSchema/properties/room"
GRANT_CHOICES = "/inputSchema/properties/wishes"
PAYMENT = "/inputSchema/properties/payment"


@pytest.fixture
def document() -> ToolDocument:
    return ToolDocument(booking_text())


@pytest.fixture
def form(document: ToolDocument) -> Form:
    form = Form(document)
    document.changed.connect(form.refresh)
    return form


def field(form: Form, path: str, key: str) -> Field:
    form.select(path)
    return next(field for field in form.fields if field.key == key)


def at(document: ToolDocument, path: str) -> JsonObject:
    value: object = json.loads(document.text)
    for step in path.split("/")[1:]:
        value = value[step]  # type: ignore[index]
    return value  # type: ignore[return-value]


def write(form: Form, path: str, key: str, raw: str) -> str:
    return form.write(field(form, path, key), raw)


def test_the_outline_shows_what_is_inside_what(form: Form) -> None:
    assert [(row.depth, row.name, row.words) for row in form.rows] == [
        (0, "book_table", "tool"),
        (0, "Parameters", "object"),
        (1, "guest", "object"),
        (2, "name", "string"),
        (2, "phone", "string or null"),
        (1, "people", "integer"),
        (1, "room", "string enum"),
        (1, "wishes", "list of string"),
        (2, "each item", "string"),
        (1, "payment", "one of 2"),
    ]
    assert [row.name for row in form.rows if row.is_required] == ["guest", "name", "people"]


def test_what_has_no_field_is_json_in_place(form: Form, document: ToolDocument) -> None:
    rest = field(form, PAYMENT, "rest")
    assert json.loads(rest.value) == at(document, PAYMENT)
    assert form.write(rest, rest.value.replace("cash", "coins")) == ""
    assert at(document, PAYMENT)["oneOf"][1] == {"const": "coins"}  # type: ignore[index,call-overload]
    assert "1.5" in document.text
    assert "column" in form.write(rest, "{")
    assert "its own field" in form.write(field(form, "", "rest"), '{"description": "x"}')
    assert "$defs" in field(form, "/inputSchema", "rest").value
    assert "_meta" in field(form, "", "rest").value
    assert [item.key for item in form.fields if item.kind == "json"] == ["rest"]


def test_a_parameter_behind_a_choice_with_null_is_edited_where_it_is(form: Form, document: ToolDocument) -> None:
    assert write(form, PHONE, "pattern", "^[0-9 ]+$") == ""
    assert write(form, PHONE, "description", "With the area code") == ""
    assert at(document, PHONE) == {
        "description": "With the area code",
        "anyOf": [{"type": "string", "pattern": "^[0-9 ]+$"}, {"type": "null"}],
        "default": None,
    }
    assert write(form, PHONE, "nullable", "false") == ""
    assert at(document, PHONE) == {"type": "string", "pattern": "^[0-9 ]+$", "description": "With the area code"}


def test_renaming_keeps_the_place_and_what_is_required(form: Form, document: ToolDocument) -> None:
    assert write(form, GUEST, "name", "visitor") == ""
    assert list(at(document, "/inputSchema/properties")) == ["visitor", "people", "room", "wishes", "payment"]
    assert at(document, "/inputSchema")["required"] == ["visitor", "people"]
    assert form.row.name == "visitor"
    assert write(form, PEOPLE, "name", "room") == "another parameter already has this name"
    assert write(form, PEOPLE, "name", "") == "a name is needed"
    assert write(form, PEOPLE, "name", "a/b~c") == ""
    assert form.row.name == "a/b~c"


def test_adding_copying_moving_and_deleting(form: Form, document: ToolDocument) -> None:
    form.select(PEOPLE)
    assert form.add()
    assert form.row.name == "parameter"
    form.select("/inputSchema")
    form.add()
    assert form.row.name == "parameter_2"
    form.select(GUEST)
    form.add()
    assert form.row.path == f"{GUEST}/properties/parameter"
    form.select(PEOPLE)
    form.duplicate()
    assert form.row.name == "people_copy"
    form.move(-1)
    names = list(at(document, "/inputSchema/properties"))
    assert names == ["guest", "people_copy", "people", "parameter", "room", "wishes", "payment", "parameter_2"]
    assert at(document, "/inputSchema")["required"] == ["guest", "people", "people_copy"]
    form.delete()
    assert form.row.name == "people"
    assert at(document, "/inputSchema")["required"] == ["guest", "people"]
    form.select(f"{GUEST}/properties/name")
    form.delete()
    assert "required" not in at(document, GUEST)
    form.move(-5)
    while document.undo() is not None:
        pass
    assert document.text == booking_text()


def test_required_ones_are_listed_in_the_order_of_the_parameters(form: Form, document: ToolDocument) -> None:
    write(form, PAYMENT, "required", "true")
    write(form, GUEST, "required", "false")
    write(form, ROOM, "required", "true")
    assert at(document, "/inputSchema")["required"] == ["people", "room", "payment"]
    for path in (PEOPLE, ROOM, PAYMENT):
        write(form, path, "required", "false")
    assert "required" not in at(document, "/inputSchema")


def test_a_change_of_type_keeps_what_still_fits(form: Form, document: ToolDocument) -> None:
    write(form, ROOM, "description", "Which room")
    assert write(form, ROOM, "type", "array") == ""
    assert at(document, ROOM) == {
        "type": "array",
        "description": "Which room",
        "items": {"type": "string", "enum": ["garden", "hall"], "enumDescriptions": ["Outside", "Inside"]},
    }
    write(form, ROOM, "type", "string")
    assert at(document, ROOM) == {
        "type": "string",
        "description": "Which room",
        "enum": ["garden", "hall"],
        "enumDescriptions": ["Outside", "Inside"],
        "default": "hall",
    }
    write(form, PEOPLE, "type", "number")
    assert at(document, PEOPLE) == {"type": "number", "minimum": 1, "maximum": 12, "default": 2}
    write(form, PEOPLE, "type", "string")
    assert at(document, PEOPLE) == {"type": "string"}
    write(form, PAYMENT, "type", "object")
    assert at(document, PAYMENT)["x-note"] == {"kept": [1.5]}
    write(form, GUEST, "type", "boolean")
    assert at(document, GUEST) == {"type": "boolean", "description": "Who comes"}


def test_null_may_be_allowed_and_forbidden(form: Form, document: ToolDocument) -> None:
    write(form, ROOM, "nullable", "true")
    room = at(document, ROOM)
    assert (room["type"], room["enum"]) == (["string", "null"], ["garden", "hall", None])
    assert room["enumDescriptions"] == ["Outside", "Inside", ""]
    assert write(form, ROOM, "default", "null") == ""
    assert at(document, ROOM)["default"] is None
    write(form, ROOM, "nullable", "false")
    assert at(document, ROOM) == {
        "type": "string",
        "enum": ["garden", "hall"],
        "enumDescriptions": ["Outside", "Inside"],
    }


def test_listed_values_are_added_reordered_described_and_removed(form: Form, document: ToolDocument) -> None:
    rows = field(form, ROOM, "enum").rows
    assert rows == (ValueRow("garden", "Outside"), ValueRow("hall", "Inside"))
    assert form.write_values(field(form, ROOM, "enum"), [rows[1], ValueRow('"'), rows[0], ValueRow('""', "None")]) == ""
    room = at(document, ROOM)
    assert room["enum"] == ["hall", '"', "garden", ""]
    assert room["enumDescriptions"] == ["Inside", "", "Outside", "None"]
    assert form.write_values(field(form, ROOM, "enum"), [ValueRow("hall")]) == ""
    assert "enumDescriptions" not in at(document, ROOM)
    form.write_values(field(form, ROOM, "enum"), [])
    assert "enum" not in at(document, ROOM)
    assert form.write_values(field(form, PEOPLE, "enum"), [ValueRow("1"), ValueRow("two")]) == (
        "value 2: a whole number is required, such as 3"
    )
    assert form.write_values(field(form, PEOPLE, "examples"), [ValueRow("4")]) == ""
    assert at(document, PEOPLE)["examples"] == [4]


@pytest.mark.parametrize(
    ("path", "key", "raw", "wrong"),
    [
        (PEOPLE, "minimum", "a", "a number is required, such as 3"),
        (PEOPLE, "minimum", "null", "a number is required, such as 3"),
        (GRANT_CHOICES, "maxItems", "1.5", "a whole number is required, such as 3"),
        (GRANT_CHOICES, "maxItems", "-1", "must be zero or more"),
        (PEOPLE, "default", "two", "a whole number is required, such as 3"),
        (f"{GRANT_CHOICES}", "default", "[", "not JSON"),
    ],
)
def test_what_does_not_fit_is_said_and_not_written(
    form: Form, document: ToolDocument, path: str, key: str, raw: str, wrong: str
) -> None:
    assert wrong in write(form, path, key, raw)
    assert document.text == booking_text()


def test_rules_are_written_as_what_they_are_and_removed_when_empty(form: Form, document: ToolDocument) -> None:
    write(form, PEOPLE, "maximum", "12.5")
    write(form, PEOPLE, "minimum", "")
    write(form, PEOPLE, "default", "")
    assert at(document, PEOPLE) == {"type": "integer", "maximum": 12.5}
    write(form, f"{GUEST}/properties/name", "format", "email")
    write(form, GRANT_CHOICES, "uniqueItems", "true")
    write(form, GUEST, "additionalProperties", "false")
    assert at(document, f"{GUEST}/properties/name")["format"] == "email"
    assert at(document, GRANT_CHOICES)["uniqueItems"] is True
    assert at(document, GUEST)["additionalProperties"] is False
    write(form, GRANT_CHOICES, "uniqueItems", "false")
    assert "uniqueItems" not in at(document, GRANT_CHOICES)


def test_hints_and_strict_can_be_said_and_unsaid(form: Form, document: ToolDocument) -> None:
    write(form, "", "destructiveHint", "true")
    write(form, "", "strict", "true")
    assert at(document, "/annotations") == {"readOnlyHint": False, "destructiveHint": True}
    assert document.value["strict"] is True
    for key in ("destructiveHint", "readOnlyHint", "strict"):
        write(form, "", key, "")
    assert "annotations" not in document.value
    assert "strict" not in document.value


def test_the_result_can_be_described_and_left_out(form: Form, document: ToolDocument) -> None:
    form.describe_result()
    form.add()
    assert document.value["outputSchema"] == {
        "type": "object",
        "properties": {"parameter": {"type": "string", "description": ""}},
    }
    form.select("/outputSchema")
    form.delete()
    assert "outputSchema" not in document.value
    assert form.row.kind == "tool"


def test_a_broken_text_can_be_looked_at_but_not_edited(form: Form, document: ToolDocument) -> None:
    rows = form.rows
    document.write(document.text + "}")
    assert not form.can_edit
    assert form.rows == rows
    assert "invalid" in write(form, "", "description", "new")
    assert not form.add()
    document.undo()
    assert write(form, "", "description", "new") == ""


@pytest.mark.parametrize(
    "schema",
    [True, False, None, 7, "x", [], {"type": 3}, {"properties": []}, {"properties": {"a": 1}}, {"items": []}],
)
def test_odd_schemas_are_shown_and_can_be_mended(schema: object) -> None:
    document = ToolDocument(pretty({"name": "odd", "inputSchema": {"type": "object", "properties": {"p": schema}}}))
    form = Form(document)
    document.changed.connect(form.refresh)
    form.select("/inputSchema/properties/p")
    assert form.row.name == "p"
    json_fields = [item for item in form.fields if item.kind == "json"]
    for item in json_fields:
        assert form.write(item, '{"type": "string"}' if item.key == "raw" else "{}") == ""
    for row in form.rows:
        form.select(row.path)
        assert form.fields


def test_an_outline_is_never_endless() -> None:
    many: JsonObject = {f"p{number}": {"type": "string"} for number in range(5_000)}
    form = Form(ToolDocument(pretty({"name": "many", "inputSchema": {"type": "object", "properties": many}})))
    assert len(form.rows) == 2_000
