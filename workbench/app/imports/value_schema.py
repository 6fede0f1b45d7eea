"""The shape of values, without any of them. Pure."""

from collections.abc import Iterable

from workbench.core.json_text import JsonObject, JsonValue


def schema_of(values: Iterable[JsonValue], depth: int = 0) -> JsonObject:
    """The shape of some values, without any of them."""
    held = list(values)
    kinds = list(dict.fromkeys(_kind(one) for one in held))
    if kinds == ["integer", "number"] or kinds == ["number", "integer"]:
        kinds = ["number"]
    known = [kind for kind in kinds if kind != "null"]
    if not known:
        return {}
    made: JsonObject = {"type": known[0] if kinds == known and len(known) == 1 else list[JsonValue](kinds)}
    if depth > 20:
        return made
    if known == ["object"]:
        objects = [one for one in held if isinstance(one, dict)]
        fields = dict.fromkeys(key for one in objects for key in one)
        made["properties"] = {key: schema_of([one[key] for one in objects if key in one], depth + 1) for key in fields}
    elif known == ["array"]:
        made["items"] = schema_of((each for one in held if isinstance(one, list) for each in one), depth + 1)
    return made


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
