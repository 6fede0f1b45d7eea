"""Editing a JSON text in place: what is not edited keeps its characters, its order and its spaces.

Every function takes a text that is valid JSON and gives the new text. A pointer that leads nowhere raises
`KeyError`; only `set_value` makes what is missing on the way.
"""

import json
from collections.abc import Sequence

from workbench.core.json_place import JsonPlaces, SyntaxNode, parent, places, steps
from workbench.core.json_text import JsonValue
from workbench.core.problem import pointer

_UNIT = "  "


def set_value(text: str, path: str, value: JsonValue, *, order: Sequence[str] = ()) -> str:
    """Put `value` at `path`, replacing what is there.

    A new key goes behind the last present key that comes before it in `order`, or to the end when `order` does not name
    it. Objects that are missing on the way are made. Raises `KeyError` where there is no such place.
    """
    found = places(text)
    node = found.node(path)
    if node is not None:
        return _spliced(text, node.start, node.end, _rendered(found, value, _indent_of(text, node.begin)))
    above, key = parent(path)
    container = found.node(above)
    if container is None:
        return set_value(text, above, {key: value}, order=order)
    if container.kind != "object":
        raise KeyError(path)
    return _inserted(found, container, _place_in(container, key, order), value, key)


def remove(text: str, path: str) -> str:
    """Take a member or an item out."""
    found = places(text)
    container, index = _position(found, path)
    members = container.children
    if len(members) == 1:
        return _spliced(text, container.start + 1, container.end - 1, "")
    if index == len(members) - 1:
        return _spliced(text, members[index - 1].end, members[index].end, "")
    return _spliced(text, members[index].begin, members[index + 1].begin, "")


def rename_key(text: str, path: str, new: str) -> str:
    """Give a member another key at the same place. A key that is taken raises `KeyError`."""
    found = places(text)
    container, index = _position(found, path)
    node = container.children[index]
    if node.key_start < 0 or (new != node.key and container.child(new) is not None):
        raise KeyError(new)
    return _spliced(text, node.key_start, node.key_end, _estimated(new))


def move(text: str, path: str, index: int) -> str:
    """Put a member or an item at place `index` of its container; the others close up."""
    found = places(text)
    container, old = _position(found, path)
    order = list(range(len(container.children)))
    order.insert(max(0, min(index, len(order) - 1)), order.pop(old))
    raw = [text[child.begin : child.end] for child in container.children]
    for slot in reversed(range(len(order))):
        child = container.children[slot]
        text = _spliced(text, child.begin, child.end, raw[order[slot]])
    return text


def insert_item(text: str, path: str, index: int, value: JsonValue) -> str:
    """Put `value` into the array at `path`, before the item that is at `index` now.

    Raises `KeyError` when there is no array.
    """
    found = places(text)
    container = found.node(path)
    if container is None or container.kind != "array":
        raise KeyError(path)
    return _inserted(found, container, max(0, min(index, len(container.children))), value)


def copy_member(text: str, path: str, new: str) -> str:
    """Repeat a member right behind itself under another key, character by character.

    Raises `KeyError` when the key is taken.
    """
    found = places(text)
    container, index = _position(found, path)
    node = container.children[index]
    if node.key_start < 0 or container.child(new) is not None:
        raise KeyError(new)
    raw = _estimated(new) + text[node.key_end : node.end]
    return _spliced(text, node.end, node.end, f",{_gap_before(text, container, index + 1)}{raw}")


def formatted(text: str) -> str:
    """The same JSON in the house's layout: two spaces, one member a line, keys in their order."""
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def _inserted(found: JsonPlaces, container: SyntaxNode, index: int, value: JsonValue, key: str | None = None) -> str:
    text, members = found.text, container.children
    if not members:
        return _first(found, container, value, key)
    gap = _gap_before(text, container, index)
    indent = gap.rpartition("\n")[2] if "\n" in gap else None
    raw = _member(found, container, value, key, indent)
    if index == 0:
        second = _gap_before(text, container, 1) if len(members) > 1 or "\n" in gap else _inline_gap(text)
        return _spliced(text, members[0].begin, members[0].begin, f"{raw},{second}")
    before = members[index - 1]
    return _spliced(text, before.end, before.end, f",{gap}{raw}")


def _first(found: JsonPlaces, container: SyntaxNode, value: JsonValue, key: str | None) -> str:
    """The first member of an empty container decides how it is laid out: like the text around it."""
    text = found.text
    if _is_one_line(text):
        raw = _member(found, container, value, key, None)
        return _spliced(text, container.start + 1, container.end - 1, raw)
    base = _indent_of(text, container.start)
    indent = base + _unit_of(found)
    raw = _member(found, container, value, key, indent)
    return _spliced(text, container.start + 1, container.end - 1, f"\n{indent}{raw}\n{base}")


def _member(found: JsonPlaces, container: SyntaxNode, value: JsonValue, key: str | None, indent: str | None) -> str:
    raw = _rendered(found, value, indent)
    if key is None:
        return raw
    colon = ": "
    if container.children:
        sibling = container.children[0]
        between = found.text[sibling.key_end : sibling.start]
        colon = between if "\n" not in between else ": "
    elif _is_one_line(found.text) and '": ' not in found.text and found.text.strip() != "{}":
        colon = ":"
    return f"{_estimated(key)}{colon}{raw}"


def _rendered(found: JsonPlaces, value: JsonValue, indent: str | None) -> str:
    """`value` as it is written at this indentation; on one line where the text is, or where there is none."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if indent is None or _is_one_line(found.text):
        tight = ": " not in found.text and found.text.strip() not in ("{}", "[]")
        return json.dumps(value, ensure_ascii=False, separators=(",", ":") if tight else (", ", ": "))
    return json.dumps(value, indent=_unit_of(found), ensure_ascii=False).replace("\n", f"\n{indent}")


def _gap_before(text: str, container: SyntaxNode, index: int) -> str:
    """The space that stands, or should stand, before the member at `index`, behind the comma."""
    members = container.children
    if 0 < index < len(members):
        return _space_between(text, members[index - 1].end, members[index].begin)
    if index >= len(members) > 1:
        return _space_between(text, members[-2].end, members[-1].begin)
    gap = text[container.start + 1 : members[0].begin]
    return gap if index == 0 or "\n" in gap else _inline_gap(text)


def _space_between(text: str, end: int, begin: int) -> str:
    return text[end:begin].partition(",")[2]


def _inline_gap(text: str) -> str:
    return " " if ": " in text or ", " in text else ""


def _indent_of(text: str, offset: int) -> str:
    """The white space at the beginning of the line that holds `offset`."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _unit_of(found: JsonPlaces) -> str:
    """One step of indentation as this text has it."""
    if found.root is not None and found.root.children:
        gap = found.text[found.root.start + 1 : found.root.children[0].begin]
        if "\n" in gap and (unit := gap.rpartition("\n")[2]) and unit.strip(" \t") == "":
            return unit
    return _UNIT


def _is_one_line(text: str) -> bool:
    stripped = text.strip()
    return "\n" not in stripped and stripped not in ("{}", "[]")


def _place_in(container: SyntaxNode, key: str, order: Sequence[str]) -> int:
    if key not in order:
        return len(container.children)
    earlier = set(order[: order.index(key)])
    return max((number + 1 for number, child in enumerate(container.children) if child.key in earlier), default=0)


def _position(found: JsonPlaces, path: str) -> tuple[SyntaxNode, int]:
    above, last = parent(path)
    container = found.node(above) if path else None
    node = container.child(last) if container is not None else None
    if container is None or node is None:
        raise KeyError(path)
    return container, container.children.index(node)


def _estimated(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def sibling(path: str, key: str) -> str:
    """The pointer beside `path` that ends in `key`."""
    return pointer((*steps(path)[:-1], key))
