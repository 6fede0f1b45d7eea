"""One argument of a call as a field of a form: what kind of field its schema makes, its text, and its value."""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, canonical, compact, parse_strict, pretty
from workbench.core.problem import pointer
from workbench.core.subschemas import MISSING, Missing, referred_to
from workbench.viewmodels.schema_editor.literal import NotALiteral, read_literal, shown_literal

ArgumentKind = Literal["string", "number", "integer", "boolean", "choice", "list", "group", "json"]
_SCALARS: dict[JsonValue, ArgumentKind] = {
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}
_MOST_CHOICES = 200
_MOST_DEPTH = 4
_MOST_STEPS = 20
FORMAT_HINTS = {
    "date": "2026-11-30",
    "time": "09:30:00Z",
    "date-time": "2026-11-30T09:30:00Z",
    "email": "ana@example.com",
}


class BadText(ValueError):
    """The text of a field is no value of its kind; the message says why."""


@dataclass
class ArgumentField:
    """`text` is empty where the argument is not given. A `list` has an item a line; a `choice` has JSON."""

    name: str
    path: str
    kind: ArgumentKind
    schema: JsonObject
    is_required: bool
    text: str = ""
    item_kind: ArgumentKind = "string"
    fields: "tuple[ArgumentField, ...]" = ()
    extra: JsonObject | None = None
    """Of a group: given members that the schema does not name."""

    @property
    def description(self) -> str:
        """What the author says about it."""
        said = self.schema.get("description")
        return said if isinstance(said, str) else ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice, as JSON."""
        listed = self.schema.get("enum", [self.schema.get("const")])
        return tuple(map(compact, listed)) if isinstance(listed, list) else ()

    @property
    def hint(self) -> str:
        """What could stand here: an example, the default, or the shape of the format."""
        example = _example(self.schema)
        if example is not MISSING:
            return f"such as {_shown(example, self.kind)}"
        return FORMAT_HINTS.get(str(self.schema.get("format")), "")

    def value(self) -> JsonValue | Missing:
        """What would be sent; `MISSING` where nothing is given. Raises `BadText`."""
        if self.kind == "group":
            whole: JsonObject = {**values_of(self.fields), **(self.extra or {})}
            return whole if whole or self.is_required else MISSING
        if not self.text.strip():
            return MISSING
        try:
            match self.kind:
                case "json" | "choice":
                    return parse_strict(self.text)
                case "list":
                    return [read_literal(line, self.item_kind) for line in self.text.split("\n") if line.strip()]
                case "string" | "number" | "integer" | "boolean":
                    return read_literal(self.text, self.kind)
                case _:
                    assert_never(self.kind)
        except NotALiteral as error:
            raise BadText(str(error)) from None
        except MalformedJson as error:
            raise BadText(f"not JSON: {error}") from None

    def fill(self, value: JsonValue | Missing) -> None:
        """Show this value. One that its kind of field cannot show makes it a field for JSON."""
        if isinstance(value, Missing):
            self.text, self.extra = "", None
            for field in self.fields:
                field.fill(MISSING)
            return
        if self.kind == "group" and isinstance(value, dict):
            known = {field.name for field in self.fields}
            self.extra = {name: inner for name, inner in value.items() if name not in known} or None
            for field in self.fields:
                field.fill(value.get(field.name, MISSING))
        elif self.kind == "list" and isinstance(value, list):
            self.text = "\n".join(shown_literal(item, self.item_kind) for item in value)
        else:
            self.text = _shown(value, self.kind)
        if not self._says(value):
            self.kind, self.text, self.fields = "json", pretty(value), ()

    def fill_in(self) -> None:
        """Show the default; where one is required and there is none, an example or the only choice."""
        for field in self.fields:
            field.fill_in()
        if self.kind == "group":
            return
        start = self.schema.get("default", MISSING)
        if start is MISSING and self.is_required:
            start = _example(self.schema)
            if start is MISSING and len(self.choices) == 1 and self.kind == "choice":
                self.text = self.choices[0]
        if start is not MISSING and start is not None:
            self.fill(start)

    def _says(self, value: JsonValue) -> bool:
        try:
            said = self.value()
            return not isinstance(said, Missing) and canonical(said) == canonical(value)
        except BadText:
            return False


def values_of(fields: "tuple[ArgumentField, ...]") -> JsonObject:
    """What is given in these fields, by name. Raises `BadText`."""
    return {field.name: value for field in fields if not isinstance(value := field.value(), Missing)}


def fields_of(schema: JsonObject) -> tuple[ArgumentField, ...]:
    """A field for each parameter, in the schema's order."""
    return _members(schema, schema, "", 0)


def _members(root: JsonObject, node: JsonObject, path: str, depth: int) -> tuple[ArgumentField, ...]:
    properties, required = node.get("properties"), node.get("required")
    needed = required if isinstance(required, list) else []
    if not isinstance(properties, dict):
        return ()
    return tuple(
        _field(root, name, inner if isinstance(inner, dict) else {}, path + pointer([name]), depth, name in needed)
        for name, inner in properties.items()
    )


def _field(root: JsonObject, name: str, written: JsonObject, path: str, depth: int, is_required: bool) -> ArgumentField:
    schema = _plain(root, written)
    made = ArgumentField(name, path, _kind(schema), schema, is_required)
    if made.kind == "list":
        items = schema.get("items")
        made.item_kind = _kind(_plain(root, items)) if isinstance(items, dict) else "json"
        if made.item_kind not in _SCALARS.values():
            made.kind = "json"
    if made.kind == "group":
        if depth >= _MOST_DEPTH:
            return replace(made, kind="json")
        made.fields = _members(root, schema, path, depth + 1)
    return made


def _plain(root: JsonObject, schema: JsonObject) -> JsonObject:
    """`schema` without references, and without null where something else can be given; what stands beside stays."""
    for _ in range(_MOST_STEPS):
        beside = {key: value for key, value in schema.items() if key in ("title", "description", "default", "examples")}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            found = referred_to(root, reference)
            schema = {**found, **beside} if isinstance(found, dict) else beside
            continue
        for key in ("anyOf", "oneOf"):
            choices = schema.get(key)
            others = [one for one in choices if one != {"type": "null"}] if isinstance(choices, list) else []
            if len(others) == 1 and isinstance(others[0], dict):
                schema = {**others[0], **beside}
                break
        else:
            kinds = schema.get("type")
            others = [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else []
            return {**schema, "type": others[0]} if len(others) == 1 else schema
    return {}


def _kind(schema: JsonObject) -> ArgumentKind:
    values = schema.get("enum")
    if "const" in schema or (isinstance(values, list) and 0 < len(values) <= _MOST_CHOICES):
        return "choice"
    kind = schema.get("type")
    if isinstance(kind, str) and kind in _SCALARS:
        return _SCALARS[kind]
    if kind == "array":
        return "list"
    return "group" if isinstance(schema.get("properties"), dict) and schema["properties"] else "json"


def _example(schema: JsonObject) -> JsonValue | Missing:
    examples = schema.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    return schema.get("example", MISSING)


def _shown(value: JsonValue, kind: ArgumentKind) -> str:
    match kind:
        case "json":
            return pretty(value)
        case "choice" | "list":
            return compact(value)
        case "string" | "number" | "integer" | "boolean" | "group":
            return shown_literal(value, kind)
        case _:
            assert_never(kind)
