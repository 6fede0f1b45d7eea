"""The arguments of a call, line by line, for the person who has to decide about them."""

from dataclasses import dataclass

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, compact, parse_strict_object, pretty
from workbench.core.sanitizer import SanitizedValue
from workbench.viewmodels.shared.plain import one_line

_LINE = 72


@dataclass(frozen=True)
class ArgumentLine:
    """One top-level argument. `text` is its whole value as JSON; a long string is shown as its plain lines."""

    name: str
    text: str
    origin: str = ""
    is_default: bool = False
    is_tree: bool = False
    """Whether it is a list or an object that fits on no line."""


def argument_lines(arguments_json: str, sources: "tuple[tuple[str, str], ...]" = ()) -> tuple[ArgumentLine, ...]:
    """The lines, in the order in which the model wrote them; a text that is not JSON is one nameless line.

    `sources` are (where, text) pairs, newest first: a string that stands literally in one of them is
    marked as coming from there, any other string of some length as written by the model.
    """
    try:
        arguments = parse_strict_object(arguments_json)
    except MalformedJson:
        return (ArgumentLine("", arguments_json),)
    return tuple(
        ArgumentLine(name, _shown(value), _origin(value, sources), is_tree=_is_long(value))
        for name, value in arguments.items()
    )


def missing_lines(arguments_json: str, schema: JsonObject) -> tuple[ArgumentLine, ...]:
    """Optional parameters the model left out although they have a default."""
    try:
        arguments = parse_strict_object(arguments_json)
    except MalformedJson:
        return ()
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ()
    return tuple(
        ArgumentLine(name, compact(definition["default"]), "default", is_default=True)
        for name, definition in properties.items()
        if name not in arguments and isinstance(definition, dict) and "default" in definition
    )


def change_lines(changes: tuple[SanitizedValue, ...]) -> tuple[str, ...]:
    """What was changed before anybody was asked, a line each: where, from what to what, and by what."""
    return tuple(
        f"{change.path.removeprefix('/')}: {one_line(compact(change.before), 80)} → "
        f"{one_line(compact(change.after), 80)} ({change.by})"
        for change in changes
    )


def what_differs(before_json: str, now_json: str) -> str:
    """The names of the arguments that are not the same, in the order of the new call; those that went are marked."""
    try:
        before, now = parse_strict_object(before_json or "{}"), parse_strict_object(now_json or "{}")
    except MalformedJson:
        return "" if before_json == now_json else "all"
    differing = [name for name, value in now.items() if name not in before or compact(before[name]) != compact(value)]
    gone = [f"{name} (left out)" for name in before if name not in now]
    return ", ".join(map(one_line, differing + gone))


def _shown(value: object) -> str:
    if isinstance(value, str):
        return compact(value) if "\n" not in value else value
    return pretty(value) if _is_long(value) else compact(value)


def _is_long(value: object) -> bool:
    return isinstance(value, list | dict) and len(compact(value)) > _LINE


def _origin(value: object, sources: "tuple[tuple[str, str], ...]") -> str:
    """A guess that is only made where it can hardly be wrong: literal strings and numbers of some length."""
    if not sources or isinstance(value, bool | list | dict) or value is None:
        return ""
    text = value if isinstance(value, str) else compact(value)
    if len(text) < 2:
        return ""
    needle = text.casefold()
    for where, source in sources:
        if needle in source.casefold():
            return f"from {where}"
    return "written by the model" if isinstance(value, str) else ""
