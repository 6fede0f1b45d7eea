"""What a trial gave as arguments, beside what its case expects, word by word."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from workbench.app.parts import HasRuns, HasSuites
from workbench.app.runs.runs import Runs
from workbench.app.variants.variants import VariantStore
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.json_text import pretty
from workbench.core.signal import Signal
from workbench.core.suite.case import Case
from workbench.core.suite.grade import judged_calls
from workbench.core.suite.matcher import Fits
from workbench.core.suite.path import TurnPath, paths_of
from workbench.core.trace import Trace, fold
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.suites.suite_rows import TrialRow

_ArgumentPart = tuple[str, tuple[Piece, ...]]
"""A title, and expected arguments with what was given instead."""


class ReadsTrials(HasRuns, HasSuites, Protocol):
    """What reads trials again."""


class ArgumentComparison:
    """One trial is looked at."""

    def __init__(self, parts: ReadsTrials) -> None:
        self._parts = parts
        self.parts: tuple[_ArgumentPart, ...] = ()
        """A part for each expected call; none where the case expects no arguments."""
        self.changed: Signal[[]] = Signal()
        self._row: TrialRow | None = None
        self._is_reading = False

    async def look_at(self, row: TrialRow | None) -> None:
        """Compare the arguments of this trial; of none, and of one whose run is gone, there is nothing to show. While
        one is read, the last of those that were asked for waits, and the others are passed over."""
        self._row = row
        if self._is_reading:
            return
        self._is_reading = True
        try:
            found = await self._compare(row)
            while row is not self._row:
                row = self._row
                found = await self._compare(row)
        finally:
            self._is_reading = False
        if found != self.parts:
            self.parts = found
            self.changed.emit()

    async def _compare(self, row: TrialRow | None) -> tuple[_ArgumentPart, ...]:
        if (
            row is not None
            and row.run_id
            and any(call.arguments for turn in row.case.turns for call in turn.expected.calls)
        ):
            case = row.case
            try:
                trace, renames = await recorded_trial(self._parts, row.run_id)
                paths = paths_of(trace, renames=renames)
                return await self._parts.suites.judge.judge(lambda fits: argument_parts(case, paths, fits))
            except WorkbenchError:
                pass
        return ()


async def recorded_trial(parts: ReadsTrials, run_id: RunId) -> tuple[Trace, dict[str, str]]:
    """What happened in a trial, and what its variant renames. Raises `StoreError`."""
    return await asyncio.to_thread(_recorded, parts.runs, parts.suites.variants, run_id)


def _recorded(runs: Runs, variants: VariantStore, run_id: RunId) -> tuple[Trace, dict[str, str]]:
    """Holds no widget: a thread must not be the last to release one."""
    trace = fold(runs.load(run_id))
    return trace, variants.renames_of(trace.started.variant if trace.started is not None else None)


def argument_parts(case: Case, paths: Sequence[TurnPath], fits: Fits) -> tuple[_ArgumentPart, ...]:
    """For each call that is expected with arguments: those, and what the call that was graded by them was given.
    Matchers stand as they are written."""
    parts: list[_ArgumentPart] = []
    for turn, path in zip(case.turns, paths, strict=False):
        for wanted, given, _ in judged_calls(turn.expected, path.calls, fits):
            if wanted.arguments:
                text = pretty(given.arguments) if given.arguments is not None else given.arguments_json
                more = "" if wanted.exactly else "; additional ones are fine"
                title = f"{wanted.tool}: expected and given arguments{more}"
                parts.append((title, word_diff(pretty(wanted.arguments), text)))
    return tuple(parts)
