"""A comparison as Markdown for pasting. Nothing in the runs can become markup."""

import re
from collections.abc import Iterator

from workbench.app.compare.comparison_words import (
    HEADINGS,
    MARKS,
    SAME_CAUSES,
    UNKNOWN_CAUSES,
    call_words,
    cause_words,
    causes_heading,
    difference_words,
    letter,
    result_words,
    row_name,
    text_words,
    total_words,
)
from workbench.app.compare.comparisons import ComparedRuns, WireChanges
from workbench.core.comparison import CallCell, RoundRow
from workbench.core.visible_text import visible_line

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TICKS = re.compile(r"`+")


def comparison_markdown(compared: ComparedRuns, *, only_differences: bool = False) -> str:
    """The whole comparison, or only the rows in which something differs."""
    return "\n".join(_lines(compared, only_differences)) + "\n"


def _lines(compared: ComparedRuns, only_differences: bool) -> Iterator[str]:
    comparison = compared.comparison
    yield "# Comparison of runs"
    yield ""
    yield "| run | message | " + " | ".join(HEADINGS) + " |"
    yield "|---|---|" + "---|" * len(HEADINGS)
    for run, total in enumerate(comparison.runs):
        cells = [f"{letter(run)}: {total.run_id}", visible_line(total.message, max_chars=80), *total_words(total)]
        yield "| " + " | ".join(map(plain, cells)) + " |"
    yield ""
    yield (
        "No differences."
        if comparison.is_same
        else f"{_count(comparison.rows)} of {len(comparison.rows)} rounds differ."
    )
    for run, causes in enumerate(compared.causes, 1):
        if only_differences and causes == ():
            continue
        yield ""
        yield f"## {causes_heading(run)}"
        yield ""
        if not causes:
            yield UNKNOWN_CAUSES if causes is None else SAME_CAUSES
        yield from (f"- {code(cause_words(line))}" for line in causes or ())
    for row, wire in zip(comparison.rows, compared.wire, strict=True):
        if only_differences and row.is_same and not wire:
            continue
        yield ""
        yield f"## {plain(row_name(row))}"
        yield ""
        yield from _round(row)
        for changes in wire:
            yield from _wire(changes)


def _round(row: RoundRow) -> Iterator[str]:
    for run, cell in enumerate(row.cells):
        note = ", inherited" if cell.is_inherited else ""
        yield f"- **{letter(run)}** {cell.status}{note}" + (f": {code(text_words(cell))}" if cell.text else "")
    for calls in row.calls:
        yield "- call"
        for run, call in enumerate(calls):
            yield from _call(run, call)


def _call(run: int, call: CallCell) -> Iterator[str]:
    status = call.status + (", another result" if call.is_result_changed else "")
    if not call.tool:
        yield f"    - {MARKS[call.status]} **{letter(run)}** {status}"
        return
    words = f"{code(call_words(call))} → {code(result_words(call))}"
    yield f"    - {MARKS[call.status]} **{letter(run)}** {status}: {words}"
    for difference in call.differences:
        yield f"        - {code(difference_words(difference))}"


def _wire(changes: WireChanges) -> Iterator[str]:
    if changes.is_other_format:
        yield f"- request of **{letter(changes.run)}**: another wire format"
        return
    yield f"- request of **{letter(changes.run)}**"
    for difference in changes.differences:
        yield f"    - {code(difference_words(difference))}"
    if changes.left_out:
        yield f"    - and {changes.left_out} more"


def _count(rows: tuple[RoundRow, ...]) -> int:
    return sum(not row.is_same for row in rows)


def plain(text: str) -> str:
    """`text` on one line, with every Markdown character escaped."""
    return _PUNCTUATION.sub(r"\\\1", visible_line(text))


def code(text: str) -> str:
    """`text` on one line as code, whatever backticks it holds."""
    line = visible_line(text)
    fence = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    return f"{fence} {line} {fence}" if line.strip() else ""
