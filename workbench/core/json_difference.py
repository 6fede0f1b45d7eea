"""What is not the same in two JSON values, place by place."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from workbench.core.json_text import JsonValue, canonical
from workbench.core.problem import pointer

ChangeKind = Literal["added", "removed", "changed", "reordered"]
_MAX_ITEMS = 500


class Difference(msgspec.Struct, frozen=True):
    """`path` leads into the new value, for what was removed into the old one."""

    kind: ChangeKind
    path: str
    old: JsonValue = None
    new: JsonValue = None


def differences(old: JsonValue, new: JsonValue, path: str = "") -> tuple[Difference, ...]:
    """Every difference, in the order of the new value, what was removed last within its container.

    Key order counts: models read it.
    """
    return tuple(_between(old, new, path))


def _between(old: JsonValue, new: JsonValue, path: str) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _in_objects(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _in_lists(old, new, path)
    elif type(old) is not type(new) or old != new:
        yield Difference("changed", path, old, new)


def _in_objects(old: dict[str, JsonValue], new: dict[str, JsonValue], path: str) -> Iterator[Difference]:
    for key, value in new.items():
        place = path + pointer([key])
        if key in old:
            yield from _between(old[key], value, place)
        else:
            yield Difference("added", place, None, value)
    for key, value in old.items():
        if key not in new:
            yield Difference("removed", path + pointer([key]), value, None)
    kept_before = [key for key in old if key in new]
    kept_now = [key for key in new if key in old]
    if kept_before != kept_now:
        yield Difference("reordered", path, list(kept_before), list(kept_now))


def _in_lists(old: list[JsonValue], new: list[JsonValue], path: str) -> Iterator[Difference]:
    if max(len(old), len(new)) > _MAX_ITEMS:
        if canonical(old) != canonical(new):
            yield Difference("changed", path, old, new)
        return
    matcher = SequenceMatcher(None, [canonical(item) for item in old], [canonical(item) for item in new], False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(old_to - old_from, new_to - new_from)
        for step in range(paired):
            place = path + pointer([new_from + step])
            yield from _between(old[old_from + step], new[new_from + step], place)
        for number in range(new_from + paired, new_to):
            yield Difference("added", path + pointer([number]), None, new[number])
        for number in range(old_from + paired, old_to):
            yield Difference("removed", path + pointer([number]), old[number], None)
