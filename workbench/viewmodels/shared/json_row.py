"""What a row of a JSON tree says, in pieces that are colored by what they are."""

import re
from typing import Literal, assert_never

from workbench.core.json_text import compact
from workbench.viewmodels.shared.json_node import JsonNode, Name
from workbench.viewmodels.shared.plain import visible, visible_line

JsonInk = Literal["key", "string", "number", "literal", "faint"]
JsonPieces = tuple[tuple[str, JsonInk], ...]

_PREVIEW = 160
_BEGIN = 300
"""How much of a long string is in its own row; the rest is below it."""
_BREAKS = re.compile(r"\s*\n\s*")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")


def row_pieces(node: JsonNode, *, is_open: bool, has_lines: bool) -> JsonPieces:
    """The row: its name and what it holds. With `has_lines`, the line ends of a string are line ends."""
    name = _name(node)
    return (*((name, (": ", "faint")) if name else ()), *_value(node, is_open, has_lines))


def found_text(node: JsonNode) -> str:
    """The part of a row that is looked through: what was written, so no index, no count and no preview."""
    if node.kind == "part":
        return ""
    pieces = row_pieces(node, is_open=True, has_lines=False)
    begin = 0 if isinstance(node.name, str) else len(pieces) - 1
    return "".join(text for text, ink in pieces[begin:] if ink != "faint" or text == ": ").removesuffix(": ")


def found_at(node: JsonNode) -> int:
    """Where in its row the text that is looked through begins."""
    return 0 if node.name is None or isinstance(node.name, str) else len(f"{node.name}: ")


def row_words(node: JsonNode) -> str:
    """The row for a screen reader."""
    return "".join(text for text, _ in row_pieces(node, is_open=False, has_lines=False))


def path_text(node: JsonNode) -> str:
    """Where it is, as JSONPath: `$.orders[0]["unit price"]`."""
    return "$" + "".join(map(_step, node.path))


def _step(name: str | int) -> str:
    if isinstance(name, str) and _PLAIN_NAME.fullmatch(name):
        return f".{name}"
    return f"[{compact(name)}]"


def _name(node: JsonNode) -> tuple[str, JsonInk] | None:
    name: Name = node.name
    if name is None or node.kind == "text":
        return None
    return (f'"{visible_line(name, max_chars=_PREVIEW)}"', "key") if isinstance(name, str) else (str(name), "faint")


def _value(node: JsonNode, is_open: bool, has_lines: bool) -> JsonPieces:
    match node.kind:
        case "object" | "array":
            return (_container(node, is_open),)
        case "part":
            assert node.owner is not None
            is_text = node.owner.kind == "string"
            first, last = node.span
            return ((f"part {first + 1:,} – {last:,}" if is_text else f"[{first:,} … {last - 1:,}]", "faint"),)
        case "text":
            return ((_lines(node.source(), has_lines), "string"),)
        case "string":
            return _string(node, is_open, has_lines)
        case "number" | "literal":
            return ((visible_line(node.source(_BEGIN), max_chars=_BEGIN), node.kind),)
        case _:
            assert_never(node.kind)


def _container(node: JsonNode, is_open: bool) -> tuple[str, JsonInk]:
    marks = "{}" if node.kind == "object" else "[]"
    if not node.can_open:
        return (marks, "faint")
    if is_open:
        return (f"{marks[0]}{len(node.raws):,}{marks[1]}", "faint")
    begin = _BREAKS.sub(" ", node.source(_PREVIEW * 4))
    return (visible_line(begin, max_chars=_PREVIEW), "faint")


def _string(node: JsonNode, is_open: bool, has_lines: bool) -> JsonPieces:
    if not node.can_open:
        return ((f'"{_lines(node.string, has_lines)}"', "string"),)
    count = f"{sum(map(len, node.raws)):,} characters"
    if is_open:
        return ((count, "faint"),)
    return ((f'"{visible_line(node.unit(0).source(), max_chars=_BEGIN)}', "string"), (f" {count}", "faint"))


def _lines(text: str, has_lines: bool) -> str:
    return visible(text) if has_lines else visible_line(text, max_chars=0)
