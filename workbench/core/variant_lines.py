"""What a variant changes, line by line, for people."""

from collections.abc import Iterator

import msgspec

from workbench.core.json_difference import differences
from workbench.core.json_text import JsonValue, compact
from workbench.core.model_parameters import PARAMETER_NAMES
from workbench.core.tool import Tool
from workbench.core.variant import Offer
from workbench.core.word_diff import Piece, word_diff


class ChangeLine(msgspec.Struct, frozen=True):
    """One change: where it is, and the text before and after it, word by word."""

    place: str
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        marks = {"same": "", "added": "+", "removed": "-"}
        words = "".join(
            f"{{{marks[piece.kind]}{piece.text}{marks[piece.kind]}}}" if piece.kind != "same" else piece.text
            for piece in self.pieces
        )
        return f"{self.place}: {words}"


def change_lines(before: Offer, after: Offer, *, renames: dict[str, str] | None = None) -> tuple[ChangeLine, ...]:
    """Every difference of two offers. `renames` says which tools are the same under another name."""
    return tuple(_lines(before, after, renames or {}))


def _lines(before: Offer, after: Offer, renames: dict[str, str]) -> Iterator[ChangeLine]:
    yield from _line("model", before.model, after.model)
    yield from _line("instructions", before.instructions, after.instructions)
    yield from _line("tool_choice", str(before.tool_choice.first), str(after.tool_choice.first))
    yield from _line("tool_choice_after", _shown(before.tool_choice.then), _shown(after.tool_choice.then))
    yield from _line("parallel_calls", compact(before.parallel_calls), compact(after.parallel_calls))
    for name in PARAMETER_NAMES:
        yield from _line(name, _shown(before.parameters.get(name)), _shown(after.parameters.get(name)))
    expected = [renames.get(name, name) for name in before.toolset.names]
    for old in before.toolset:
        new = after.toolset.named(renames.get(old.name, old.name))
        yield from _tool_lines(old, new) if new is not None else _line(f"tools/{old.name}", _tool_text(old), "")
    for tool in after.toolset:
        if tool.name not in expected:
            yield from _line(f"tools/{tool.name}", "", _tool_text(tool))
    kept = [name for name in expected if after.toolset.named(name) is not None]
    now = [name for name in after.toolset.names if name in kept]
    yield from _line("order of tools", ", ".join(kept), ", ".join(now))


def _tool_lines(old: Tool, new: Tool) -> Iterator[ChangeLine]:
    place = f"tools/{old.name}"
    yield from _line(f"{place}/name", old.name, new.name)
    yield from _line(f"{place}/description", old.description, new.description)
    rest_before = {key: value for key, value in old.document.items() if key not in ("name", "description")}
    rest_after = {key: value for key, value in new.document.items() if key not in ("name", "description")}
    for difference in differences(rest_before, rest_after):
        before = "" if difference.kind == "added" else _value(difference.old)
        after = "" if difference.kind == "removed" else _value(difference.new)
        yield from _line(f"{place}{difference.path}", before, after)


def _line(place: str, before: str, after: str) -> Iterator[ChangeLine]:
    if before != after:
        yield ChangeLine(place, word_diff(before, after))


def _tool_text(tool: Tool) -> str:
    return f"{tool.name}: {tool.description}"


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _value(value: JsonValue) -> str:
    return value if isinstance(value, str) else compact(value)
