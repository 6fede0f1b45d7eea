"""The fields of one row of the outline: what the form offers to edit, and how it reads what is typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.core.json_text import JsonObject, JsonValue, pretty
from workbench.core.tool import KNOWN_KEYS
from workbench.viewmodels.schema_editor.left_over import left_over
from workbench.viewmodels.schema_editor.literal import shown_literal
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.schema_editor.schema_view import RULES, TYPES, SchemaView, is_enum_described

FieldKind = Literal["name", "line", "text", "number", "literal", "choice", "flag", "values", "json"]
FORMATS = (
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
    "regex",
)
HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
_HINT_WORDS = {
    "readOnlyHint": "It changes nothing. A hint only; it never grants permission.",
    "destructiveHint": "It may delete or overwrite.",
    "idempotentHint": "Calling it again with the same arguments changes nothing more.",
    "openWorldHint": "It reaches outside systems, such as the web.",
}
_LABELS = {
    "minLength": "Min length",
    "maxLength": "Max length",
    "pattern": "Pattern",
    "format": "Format",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "exclusiveMinimum": "Greater than",
    "exclusiveMaximum": "Less than",
    "multipleOf": "Multiple of",
    "minItems": "Min items",
    "maxItems": "Max items",
    "uniqueItems": "Unique items",
    "additionalProperties": "Other keys",
    "readOnlyHint": "Read-only",
    "destructiveHint": "Destructive",
    "idempotentHint": "Idempotent",
    "openWorldHint": "Open world",
}
_HINTS_BY_ROW = {
    "property": "What this value is, ideally with an example. Models rely on this text to fill it in.",
    "items": "What each item is.",
    "parameters": "About the parameters as a whole; usually empty.",
    "result": "What is returned.",
    "rest": "What the value of any other key is.",
}
_YES_NO = (("", "not set"), ("true", "yes"), ("false", "no"))
_OTHER_KEYS = (("", "not set"), ("false", "refused"), ("true", "allowed"))
_STRICT_HINT = "Ask vendors to enforce the schema; each supports only part of JSON Schema in that mode"
_OTHER_HINT = "Allow keys that are not listed here (additionalProperties)"
_WHOLE = frozenset({"minLength", "maxLength", "minItems", "maxItems"})


@dataclass(frozen=True)
class ValueRow:
    """One of the listed values; `text` is as `literal` shows it."""

    text: str
    description: str = ""
    is_text: bool = True


@dataclass(frozen=True)
class Field:
    """One thing to edit. `path` is the pointer that is written, `value` what is shown now."""

    key: str
    kind: FieldKind
    label: str
    path: str
    value: str = ""
    group: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """For a choice: what is written, and its words."""
    rows: tuple[ValueRow, ...] = ()
    is_described: bool = False
    """For listed values: whether each may have a description."""
    type: str = ""
    """For literals and values: the type they have to fit."""
    is_whole: bool = False
    is_text: bool = True
    """For a literal of a string parameter: whether it stands without quotes."""

    @property
    def is_on(self) -> bool:
        """For a flag."""
        return self.value == "true"


def fields_of(row: FormRow, document: JsonObject) -> tuple[Field, ...]:
    """What the form offers for a row."""
    if row.kind == "tool":
        return tuple(_tool_fields(document))
    if row.view is None:
        raw = Field("raw", "json", "Schema", row.path, hint="Not an object, so it is shown as JSON.")
        return (raw,)
    return tuple(_schema_fields(row, row.view))


def _tool_fields(document: JsonObject) -> Iterator[Field]:
    yield Field("name", "name", "Name", "/name", _text(document.get("name")), hint="letters, digits, _ and -, up to 64")
    yield Field("title", "line", "Title", "/title", _text(document.get("title")), hint="for people; MCP only")
    yield Field(
        "description",
        "text",
        "Description",
        "/description",
        _text(document.get("description")),
        hint="What it does, when to use it, and when not to. Models choose tools by this text.",
    )
    strict = _yes_no(document.get("strict"))
    yield Field("strict", "choice", "Strict", "/strict", strict, "Behavior", _STRICT_HINT, options=_YES_NO)
    annotations = document.get("annotations")
    held = annotations if isinstance(annotations, dict) else {}
    for name in HINTS:
        path, value = f"/annotations/{name}", _yes_no(held.get(name))
        yield Field(name, "choice", _LABELS[name], path, value, "Behavior", _HINT_WORDS[name], options=_YES_NO)
    rest: JsonObject = {key: value for key, value in document.items() if _is_left_over(key, value)}
    if rest:
        yield Field("rest", "json", "More keys", "", pretty(rest), "JSON", hint="Kept unchanged.")


def _is_left_over(key: str, value: JsonValue) -> bool:
    match key:
        case "name" | "title" | "description":
            return not isinstance(value, str)
        case "strict":
            return not isinstance(value, bool)
        case "triggers":  # no field of its own: few projects use them
            return True
        case "annotations":
            return not isinstance(value, dict) or any(name not in HINTS for name in value)
        case _:
            return key not in KNOWN_KEYS


def _schema_fields(row: FormRow, view: SchemaView) -> Iterator[Field]:
    fields = [*_head_fields(row, view), *_rule_fields(row, view)]
    if row.kind in ("property", "items", "rest"):
        fields += _value_fields(row, view)
    title = Field("title", "line", "Title", f"{row.path}/title", _text(view.schema.get("title")), "More")
    yield from (*fields, title)
    inner, outer = left_over(row, view, {field.path for field in (*fields, title)})
    if inner:
        hint = "A reference; the form does not change it." if "$ref" in inner else "Keywords without a form field."
        yield Field("rest", "json", "More keywords", row.core, pretty(inner), "JSON", hint)
    if outer:
        yield Field(
            "outer", "json", "Around it", row.path, pretty(outer), "JSON", "Beside the choice between it and null."
        )


def _head_fields(row: FormRow, view: SchemaView) -> Iterator[Field]:
    if row.kind == "property":
        yield Field("name", "name", "Name", row.path, row.name)
    if row.kind in ("property", "items", "rest"):
        kinds = tuple((kind, "list" if kind == "array" else kind) for kind in TYPES)
        options = kinds if view.type else (("", view.words), *kinds)
        yield Field("type", "choice", "Type", row.path, view.type, options=options)
    if row.kind == "property":
        yield Field("required", "flag", "Required", row.path, _flag(row.is_required))
    if view.type and row.kind in ("property", "items", "rest"):
        yield Field("nullable", "flag", "May be null", row.path, _flag(view.is_nullable))
    text = _text(view.schema.get("description"))
    hint = _HINTS_BY_ROW.get(row.kind, "")
    yield Field("description", "text", "Description", f"{row.path}/description", text, hint=hint)


def _rule_fields(row: FormRow, view: SchemaView) -> Iterator[Field]:
    for key in RULES.get(view.type, ()):
        value, path = view.core.get(key), f"{row.core}/{key}"
        if key == "additionalProperties" and not isinstance(value, dict):
            yield Field(key, "choice", _LABELS[key], path, _yes_no(value), "Rules", _OTHER_HINT, options=_OTHER_KEYS)
        elif key == "uniqueItems":
            yield Field(key, "flag", _LABELS[key], path, _flag(value is True), "Rules")
        elif key == "format":
            known = [(name, name) for name in FORMATS]
            own = [(value, value)] if isinstance(value, str) and value not in FORMATS else []
            options = (("", "any"), *own, *known)
            yield Field(key, "choice", _LABELS[key], path, _text(value), "Rules", options=options)
        elif key == "pattern":
            yield Field(key, "line", _LABELS[key], path, _text(value), "Rules", hint="a regular expression")
        elif key != "additionalProperties":
            shown = shown_literal(value, "number") if isinstance(value, int | float) else ""
            yield Field(key, "number", _LABELS[key], path, shown, "Rules", is_whole=key in _WHOLE)


def _value_fields(row: FormRow, view: SchemaView) -> Iterator[Field]:
    kind, schema = view.type, view.schema
    if kind not in ("object", "array", "boolean") or isinstance(view.core.get("enum"), list):
        rows, path = _enum_rows(view), f"{row.core}/enum"
        yield Field("enum", "values", "Allowed values", path, rows=rows, is_described=True, type=kind, group="Values")
    default = shown_literal(schema["default"], kind) if "default" in schema else ""
    is_text = isinstance(schema.get("default", ""), str)
    path = f"{row.path}/default"
    yield Field("default", "literal", "Default", path, default, "Values", type=kind, is_text=is_text)
    examples = schema.get("examples")
    if "examples" not in schema or isinstance(examples, list):
        listed = tuple(_value_row(value, kind) for value in examples) if isinstance(examples, list) else ()
        path = f"{row.path}/examples"
        yield Field("examples", "values", "Examples", path, rows=listed, type=kind, group="Values")


def _enum_rows(view: SchemaView) -> tuple[ValueRow, ...]:
    values, texts = view.core.get("enum"), view.core.get("enumDescriptions")
    if not isinstance(values, list):
        return ()
    described = texts if is_enum_described(view.core) and isinstance(texts, list) else [""] * len(values)
    return tuple(_value_row(value, view.type, str(text)) for value, text in zip(values, described, strict=True))


def _value_row(value: JsonValue, kind: str, description: str = "") -> ValueRow:
    return ValueRow(shown_literal(value, kind), description, isinstance(value, str) or kind != "string")


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _flag(is_on: bool) -> str:
    return "true" if is_on else "false"


def _yes_no(value: JsonValue) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else ""
