"""Writing a field: from what was typed to an edit of the text. Raises `NotALiteral` with what is wrong."""

from collections.abc import Sequence

from workbench.core.errors import MalformedJson
from workbench.core.json_edit import remove
from workbench.core.json_place import parent, places
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.viewmodels.schema_editor.fields import Field, ValueRow
from workbench.viewmodels.schema_editor.literal import NotALiteral, read_limit, read_literal
from workbench.viewmodels.schema_editor.parameter_edits import (
    has,
    put,
    put_or_remove,
    rename_property,
    require,
    synced,
    value_at,
)
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.schema_editor.type_change import with_null, with_type


def written(text: str, row: FormRow, field: Field, raw: str) -> str:
    """The text after `raw` was put into `field` of `row`. Raises `KeyError` for a field that is not written so."""
    match field.kind:
        case "name":
            return _named(text, row, raw)
        case "text" | "line":
            return put_or_remove(text, field.path, raw or None)
        case "number":
            return put_or_remove(text, field.path, read_limit(raw, is_whole=field.is_whole) if raw.strip() else None)
        case "literal":
            return _with_default(text, field, raw)
        case "choice":
            return _chosen(text, row, field, raw)
        case "flag":
            return _switched(text, row, field, is_on=raw == "true")
        case "json":
            return _with_json(text, field, raw)
        case "values":
            raise KeyError(field.key)


def with_values(text: str, field: Field, rows: Sequence[ValueRow]) -> str:
    """The text with these listed values; none of them takes the keyword away. Raises `NotALiteral`."""
    values: list[JsonValue] = []
    for number, row in enumerate(rows, start=1):
        try:
            values.append(read_literal(row.text, field.type, is_text=row.is_text))
        except NotALiteral as error:
            raise NotALiteral(f"value {number}: {error}") from None
    text = put_or_remove(text, field.path, values or None)
    if field.key != "enum":
        return text
    descriptions: list[JsonValue] = [row.description for row in rows]
    beside = f"{parent(field.path)[0]}/enumDescriptions"
    is_said = any(descriptions)
    return put_or_remove(text, beside, descriptions if is_said else None)


def _named(text: str, row: FormRow, raw: str) -> str:
    if not raw:
        raise NotALiteral("a name is needed")
    if row.kind == "tool":
        return put(text, "/name", raw)
    if raw == row.name:
        return text
    try:
        return rename_property(text, row.path, raw)
    except KeyError:
        raise NotALiteral("another parameter already has this name") from None


def _with_default(text: str, field: Field, raw: str) -> str:
    if not raw:
        return remove(text, field.path) if has(text, field.path) else text
    return put(text, field.path, read_literal(raw, field.type, is_text=field.is_text))


def _chosen(text: str, row: FormRow, field: Field, raw: str) -> str:
    if field.key == "type":
        if row.view is None or raw in ("", row.view.type):
            return text
        wanted = with_type(row.view.core, raw, is_nullable=row.view.is_nullable and not row.view.inner)
        return synced(text, row.core, wanted, row.view.core)
    if raw not in ("", "true", "false"):
        return put(text, field.path, raw)
    text = put_or_remove(text, field.path, {"true": True, "false": False}.get(raw))
    above = parent(field.path)[0]
    return remove(text, above) if above == "/annotations" and has(text, above) and value_at(text, above) == {} else text


def _switched(text: str, row: FormRow, field: Field, *, is_on: bool) -> str:
    if field.key == "required":
        return require(text, row.path, is_required=is_on)
    if field.key == "nullable" and row.view is not None:
        wanted = with_null(row.view, is_nullable=is_on)
        return synced(text, row.path, wanted, row.view.schema)
    return put_or_remove(text, field.path, True if is_on else None)


def _with_json(text: str, field: Field, raw: str) -> str:
    found = places(raw)
    if found.faults:
        line, column = found.line_column(found.faults[0].start)
        raise NotALiteral(f"line {line}, column {column}: {found.faults[0].message}")
    try:
        wanted = parse_strict(raw)
    except MalformedJson as error:
        raise NotALiteral(error.message) from None
    if field.key == "raw":
        return put(text, field.path, wanted)
    if not isinstance(wanted, dict):
        raise NotALiteral("enter a JSON object: { … }")
    held = parse_strict(field.value)
    within: JsonObject = held if isinstance(held, dict) else {}
    whole = value_at(text, field.path)
    for key in wanted:
        if key not in within and isinstance(whole, dict) and key in whole:
            raise NotALiteral(f"{key!r} has its own field")
    return synced(text, field.path, wanted, within)
