"""What servers say, cut to a size that can be stored and read."""

from collections.abc import Callable
from typing import Any

from workbench.core.json_text import JsonValue

MAX_NOTES = 50


def keep_note(notes: list[str], note: str) -> None:
    """Add a note; the first and the last ones are kept."""
    notes.append(note)
    if len(notes) > MAX_NOTES:
        del notes[1]


def first_problem(error: Any) -> str:
    """The first thing that pydantic has found wrong, and where."""
    detail = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(step) for step in detail['loc'])[:200]}: {detail['msg'][:200]}"


def each_text(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    """The same JSON with every text in it changed, names of members included."""
    match value:
        case str():
            return change(value)
        case list():
            return [each_text(item, change) for item in value]
        case dict():
            return {change(key): each_text(item, change) for key, item in value.items()}
        case _:
            return value
