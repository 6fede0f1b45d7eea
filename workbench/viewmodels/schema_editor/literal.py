"""JSON values in a line of a form: plain text where the value is a string, JSON where it is something else."""

from workbench.core.json_place import places
from workbench.core.json_text import JsonValue, compact, parse_strict


class NotALiteral(ValueError):
    """What was typed is not a value of the kind that is wanted; the message says why."""


def shown_literal(value: JsonValue, kind: str) -> str:
    """A value as it is typed into a field for a schema of type `kind`.

    Strings of a string parameter stand without quotes, unless they are empty, say null, or look like JSON strings.
    """
    is_bare = kind == "string" and isinstance(value, str) and value not in ("", "null") and not value.startswith('"')
    return str(value) if is_bare else compact(value)


def read_literal(raw: str, kind: str, *, is_text: bool = True) -> JsonValue:
    """What was typed, `null` being null everywhere; raises `NotALiteral`.

    With `is_text` false, JSON is wanted even for a string parameter.
    """
    if kind == "string" and is_text and raw != "null" and not _is_quoted(raw):
        return raw
    found = places(raw)
    if found.faults:
        raise NotALiteral(_explain(found.faults[0].message, kind))
    value = parse_strict(raw)
    if value is None:
        return None
    if kind in ("integer", "number") and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise NotALiteral(f"{'an' if kind == 'integer' else 'a'} {kind} is required, such as 3")
    if kind == "integer" and float(value) != int(value):  # type: ignore[arg-type]
        raise NotALiteral("a whole number is required, such as 3")
    if kind == "boolean" and not isinstance(value, bool):
        raise NotALiteral("must be true or false")
    return value


def read_limit(raw: str, *, is_whole: bool) -> JsonValue:
    """A bound such as `minLength`: a number, whole and not negative where `is_whole`; raises `NotALiteral`."""
    value = read_literal(raw.strip(), "integer" if is_whole else "number")
    if value is None:
        raise NotALiteral("a number is required, such as 3")
    if is_whole and float(value) < 0:  # type: ignore[arg-type]
        raise NotALiteral("must be zero or more")
    return value


def _is_quoted(raw: str) -> bool:
    return len(raw) >= 2 and raw.startswith('"') and raw.endswith('"') and not places(raw).faults


def _explain(message: str, kind: str) -> str:
    if kind in ("integer", "number"):
        return f"a {'whole number' if kind == 'integer' else 'number'} is required, such as 3"
    if kind == "boolean":
        return "must be true or false"
    return f"not JSON: {message}"
