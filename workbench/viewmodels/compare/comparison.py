"""Runs side by side: what each round and call is called, which of them are shown, and the totals."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.compare.comparison_markdown import comparison_markdown
from workbench.app.compare.comparison_page import comparison_page
from workbench.app.compare.comparison_words import (
    HEADINGS,
    MARKS,
    NOT_COUNTED,
    SAME_CAUSES,
    UNKNOWN_CAUSES,
    causes_heading,
    difference_words,
    letter,
    result_words,
    round_tokens,
    row_name,
    total_words,
)
from workbench.app.compare.comparisons import ComparedRuns, WireChanges
from workbench.core.comparison import CallCell, CallStatus, RoundCell, RoundRow, RoundStatus
from workbench.core.run_total import RunTotal
from workbench.core.signal import Signal
from workbench.core.variant_lines import ChangeLine
from workbench.viewmodels.shared.figures import count, duration
from workbench.viewmodels.shared.plain import clipped, model_words, one_line, visible
from workbench.viewmodels.shared.tone import Tone

_TONES: dict[CallStatus | RoundStatus, Tone] = {
    "base": "plain",
    "same": "ok",
    "changed": "warn",
    "tool changed": "error",
    "arguments changed": "warn",
    "missing": "error",
    "extra": "error",
}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_CHARS = 400


@dataclass(frozen=True)
class CallView:
    """A call in one run, or its absence."""

    mark: str
    status: str
    tone: Tone
    tool: str = ""
    arguments: str = ""
    result: str = ""
    differences: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The whole cell, for a screen reader."""
        return ", ".join(part for part in (self.status, self.tool, self.arguments, *self.differences) if part)


@dataclass(frozen=True)
class RoundView:
    """A round in one run, or its absence."""

    mark: str
    status: str
    tone: Tone
    figures: str = ""
    text: str = ""


@dataclass(frozen=True)
class RowView:
    """Rounds that belong together. `wire` are the differences of the requests, one block a run, lines with a sign."""

    name: str
    is_same: bool
    rounds: tuple[RoundView, ...]
    calls: tuple[tuple[CallView, ...], ...]
    wire: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cause:
    """What a run was made with that the first one was not. `remark` is there when there are no lines."""

    heading: str
    lines: tuple[ChangeLine, ...]
    remark: str = ""


class ComparisonViewModel:
    """One comparison on the screen. The first run is the baseline."""

    def __init__(self, compared: ComparedRuns) -> None:
        self.compared = compared
        self.only_differences = False
        self.changed: Signal[[]] = Signal()
        """Other rows are shown."""
        self._rows = tuple(_row(row, wire) for row, wire in zip(compared.comparison.rows, compared.wire, strict=True))

    @property
    def letters(self) -> tuple[str, ...]:
        """How the runs are called."""
        return tuple(letter(run) for run in range(len(self.compared.comparison.runs)))

    @property
    def heading(self) -> str:
        """`B, C against A`."""
        first, *others = self.letters
        return f"{', '.join(others)} against {first}"

    @property
    def title(self) -> str:
        """The verdict in a sentence."""
        different = sum(not row.is_same for row in self.compared.comparison.rows)
        if not different:
            return "Same choices and answers."
        return f"{different} of {count(len(self._rows), 'round')} differ."

    @property
    def rows(self) -> tuple[RowView, ...]:
        """The rows that are shown."""
        return tuple(row for row in self._rows if not (self.only_differences and row.is_same and not row.wire))

    @property
    def hidden_words(self) -> str:
        """How many rows are left out."""
        hidden = len(self._rows) - len(self.rows)
        return f"{count(hidden, 'round')} without differences hidden" if hidden else ""

    @property
    def totals(self) -> tuple[tuple[str, ...], ...]:
        """One row for each thing that any run has something to say about, one column a run after its name."""
        runs = self.compared.comparison.runs
        columns = [(one_line(total.message, 80), *_totals(total)) for total in runs]
        rows = zip(("message", *HEADINGS), *columns, strict=True)
        return tuple(row for row in rows if any(row[1:]))

    @property
    def deltas(self) -> tuple[str, ...]:
        """For each run but the first: what it took more or less than the first."""
        base, *others = self.compared.comparison.runs
        return tuple(
            f"{name} against {letter(0)}:  {_delta(base, other)}"
            for name, other in zip(self.letters[1:], others, strict=True)
        )

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What the other runs were made with, compared with the first."""
        return tuple(
            Cause(
                causes_heading(run),
                lines or (),
                (UNKNOWN_CAUSES if lines is None else SAME_CAUSES) if not lines else "",
            )
            for run, lines in enumerate(self.compared.causes, 1)
        )

    def show_only_differences(self, *, only: bool) -> None:
        """Leave rows out in which nothing differs."""
        if only != self.only_differences:
            self.only_differences = only
            self.changed.emit()

    def markdown(self) -> str:
        """What is shown, as Markdown."""
        return comparison_markdown(self.compared, only_differences=self.only_differences)

    def page(self) -> str:
        """Everything as one HTML page that needs nothing else."""
        return comparison_page(self.compared)


def _delta(base: RunTotal, other: RunTotal) -> str:
    then, now = base.input_tokens + base.output_tokens, other.input_tokens + other.output_tokens
    tokens = f"{then:,} → {now:,} ({_signed(now - then)})" if base.is_counted and other.is_counted else NOT_COUNTED
    parts = [
        f"tokens {tokens}",
        f"rounds {base.rounds} → {other.rounds} ({_signed(other.rounds - base.rounds)})",
        f"calls {base.calls} → {other.calls} ({_signed(other.calls - base.calls)})",
        f"latency {duration(base.latency_ms)} → {duration(other.latency_ms)}",
    ]
    if base.cost.is_known and other.cost.is_known:
        parts.insert(1, f"cost {base.cost} → {other.cost}")
    return " · ".join(parts)


def _totals(total: RunTotal) -> tuple[str, ...]:
    """As everywhere, but a script goes by its file's name."""
    _, *others = total_words(total)
    return (f"{total.provider} · {model_words(total.model)}", *others)


def _signed(number: int) -> str:
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number < 0 else "±0"


def _row(row: RoundRow, wire: Sequence[WireChanges]) -> RowView:
    return RowView(
        row_name(row).capitalize(),
        row.is_same,
        tuple(map(_round, row.cells)),
        tuple(tuple(map(_call, calls)) for calls in row.calls),
        tuple(map(_wire, wire)),
    )


def _round(cell: RoundCell) -> RoundView:
    figures = f"{round_tokens(cell)} · {duration(cell.latency_ms)}" if cell.span else ""
    if cell.is_inherited:
        figures = f"inherited · {figures}"
    status = "baseline" if cell.status == "base" else cell.status
    text = visible(clipped(cell.text.strip(), _CHARS))
    return RoundView(_mark(cell.status), status, _tone(cell.status), figures, text)


def _call(cell: CallCell) -> CallView:
    if not cell.tool:
        is_absent = cell.status == "missing"
        return CallView(_mark(cell.status), "missing", "error") if is_absent else CallView("", "", "plain")
    status: str = "baseline" if cell.status == "base" else cell.status
    if cell.is_result_changed:
        status += ", another result"
    return CallView(
        _mark(cell.status),
        status,
        "warn" if cell.is_result_changed else _tone(cell.status),
        one_line(cell.tool, 80),
        one_line(cell.arguments_json, _CHARS),
        result_words(cell),
        tuple(map(difference_words, cell.differences)),
    )


def _wire(changes: WireChanges) -> tuple[str, str]:
    run = letter(changes.run)
    if changes.is_other_format:
        return f"{run} was asked over another wire format", ""
    lines = [f"{_SIGNS.get(difference.kind, '~')} {difference_words(difference)}" for difference in changes.differences]
    if changes.left_out:
        lines.append(f"… {changes.left_out:,} more")
    heading = (
        f"Request of {run} against {letter(0)}: {count(len(changes.differences) + changes.left_out, 'difference')}"
    )
    return heading, "\n".join(lines)


def _mark(status: CallStatus | RoundStatus) -> str:
    return "" if status == "base" else MARKS[status]


def _tone(status: CallStatus | RoundStatus) -> Tone:
    return _TONES[status]
