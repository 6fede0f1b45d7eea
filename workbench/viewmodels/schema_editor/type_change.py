"""Changing a parameter's type: what still fits stays, the rest goes; Undo brings it back."""

from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.viewmodels.schema_editor.schema_view import RULES, STRUCTURE, SchemaView, is_enum_described

_OF_ITEMS = ("enum", "enumDescriptions", *RULES["string"], *RULES["number"])


def with_type(schema: JsonObject, kind: str, *, is_nullable: bool) -> JsonObject:
    """`schema` as one of type `kind`.

    A single value that becomes a list takes its rules along to the items, and back. Keywords the form does not
    know are left alone.
    """
    old = _single_type(schema)
    changed = dict(schema)
    if kind == "array" and old in ("string", "integer", "number", "boolean") and "items" not in schema:
        item: JsonObject = {"type": old, **{key: changed.pop(key) for key in _OF_ITEMS if key in changed}}
        changed["items"] = item
    elif old == "array" and kind != "array" and isinstance(items := schema.get("items"), dict):
        if _single_type(items) == kind:
            changed = {**{key: value for key, value in items.items() if key not in changed or key == "type"}, **changed}
        changed.pop("items", None)
    for key in _foreign_keywords(kind):
        changed.pop(key, None)
    changed["type"] = [kind, "null"] if is_nullable else kind
    if kind == "array":
        changed.setdefault("items", {"type": "string"})
    if kind == "object":
        changed.setdefault("properties", {})
    return _with_fitting_values(changed, kind, is_nullable=is_nullable)


def with_null(view: SchemaView, *, is_nullable: bool) -> JsonObject:
    """The schema with null allowed or not, in the form it already uses."""
    if is_nullable == view.is_nullable:
        return view.schema
    if view.inner:
        outer: JsonObject = {key: value for key, value in view.schema.items() if key != "anyOf"}
        return _with_fitting_values({**view.core, **outer}, view.type, is_nullable=False)
    changed: JsonObject = {**view.schema, "type": [view.type, "null"] if is_nullable else view.type}
    enum, texts = changed.get("enum"), changed.get("enumDescriptions")
    if is_nullable and isinstance(enum, list) and None not in enum:
        if is_enum_described(changed) and isinstance(texts, list):
            changed["enumDescriptions"] = [*texts, ""]
        changed["enum"] = [*enum, None]
    return changed if is_nullable else _with_fitting_values(changed, view.type, is_nullable=False)


def fits(value: JsonValue, kind: str, *, is_nullable: bool = False) -> bool:
    """Whether a value is of a JSON Schema type."""
    if value is None:
        return is_nullable
    if kind == "integer":
        return type_name(value) == "number" and float(value) == int(value)  # type: ignore[arg-type]
    return type_name(value) == kind


def _single_type(schema: JsonObject) -> str:
    kind = schema.get("type")
    words = [word for word in kind if word != "null"] if isinstance(kind, list) else [kind]
    return str(words[0]) if len(words) == 1 and isinstance(words[0], str) else ""


def _foreign_keywords(kind: str) -> set[str]:
    known = {key for keys in RULES.values() for key in keys} | (set(STRUCTURE) - {"type"})
    own = {*RULES.get(kind, ())}
    own |= {"items"} if kind == "array" else set()
    own |= {"properties", "required"} if kind == "object" else set()
    return known - own


def _with_fitting_values(schema: JsonObject, kind: str, *, is_nullable: bool) -> JsonObject:
    if "default" in schema and not fits(schema["default"], kind, is_nullable=is_nullable):
        del schema["default"]
    examples = schema.get("examples")
    if isinstance(examples, list):
        kept = [value for value in examples if fits(value, kind, is_nullable=is_nullable)]
        schema["examples"] = kept
        if not kept:
            del schema["examples"]
    return _with_fitting_enum(schema, kind, is_nullable=is_nullable)


def _with_fitting_enum(schema: JsonObject, kind: str, *, is_nullable: bool) -> JsonObject:
    values = schema.get("enum")
    if not isinstance(values, list):
        return schema
    keep = [number for number, value in enumerate(values) if fits(value, kind, is_nullable=is_nullable)]
    texts = schema.get("enumDescriptions")
    if is_enum_described(schema) and isinstance(texts, list):
        schema["enumDescriptions"] = [texts[number] for number in keep]
    schema["enum"] = [values[number] for number in keep]
    if not keep:
        del schema["enum"]
        schema.pop("enumDescriptions", None)
    return schema
