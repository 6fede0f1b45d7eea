"""What no field of the form can show: it is shown as JSON in place, and survives every edit untouched."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.schema_editor.schema_view import SchemaView, is_enum_described


def left_over(row: FormRow, view: SchemaView, fields: set[str]) -> tuple[JsonObject, JsonObject]:
    """The keywords without a field, of the part with the rules and of what is around it.

    `fields` are the pointers that have a field; a value that its field cannot show is left over all the same.
    """
    inner = {
        key: value for key, value in view.core.items() if not _is_shown(key, value, row.core, view.core, view, fields)
    }
    if not view.inner:
        return inner, {}
    outer = {
        key: value
        for key, value in view.schema.items()
        if key != "anyOf" and not _is_shown(key, value, row.path, view.schema, view, fields)
    }
    return inner, outer


def _is_shown(key: str, value: JsonValue, path: str, within: JsonObject, view: SchemaView, fields: set[str]) -> bool:
    is_core = within is view.core
    match key:
        case "type":
            return is_core and view.type != ""
        case "properties":
            return is_core and isinstance(value, dict)
        case "required":
            return is_core and isinstance(value, list) and isinstance(within.get("properties"), dict)
        case "items":
            return is_core and isinstance(value, dict)
        case "additionalProperties" if isinstance(value, dict):
            return is_core
        case "enumDescriptions":
            return is_core and is_enum_described(within) and f"{path}/enum" in fields
        case "default":
            return f"{path}/default" in fields
        case _:
            return path + pointer([key]) in fields and _fits(key, value)


def _fits(key: str, value: JsonValue) -> bool:
    match key:
        case "title" | "description" | "format" | "pattern":
            return isinstance(value, str)
        case "uniqueItems" | "additionalProperties":
            return isinstance(value, bool)
        case "enum" | "examples":
            return isinstance(value, list)
        case _:
            return isinstance(value, int | float) and not isinstance(value, bool)
