"""A comparison in words, shared by all of its views."""

from typing import assert_never

from workbench.core.comparison import CallCell, CallStatus, RoundCell, RoundRow, RoundStatus
from workbench.core.json_difference import Difference
from workbench.core.json_text import JsonValue, compact
from workbench.core.run_total import RunTotal
from workbench.core.variant_lines import ChangeLine
from workbench.core.visible_text import visible_line

SHOWN_CHARS = 200
CAUSE_CHARS = 2_000
MARKS: dict[CallStatus | RoundStatus, str] = {
    "base": " ",
    "same": "=",
    "changed": "≠",
    "tool changed": "≠",
    "arguments changed": "≈",
    "missing": "−",
    "extra": "+",
}
UNKNOWN_CAUSES = "Unknown: a run contains invalid tools."
SAME_CAUSES = "None: both runs have the same settings."
NOT_COUNTED = "not counted"
HEADINGS = (
    "model",
    "variant",
    "forked from",
    "outcome",
    "rounds",
    "calls",
    "tokens in",
    "tokens out",
    "cost",
    "latency",
    "first token",
)


def letter(run: int) -> str:
    """The label of run number `run` (from 0)."""
    return "ABCDEFGH"[run]


def causes_heading(run: int) -> str:
    """The heading of the changes of run number `run`."""
    return f"What {letter(run)} has that {letter(0)} does not"


def row_name(row: RoundRow) -> str:
    """The name of a row: the place of its round in the first run that has it."""
    span = next((cell.span for cell in row.cells if cell.span), "")
    return span.replace("turn-", "turn ").replace("/round-", ", round ")


def total_words(total: RunTotal) -> tuple[str, ...]:
    """The cells under `HEADINGS`, not escaped yet."""
    rounds = f"{total.rounds} ({total.inherited_rounds} inherited)" if total.inherited_rounds else str(total.rounds)
    return (
        f"{total.provider} · {total.model}",
        total.variant or "",
        total.parent_run or "",
        total.outcome,
        rounds,
        str(total.calls),
        _tokens(total, total.input_tokens, total.cached_tokens, "cached"),
        _tokens(total, total.output_tokens, total.reasoning_tokens, "reasoning"),
        str(total.cost),
        f"{total.latency_ms:,.0f} ms",
        f"{total.first_token_ms:,.0f} ms" if total.first_token_ms is not None else "",
    )


def round_tokens(cell: RoundCell) -> str:
    """The tokens of a round, in words."""
    return NOT_COUNTED if cell.tokens is None else f"{cell.tokens:,} token{'' if cell.tokens == 1 else 's'}"


def _tokens(total: RunTotal, tokens: int, part: int, name: str) -> str:
    if total.uncounted == total.rounds and not tokens:
        return NOT_COUNTED if total.rounds else "0"
    words = f"{tokens:,}" + (f" ({part:,} {name})" if part else "")
    return words if total.is_counted else f"{words}, {total.uncounted} {NOT_COUNTED}"


def call_words(cell: CallCell) -> str:
    """The call on one line."""
    if not cell.tool:
        return ""
    return f"{visible_line(cell.tool, max_chars=80)} {visible_line(cell.arguments_json, max_chars=SHOWN_CHARS)}"


def result_words(cell: CallCell) -> str:
    """Its result, on one line."""
    if not cell.outcome:
        return ""
    return f"{cell.outcome}: {visible_line(cell.result_text, max_chars=SHOWN_CHARS)}"


def text_words(cell: RoundCell) -> str:
    """The model's text, on one line."""
    return visible_line(cell.text, max_chars=SHOWN_CHARS)


def cause_words(line: ChangeLine) -> str:
    """One cause on one line, removed words in [-…-], added ones in {+…+}."""
    marks = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    words = "".join(f"{marks[piece.kind][0]}{piece.text}{marks[piece.kind][1]}" for piece in line.pieces)
    return visible_line(f"{line.place}: {words}", max_chars=CAUSE_CHARS)


def difference_words(difference: Difference) -> str:
    """One difference on one line."""
    place = difference.path or "/"
    match difference.kind:
        case "added":
            return f"{place} + {_short(difference.new)}"
        case "removed":
            return f"{place} − {_short(difference.old)}"
        case "changed" | "reordered":
            return f"{place}: {_short(difference.old)} → {_short(difference.new)}"
        case _:
            assert_never(difference.kind)


def _short(value: JsonValue) -> str:
    return visible_line(compact(value), max_chars=SHOWN_CHARS)
