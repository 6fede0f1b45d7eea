"""Changes around a decision, sampled one after the other: which are ticked, what that takes, and what came of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from workbench.app.microscope.ablations import Ablation, AblationPlan, AblationRow, Ablations
from workbench.core.ablation_change import AblationChange
from workbench.core.distribution import Distribution
from workbench.core.errors import WorkbenchError
from workbench.core.share import EXACT
from workbench.core.signal import Signal
from workbench.core.tool import Toolset
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress

MOST_TRIALS = 1_000
MOST_CONCURRENT = 64
_TRIALS = 10
ONCE = f"This model always gives the same answer to the same request, so each is sent once. {EXACT}"

MakeChanges = Callable[[Toolset], Sequence[AblationChange]]


@dataclass(eq=False)
class ShownAblation:
    """One change. `found` is its result, now or when it was sampled before."""

    change: AblationChange
    is_chosen: bool = False
    found: AblationRow | None = None
    is_running: bool = False


class AblationSeries:
    """Nothing is sent before `start`. `changed` is emitted by `flush` and by acts, so that the view decides how
    often it is drawn."""

    def __init__(
        self,
        point: PointViewModel,
        title: str,
        requested: MakeChanges,
        ticked: Callable[[AblationChange], bool] = lambda change: True,
    ) -> None:
        """`requested` makes the changes; `ticked` says of a new one whether it comes ticked."""
        self.point = point
        self.title = title
        self.requested = requested
        self._ticks = ticked
        self.rows: list[ShownAblation] = []
        self.base: Distribution | None = None
        """How often each choice was made as it was."""
        self.confidence: float | None = None
        """The mean of the model's own word about those."""
        self.problem = ""
        self.progress: Progress | None = None
        self.changed: Signal[[]] = Signal()
        self.finished: Signal[[AblationPlan, Ablation, bool]] = Signal()
        """What was sampled, and whether all of it was."""
        self.trials = _TRIALS
        self.concurrency = 4
        self._store = point.ablations
        self._whole: AblationPlan | None = None
        self._why_not = ""
        self._stale: Callable[[], None] | None = None
        self._estimate: str | None = None
        point.changed.connect(self.refresh)
        self.refresh()

    @property
    def is_exact(self) -> bool:
        """Whether the model that is asked always answers the same."""
        return self._whole is not None and self._whole.base.is_exact

    @property
    def samples_each(self) -> int:
        """How many samples per change are drawn."""
        return 1 if self.is_exact else self.trials

    @property
    def is_running(self) -> bool:
        """Whether samples are being drawn."""
        return self.progress is not None

    @property
    def chosen(self) -> tuple[ShownAblation, ...]:
        """The rows that are ticked."""
        return tuple(row for row in self.rows if row.is_chosen)

    @property
    def can_start(self) -> bool:
        """Whether Start would send something."""
        return not self.is_running and self._whole is not None and bool(self.chosen)

    @property
    def estimate_words(self) -> str:
        """What the ticked changes would take, or why nothing can be asked."""
        if self._whole is None:
            return self._why_not
        if not self.chosen:
            return "Select at least one change."
        if self._estimate is None:
            plan = self._ticked(self._whole)
            total = plan.base.estimate if self._known_base() is None else None
            for _, question in plan.changes:
                total = question.estimate if total is None else total + question.estimate
            more = " as it was, and" if self._known_base() is None else ""
            count = figures.count(len(plan.changes), "change")
            times = f" × {self.trials}" if more and not self.is_exact else ""
            self._estimate = f"The decision{more} {count}{times}: {total}." if more else f"{count}: {total}."
        return self._estimate

    @property
    def note(self) -> str:
        """What to know about this model's samples, or nothing."""
        return ONCE if self.is_exact else ""

    # what would be sent

    def tick(self, row: ShownAblation, *, is_on: bool) -> None:
        """Choose a change, or leave it."""
        if row.is_chosen != is_on:
            row.is_chosen = is_on
            self._forget_estimate()

    def tick_all(self, *, is_on: bool) -> None:
        """Choose all of them, or none."""
        for row in self.rows:
            row.is_chosen = is_on
        self._forget_estimate()

    def ask_times(self, trials: int) -> None:
        """How many samples of each."""
        self.trials = min(max(1, trials), MOST_TRIALS)
        self._replan()

    def ask_at_once(self, concurrency: int) -> None:
        """How many requests may be under way at the same time."""
        self.concurrency = min(max(1, concurrency), MOST_CONCURRENT)
        self._replan()

    def refresh(self) -> None:
        """Make the changes again: another tool is expected, another model asked, other changes chosen."""
        self._replan()
        known = {row.change.name: row for row in self.rows}
        rows = []
        for change, _ in self._whole.changes if self._whole is not None else ():
            old = known.get(change.name)
            row = old if old is not None and old.change == change else ShownAblation(change, self._ticks(change))
            rows.append(row)
        self.rows = rows
        if not self.is_running:
            for row in rows:
                row.found = None  # it may be another model's, or about another expectation
            self._take(self._store.rows(self._whole) if self._whole is not None else {})
            self.base = self._store.base(self._whole) if self._whole is not None else None
        self._forget_estimate()

    # drawing

    async def start(self, stop: Callable[[], object] | None = None) -> None:
        """Send it, and keep what comes; cancelling keeps it too. What goes wrong is said in `problem`."""
        if not self.can_start or self._whole is None:
            return
        plan = self._ticked(self._whole)
        base = self._known_base()
        series = Ablations(self.point.replays)
        total = plan.samples - (0 if base is None else plan.base.trials)
        self.problem = ""
        self.progress = Progress(self.title, "sample", stop=stop)
        self.progress.tell(0, total)
        self.point.work_begun.emit(self.progress)
        names = {row.change.name: row for row in self.rows}
        done = 0

        def on_sample(name: str, _sample: object) -> None:
            nonlocal done
            done += 1
            if self.progress is not None:
                self.progress.done = done
            for row in self.rows:
                row.is_running = row is names.get(name)
            self._stale = lambda: self._show(series.ablation)

        self.changed.emit()
        is_whole = False
        try:
            await series.run(plan, on_sample, base=base)
            is_whole = not series.ablation.failure
            self.problem = one_line(series.ablation.failure, 300)
        except WorkbenchError as error:
            self.problem = one_line(str(error), 300)
        finally:
            self.progress.finish()
            self.progress = self._stale = None
            for row in self.rows:
                row.is_running = False
            self._show(series.ablation)
            is_kept = self._keep(plan, series.ablation, is_whole=is_whole)
            self.refresh()
            if not is_kept:
                self._show(series.ablation)
            self.finished.emit(plan, series.ablation, is_whole)

    def flush(self) -> None:
        """Count what has come and let it be seen."""
        if self._stale is not None:
            count, self._stale = self._stale, None
            count()
            if self.progress is not None:
                self.progress.tell(self.progress.done, self.progress.total)
            self.changed.emit()

    def _keep(self, plan: AblationPlan, ablation: Ablation, *, is_whole: bool) -> bool:
        try:
            self._store.keep(plan, ablation, was_stopped=not is_whole)
        except WorkbenchError as error:
            self.problem = one_line(str(error), 300)
            return False
        return True

    def _show(self, ablation: Ablation) -> None:
        if ablation.base.trials:
            self.base = ablation.base
            self.confidence = ablation.confidence if ablation.confidence is not None else self.confidence
        self._take({row.change.name: row for row in ablation.rows})

    def _take(self, found: dict[str, AblationRow]) -> None:
        for row in self.rows:
            new = found.get(row.change.name)
            if new is not None and new.change == row.change:
                row.found = new

    def _known_base(self) -> Distribution | None:
        base = self.base
        if base is None:
            return None
        return base if base.is_exact or (base.trials >= self.trials and not self.is_exact) else None

    def _ticked(self, whole: AblationPlan) -> AblationPlan:
        names = {row.change.name for row in self.chosen}
        kept = tuple(pair for pair in whole.changes if pair[0].name in names)
        return msgspec.structs.replace(whole, changes=kept)

    def _replan(self) -> None:
        point = self.point
        expected = point.expected_tool
        try:
            self._whole = Ablations(point.replays).plan(
                point.recording,
                point.point,
                trials=self.trials,
                concurrency=self.concurrency,
                expected=expected if expected is not None and point.toolset.named(expected) else None,
                model=point.model,
                requested=self.requested,
            )
            self._why_not = ""
        except WorkbenchError as error:
            self._whole, self._why_not = None, one_line(str(error), 300)
        self._forget_estimate()

    def _forget_estimate(self) -> None:
        self._estimate = None
        self.changed.emit()
