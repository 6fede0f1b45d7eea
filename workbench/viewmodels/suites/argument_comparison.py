"""What a trial gave as arguments, beside what its case expects, word by word."""

import asyncio
from collections.abc import Iterator

from workbench.app.parts import HasRuns
from workbench.app.runs.runs import Runs
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import JsonObject, pretty
from workbench.core.signal import Signal
from workbench.core.suite.case import Case, WantedCall
from workbench.core.suite.path import paths_of
from workbench.core.trace import Trace, fold
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.suites.suite_rows import TrialRow

Part = tuple[str, tuple[Piece, ...]]
"""A title, and expected arguments with what was given instead."""


class ArgumentComparison:
    """One trial is looked at."""

    def __init__(self, parts: HasRuns) -> None:
        self._runs = parts
        self.parts: tuple[Part, ...] = ()
        """A part for each expected call; none where the case expects no arguments."""
        self.changed: Signal[[]] = Signal()
        self._row: TrialRow | None = None

    async def look_at(self, row: TrialRow | None) -> None:
        """Compare the arguments of this trial; of none, and of one whose run is gone, there is nothing to show."""
        self._row = row
        found: tuple[Part, ...] = ()
        if row is not None and row.run_id and any(True for _ in _wanted(row.case)):
            try:
                found = await asyncio.to_thread(_compared, self._runs.runs, row)
            except WorkbenchError:
                found = ()
        if row is self._row and found != self.parts:
            self.parts = found
            self.changed.emit()


def _compared(runs: Runs, row: TrialRow) -> tuple[Part, ...]:
    """Holds nothing that shows it: a thread must not be the last to let go of a widget."""
    return argument_parts(row.case, fold(runs.load(row.run_id)))


def argument_parts(case: Case, trace: Trace) -> tuple[Part, ...]:
    """For each call that is expected with arguments: those, and what the first call of that tool was given. Matchers
    stand as they are written."""
    paths = paths_of(trace)
    parts: list[Part] = []
    for number, wanted, arguments in _wanted(case):
        calls = paths[number].calls if number < len(paths) else ()
        given = next((call for call in calls if call.tool == wanted.tool), None)
        if given is not None:
            text = pretty(given.arguments) if given.arguments is not None else given.arguments_json
            more = "" if wanted.exactly else "; further ones are fine"
            parts.append((f"{wanted.tool}: expected and given arguments{more}", word_diff(pretty(arguments), text)))
    return tuple(parts)


def _wanted(case: Case) -> Iterator[tuple[int, WantedCall, JsonObject]]:
    for number, turn in enumerate(case.turns):
        for wanted in turn.expected.calls:
            if wanted.arguments:
                yield number, wanted, wanted.arguments
