"""Choosing runs to compare: the listed ones, the chosen ones, and whether they are enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from workbench.app.compare.comparison_words import letter
from workbench.app.compare.comparisons import MOST_RUNS
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import run_words

LISTED = 300


@dataclass(frozen=True)
class ChoosableRun:
    """One run in the list."""

    run_id: RunId
    words: str


class RunChoice:
    """The baseline is always chosen and first; the others follow in the order in which they were chosen."""

    def __init__(self, rows: Sequence[RunRow], baseline: RunId | None = None) -> None:
        self.changed: Signal[[]] = Signal()
        self.listed: Signal[[]] = Signal()
        """The listed runs have changed."""
        self._rows = [ChoosableRun(row.run_id, _words(row)) for row in rows]
        self._words: tuple[str, ...] = ()
        self.chosen: list[RunId] = [baseline] if baseline is not None else []

    @property
    def rows(self) -> tuple[ChoosableRun, ...]:
        """The runs that are listed, newest first."""
        found = (row for row in self._rows if all(word in row.words.casefold() for word in self._words))
        return tuple(islice(found, LISTED))

    @property
    def obstacle(self) -> str:
        """Why these cannot be compared; empty when they can."""
        if len(self.chosen) < 2:
            return "Choose at least two runs."
        return f"Compare at most {MOST_RUNS} runs." if len(self.chosen) > MOST_RUNS else ""

    def shown_words(self, row: ChoosableRun) -> str:
        """The row in the list; a chosen one begins with its letter."""
        if row.run_id not in self.chosen[:MOST_RUNS]:
            return row.words
        return f"{letter(self.chosen.index(row.run_id))}  ·  {row.words}"

    @property
    def verdict(self) -> str:
        """The choice, in a sentence."""
        if not self.chosen:
            return "The first run you choose is the baseline."
        others = len(self.chosen) - 1
        return f"Baseline: {self._name(self.chosen[0])}. {figures.count(others, 'run')} against it."

    def filter_by(self, text: str) -> None:
        """List only runs that contain every word."""
        self._words = tuple(text.casefold().split())
        self.listed.emit()

    def choose(self, run_id: RunId, *, is_chosen: bool) -> None:
        """Choose a run, or stop choosing it."""
        if is_chosen == (run_id in self.chosen):
            return
        if is_chosen:
            self.chosen.append(run_id)
        else:
            self.chosen.remove(run_id)
        self.changed.emit()

    def _name(self, run_id: RunId) -> str:
        return next((row.words for row in self._rows if row.run_id == run_id), run_id)


def _words(row: RunRow) -> str:
    parts = (
        one_line(row.title, 60) or "(empty message)",
        figures.clock_time(row.started_at),
        one_line(model_words(row.model), 40),
        run_words(row.outcome, is_live=row.is_live),
        "fork" if row.parent_run is not None and row.fork_seq is not None else "",
    )
    return " · ".join(part for part in parts if part)
