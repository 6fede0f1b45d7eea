"""OTLP attributes in JSON, converted to plain values."""

from workbench.app.imports.formats.messages import rows_of
from workbench.core.json_text import JsonObject, JsonValue, whole_number


def attribute_values(row: JsonObject) -> dict[str, JsonValue]:
    """The attributes of a span or an event by their full names, in any notation."""
    held = row.get("attributes")
    if isinstance(held, list):
        return {str(one.get("key")): plain_value(one.get("value")) for one in rows_of(held)}
    return held if isinstance(held, dict) else {}


def plain_value(value: JsonValue) -> JsonValue:
    """A value as OTLP writes it; one without a kind is null."""
    if not isinstance(value, dict) or len(value) > 1:
        return value
    if not value:
        return None
    ((kind, held),) = value.items()
    if kind == "arrayValue" and isinstance(held, dict):
        items = held.get("values")
        return [plain_value(one) for one in items] if isinstance(items, list) else []
    if kind == "kvlistValue" and isinstance(held, dict):
        return {str(one.get("key")): plain_value(one.get("value")) for one in rows_of(held.get("values"))}
    if kind == "intValue" and isinstance(held, str) and (number := whole_number(held.removeprefix("-"))) is not None:
        return -number if held.startswith("-") else number
    return held
