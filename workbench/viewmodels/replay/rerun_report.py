"""Reruns in words: identical, or the first difference with both sides; one run, or all of them in a table."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.core.signal import Signal
from workbench.replay.rerun import Rerun
from workbench.viewmodels.shared.figures import clock_time, count, duration
from workbench.viewmodels.shared.plain import one_line, visible
from workbench.viewmodels.shared.tone import Tone
from workbench.viewmodels.shared.trouble import trouble_words

if TYPE_CHECKING:
    from workbench.app.replay.replays import Replays

NOTHING = "nothing was sent, executed, asked, or stored"
_MAX_RESULTS = 100_000


@dataclass(frozen=True)
class RerunResult:
    """The result of one run. `trouble` says why it could not be rerun, `hint` what else can be done with it."""

    run_id: RunId
    title: str
    rerun: Rerun | None = None
    trouble: str = ""
    hint: str = ""

    @property
    def tone(self) -> Tone:
        """Whether it is unchanged."""
        if self.rerun is None:
            return "warn"
        return "ok" if self.rerun.is_identical else "error"

    @property
    def verdict(self) -> str:
        """The result in a word or two."""
        if self.rerun is None:
            return "cannot be rerun"
        return "identical" if self.rerun.is_identical else "differs"

    @property
    def place(self) -> str:
        """Where the first difference is."""
        found = self.rerun.divergence if self.rerun is not None else None
        if found is None:
            return ""
        where = one_line(found.place.replace("/", ", ").replace("-", " "), 80)
        return f"{where}: {found.name}" if where else found.name

    @property
    def sides(self) -> tuple[str, str]:
        """The first difference: as recorded, and now."""
        found = self.rerun.divergence if self.rerun is not None else None
        if found is None:
            return "", ""
        return (
            visible(found.recorded) if found.recorded is not None else "(it did not happen)",
            visible(found.now) if found.now is not None else "(it does not happen)",
        )

    @property
    def figures(self) -> str:
        """`3 rounds, 3 calls · 12 ms · 250 rounds/s`."""
        if self.rerun is None:
            return ""
        rate = f" · {self.rerun.rounds / self.rerun.took_s:,.0f} rounds/s" if self.rerun.took_s > 0 else ""
        counted = f"{count(self.rerun.rounds, 'round')}, {count(self.rerun.calls, 'call')}"
        return f"{counted} · {duration(self.rerun.took_s * 1000)}{rate}"

    @property
    def explanation(self) -> str:
        """What the verdict means, in a sentence."""
        if self.rerun is None:
            return trouble_words(self.trouble, self.hint)
        if self.rerun.is_identical:
            return f"The loop reran everything over the recorded answers and results; {NOTHING}."
        return f"Only the first difference is listed; later ones follow from it; {NOTHING}."

    @property
    def row(self) -> tuple[str, str, str, str]:
        """For the table: verdict, run, figures, remarks."""
        recorded, now = self.sides
        said = f"{self.place}: was {recorded} and is {now}" if self.place else self.explanation if self.trouble else ""
        return _MARKS[self.tone] + self.verdict, self.title, self.figures, one_line(said, 240)


_MARKS: dict[Tone, str] = {"ok": "✓ ", "error": "✗ ", "warn": "! "}


class RerunBatch:
    """Reruns recorded runs, one after the other; stopping keeps the results so far."""

    def __init__(self, replays: "Replays") -> None:
        self.results: list[RerunResult] = []
        self.total = 0
        self.is_over = False
        self.changed: Signal[[]] = Signal()
        self._replays = replays

    @property
    def words(self) -> str:
        """The state, in a sentence."""
        identical = sum(result.tone == "ok" for result in self.results)
        differing = sum(result.tone == "error" for result in self.results)
        refused = sum(result.tone == "warn" for result in self.results)
        parts = [f"{identical:,} identical"]
        parts += [f"{differing:,} differ"] if differing else []
        parts += [f"{refused:,} cannot be rerun"] if refused else []
        rounds = sum(result.rerun.rounds for result in self.results if result.rerun is not None)
        took_s = sum(result.rerun.took_s for result in self.results if result.rerun is not None)
        if rounds and took_s:
            parts.append(f"{rounds / took_s:,.0f} rounds/s")
        done = f"{len(self.results):,} of {count(self.total, 'run')}"
        ending = "" if len(self.results) == self.total else (" · stopped" if self.is_over else " · running")
        return f"{done}: {', '.join(parts)}; {NOTHING}.{ending}"

    @property
    def shown(self) -> list[RerunResult]:
        """Differences first, then runs that cannot be rerun, then the rest, each newest first."""
        order = {"error": 0, "warn": 1, "ok": 2}
        return sorted(self.results, key=lambda result: order[result.tone])

    async def run(
        self, rows: Sequence[RunRow], on_progress: Callable[[int, int], object] = lambda done, total: None
    ) -> None:
        """Rerun these; `on_progress` gets the number of finished runs and the total."""
        self.results, self.total, self.is_over = [], len(rows[:_MAX_RESULTS]), False
        try:
            for row in rows[:_MAX_RESULTS]:
                self.results.append(await rerun_one(self._replays, row.run_id, title_of(row)))
                on_progress(len(self.results), self.total)
                self.changed.emit()
                await asyncio.sleep(0)
        finally:
            self.is_over = True
            self.changed.emit()


def title_of(row: RunRow) -> str:
    """A run in a few words."""
    return f"{one_line(row.title, 60) or '(empty message)'} · {clock_time(row.started_at)}"


async def rerun_one(replays: "Replays", run_id: RunId, title: str) -> RerunResult:
    """Rerun it. A run that cannot be rerun is a result, too."""
    try:
        events = await asyncio.to_thread(replays.events, run_id)
        return RerunResult(run_id, title, await replays.rerun(events))
    except WorkbenchError as error:
        return RerunResult(run_id, title, trouble=error.message, hint=error.hint)
