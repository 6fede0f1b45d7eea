"""The forms that servers may ask people to fill in: flat objects of simple values (MCP 2025-11-25, elicitation). Pure.

A schema is read into one with known keywords only, so that no pattern of a server is ever run.
"""

from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.problem import Problem
from workbench.core.schema import check_arguments, check_schema

MOST_FIELDS = 200
MOST_CHOICES = 200
_FORMATS = ("email", "uri", "date", "date-time")
_KEPT: dict[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "format"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "boolean": (),
    "array": ("minItems", "maxItems"),
}
_WORDS = ("title", "description")


class NotAForm(ValueError):
    """The schema is none of a form; the message says why, for the server's author."""


def form_schema(schema: JsonValue) -> JsonObject:
    """The same form with known keywords only; choices with titles become an `enum`, with the titles in the
    description. Raises `NotAForm`."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or schema.get("type", "object") != "object" or not isinstance(properties, dict):
        raise NotAForm("a form is an object with properties")
    if len(properties) > MOST_FIELDS:
        raise NotAForm(f"a form has at most {MOST_FIELDS} fields, and this one has {len(properties):,}")
    required = schema.get("required")
    listed = required if isinstance(required, list) else []
    needed: list[JsonValue] = [name for name in listed if isinstance(name, str) and name in properties]
    fields: JsonObject = {name: _field(name, written) for name, written in properties.items()}
    form: JsonObject = {"type": "object", "properties": fields, "required": needed}
    if problems := check_schema(form):
        raise NotAForm(f"it is not valid JSON Schema: {problems[0]}")
    return form


def form_problems(schema: JsonObject, content: JsonObject) -> tuple[Problem, ...]:
    """Where `content` does not fit a schema that `form_schema` gave."""
    return check_arguments({**schema, "additionalProperties": False}, content)


def _field(name: str, written: JsonValue) -> JsonObject:
    kind = written.get("type", "string") if isinstance(written, dict) else None
    if not isinstance(written, dict) or not isinstance(kind, str) or kind not in _KEPT:
        raise NotAForm(f"the field {name!r} is not text, a number, yes or no, or a choice; forms are not nested")
    field: JsonObject = {"type": kind}
    field |= {key: written[key] for key in _KEPT[kind] if key in written}
    words = [text for key in _WORDS if isinstance(text := written.get(key), str) and text.strip()]
    if field.get("format") not in (None, *_FORMATS):
        del field["format"]
    if kind == "array":
        choices, titles = _choices(name, written.get("items"))
        if not choices:
            raise NotAForm(f"the field {name!r} is a list of something other than choices; forms are not nested")
        field["items"] = {"type": "string", "enum": choices}
    else:
        choices, titles = _choices(name, written)
        if choices:
            field["enum"] = choices
    words += [f"{compact(choice)}: {title}" for choice, title in zip(choices, titles, strict=False) if title]
    if words:
        field["description"] = ". ".join(words) if len(words) < 3 else "\n".join(words)
    if _fits(field, written.get("default")):
        field["default"] = written["default"]
    return field


def _choices(name: str, written: JsonValue) -> tuple[list[JsonValue], list[str]]:
    """The values to choose from and their titles; none where anything can be entered."""
    if not isinstance(written, dict):
        return [], []
    titled = written.get("oneOf", written.get("anyOf"))
    values: list[JsonValue] = []
    titles: list[str] = []
    if isinstance(titled, list):
        for one in titled:
            if not isinstance(one, dict) or not isinstance(one.get("const"), str):
                raise NotAForm(f"a choice of the field {name!r} has no const")
            values.append(one["const"])
            titles.append(str(one.get("title", "")))
    elif "enum" in written:
        listed = written["enum"]
        values = [value for value in listed if isinstance(value, str | int | float)] if isinstance(listed, list) else []
        if not values:
            raise NotAForm(f"the field {name!r} has an enum without choices")
        names = written.get("enumNames")
        titles = list(map(str, names)) if isinstance(names, list) else []
    if len(values) > MOST_CHOICES:
        raise NotAForm(f"the field {name!r} has {len(values):,} choices, and at most {MOST_CHOICES} can be shown")
    return values, titles


def _fits(field: JsonObject, value: JsonValue) -> bool:
    """Whether the field may hold `value`; a default that does not fit its own field is left out."""
    return value is not None and not check_arguments({"type": "object", "properties": {"x": field}}, {"x": value})
