"""Asking again: how many times, in which ways, what that takes, how far it is, and everything that came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.app.microscope.sampling_store import KeptSampling, SampledArm, SamplingStore
from workbench.app.microscope.votes import VotePlan, Votes, identity
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.core.word_diff import Piece
from workbench.replay.sampling import Sample
from workbench.viewmodels.microscope.arm_choice import ArmChoice
from workbench.viewmodels.microscope.kept_samplings import KeptSamplings
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.result import Result, name_results, result_of
from workbench.viewmodels.microscope.side_by_side import side_by_side
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress

if TYPE_CHECKING:
    from workbench.app.runs.live_run import LiveRun

MOST_TRIALS = 1_000
MOST_CONCURRENT = 64
MOST_CHANGES = 12
"""How many changes of a variant are shown."""


class VotesViewModel:
    """Nothing is sent before `start`. Samples come in at any rate; `changed` is emitted by `flush` and by acts only,
    so the one who shows it decides how often it is drawn."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        store = SamplingStore(point.parts.store.folder, point.parts.redactor)
        self.kept = KeptSamplings(store, point.run_id, str(point.point))
        self.trials = 10
        self.concurrency = 4
        self.problem = ""
        """What went wrong, or nothing."""
        self.progress: Progress | None = None
        self.changed: Signal[[]] = Signal()
        self._votes = Votes(point.parts.runs, point.replays, store)
        self.choice = ArmChoice(point.parts, point, self._votes)
        self._results: list[Result] | None = None
        self._known: dict[str, Result] = {}
        self._changes: dict[str, tuple[tuple[str, tuple[Piece, ...]], ...]] = {}
        self._plan: VotePlan | None = None
        self._fresh: dict[int, list[Sample]] = {}
        self._is_stale = False
        self._estimate: tuple[bool, str, bool] | None = None
        """Whether it can be asked, what it takes or why not, and whether every model always answers the same."""
        self._opened: str | None = None
        self.choice.changed.connect(self._forget_estimate)
        self.kept.changed.connect(self._change)
        point.changed.connect(self._change)

    # what would be sent

    def ask_times(self, trials: int) -> None:
        """How many samples of each way to ask."""
        self.trials = min(max(1, trials), MOST_TRIALS)
        self._forget_estimate()

    def ask_at_once(self, concurrency: int) -> None:
        """How many requests may be under way at the same time."""
        self.concurrency = min(max(1, concurrency), MOST_CONCURRENT)
        self._forget_estimate()

    @property
    def estimate_words(self) -> str:
        """What it would take, or why it cannot be asked."""
        return self._estimated()[1]

    @property
    def is_exact(self) -> bool:
        """Whether every model that is chosen always answers the same: each is asked once."""
        return self._estimated()[2]

    @property
    def can_start(self) -> bool:
        """Whether Start would send something."""
        return not self.is_running and self._estimated()[0]

    @property
    def is_running(self) -> bool:
        """Whether samples are being drawn."""
        return self._plan is not None

    # drawing

    async def start(self, stop: Callable[[], object] | None = None) -> None:
        """Send it, and keep what comes; cancelling keeps it too. What goes wrong is said in `problem`."""
        if self.is_running:
            return
        self.problem = ""
        try:
            plan = self._votes.plan(
                self.point.decision, self.choice.arms, trials=self.trials, concurrency=self.concurrency
            )
            self._begin(plan, stop)
            await self._votes.draw(plan, self._hear, self._keep)
        except WorkbenchError as error:
            self.problem = one_line(str(error), 300)
        finally:
            self._end()

    async def load(self) -> None:
        """Read what is kept."""
        await self.kept.load()

    def flush(self) -> None:
        """Let what has come be seen."""
        if self._is_stale:
            self._is_stale = False
            self._change()

    # what came

    @property
    def results(self) -> list[Result]:
        """One for each question that was asked, what is as it was first; kept samplings of one question add up."""
        if self._results is None:
            self._results = self._gather()
        return self._results

    @property
    def opened(self) -> Result | None:
        """The result whose votes are shown: the one that was chosen, else the first."""
        found = (result for result in self.results if result.key == self._opened)
        return next(found, next(iter(self.results), None))

    @property
    def opened_changes(self) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
        """What the opened way to ask changes: the place, and the words before and after."""
        opened = self.opened
        if opened is None:
            return ()
        if opened.key not in self._changes:
            lines = self._votes.changes(self.point.decision, opened.arm)
            self._changes[opened.key] = tuple((line.place, line.pieces) for line in lines[:MOST_CHANGES])
        return self._changes[opened.key]

    def open(self, place: int) -> None:
        """Show the votes of the result in that row."""
        if 0 <= place < len(self.results) and self._opened != self.results[place].key:
            self._opened = self.results[place].key
            self.changed.emit()

    def go_on(self, arm: SampledArm, sample: Sample) -> "LiveRun":
        """Fork the run with this answer. Raises `UsageError`."""
        return self._votes.go_on(self.point.decision, arm, sample)

    @property
    def suggested_trials(self) -> int:
        """How many samples of each would settle every comparison, by what has come so far; 0: no suggestion."""
        missing = max((row.missing for row in side_by_side(self.results, self.point)), default=0)
        return min(missing, MOST_TRIALS) if not self.is_running else 0

    def open_kept(self, place: int) -> None:
        """Show the votes of the question that a kept sampling belongs to."""
        samplings = self.kept.samplings
        chosen = samplings[place] if 0 <= place < len(samplings) else None
        for number, result in enumerate(self.results):
            if any(one is chosen for one in result.kept):
                self.open(number)

    def _begin(self, plan: VotePlan, stop: Callable[[], object] | None) -> None:
        self._plan = plan
        self._fresh = {place: [] for place in range(len(plan.arms))}
        self.progress = Progress("Asking again", "sample", stop=stop)
        self.progress.tell(0, plan.samples)
        self._change()

    def _hear(self, place: int, sample: Sample) -> None:
        self._fresh[place].append(sample)
        self._is_stale = True
        if self.progress is not None:
            self.progress.tell(self.progress.done + 1, self.progress.total)

    def _keep(self, place: int, kept: KeptSampling) -> None:
        self._fresh[place] = []
        self.kept.take(kept)
        self._is_stale = True
        if not self.problem and kept.sampling.failure:
            self.problem = one_line(f"{kept.arm.title}: {kept.sampling.failure}", 300)

    def _end(self) -> None:
        if self.progress is not None:
            self.progress.finish()
        self._plan, self._fresh, self._is_stale = None, {}, False
        self._forget_estimate()

    def _gather(self) -> list[Result]:
        """Kept samplings by question, the oldest question first, and what is being drawn."""
        by_question: dict[str, list[KeptSampling]] = {}
        for one in reversed(self.kept.samplings):
            by_question.setdefault(f"{one.arm.title} {one.question}", []).append(one)
        made = {key: self._kept_result(key, group) for key, group in by_question.items()}
        for place, (arm, question) in enumerate(self._plan.arms if self._plan is not None else ()):
            key = f"{arm.title} {identity(question)}"
            known = made.get(key)
            made[key] = result_of(
                key,
                arm,
                question.put.request.model,
                question.put.request.tools,
                known.kept if known is not None else (),
                fresh=tuple(self._fresh.get(place, ())),
                changes=tuple(map(str, question.lines)),
                is_running=True,
                is_exact=question.is_exact,
            )
        self._known = made
        results = sorted(made.values(), key=lambda result: not result.arm.is_as_it_was)
        name_results(results, self.choice.edits)
        return results

    def _kept_result(self, key: str, group: list[KeptSampling]) -> Result:
        """The one that is there already when nothing was added: counting again takes its time."""
        known = self._known.get(key)
        if known is not None and not known.is_running and _is_same(known.kept, group):
            return known
        last = group[-1]
        offered = self._votes.offered(self.point.decision, last.arm).toolset
        return result_of(key, last.arm, last.model, offered, group, changes=last.changes)

    def _estimated(self) -> tuple[bool, str, bool]:
        if self._estimate is None:
            self._estimate = self._make_estimate()
        return self._estimate

    def _make_estimate(self) -> tuple[bool, str, bool]:
        arms = self.choice.arms
        if not arms:
            return False, "Choose at least one condition and one model.", False
        try:
            plan = self._votes.plan(self.point.decision, arms, trials=self.trials, concurrency=self.concurrency)
        except WorkbenchError as error:
            return False, one_line(str(error), 300), False
        exact = [question.is_exact for _, question in plan.arms]
        times = ", each once" if all(exact) else f" × {self.trials}"
        once = " (once where the model always answers the same)" if any(exact) and not all(exact) else ""
        return True, f"{figures.count(len(arms), 'condition')}{times}{once}: {plan.estimate}.", all(exact)

    def _forget_estimate(self) -> None:
        self._estimate = None
        self._change()

    def _change(self) -> None:
        self._results = None
        self.changed.emit()


def _is_same(kept: tuple[KeptSampling, ...], group: list[KeptSampling]) -> bool:
    return len(kept) == len(group) and all(one is other for one, other in zip(kept, group, strict=True))
