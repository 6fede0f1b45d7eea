"""Runs the cases of a suite: bounded, resumable, and never asking for known answers again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

import msgspec

from workbench.app.suites.arm import Arm
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.trial_asking import Asks
from workbench.app.suites.trial_grading import TrialGrading
from workbench.core.errors import FailureKind, StoreError, WorkbenchError
from workbench.core.suite.case import Case
from workbench.core.suite.early_stop import is_decided
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import Trial
from workbench.core.trace import fold
from workbench.engine.child_process import finish_anyway
from workbench.engine.ports import Clock
from workbench.replay.sampling import in_order
from workbench.store.batch_journal import JOURNAL
from workbench.store.runs import RunStore
from workbench.store.trial_store import TrialStore

_HOPELESS: tuple[FailureKind, ...] = ("authentication", "permission", "quota", "not_found", "unavailable")
"""Failures that every further request would repeat."""

OnTrial = Callable[[Trial, SuiteProgress], None]


async def made_in_thread(make: "Callable[[], SuiteRunner]") -> "SuiteRunner":
    """Begin or resume a suite run without blocking the loop. If its caller is canceled, it is discarded
    before the cancellation continues."""
    making = asyncio.ensure_future(asyncio.to_thread(make))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        await finish_anyway(asyncio.ensure_future(_discard(making)))
        raise


async def _discard(making: "asyncio.Future[SuiteRunner]") -> None:
    with suppress(WorkbenchError):
        await (await making).discard()


class RunnerParts(msgspec.Struct, frozen=True):
    """What a runner needs."""

    run_store: RunStore
    """Of the runs of the trials."""
    trials: TrialStore
    grading: TrialGrading
    clock: Clock
    asks: Asks


class SuiteRunner:
    """One suite run. Finished trials are in `results` and on disk at every moment, even after Stop."""

    def __init__(
        self,
        parts: RunnerParts,
        results: SuiteResults,
        arms: Sequence[Arm],
        *,
        known: Mapping[tuple[str, str, int], Trial] | None = None,
        concurrency: int = 4,
        budget: Decimal | None = None,
        stop_early: bool = False,
        listener: OnTrial | None = None,
    ) -> None:
        """`known` are trials of earlier suite runs that may be reused."""
        self.results = results
        self._parts = parts
        self._arms = tuple(arms)
        self._known = dict(known or {})
        self._concurrency = min(parts.asks.at_once or concurrency, max(1, results.run.wanted))
        self._budget = budget
        self._stop_early = stop_early
        self._listener = listener
        self._begun = parts.clock.now()
        self._go = asyncio.Event()
        self._go.set()
        self._ended: set[str] = set()
        """Models that are no longer asked."""
        done = [trial for trial in results.trials if trial.grade is not None]
        self.progress = SuiteProgress(
            wanted=results.run.wanted,
            done=len(done),
            right=sum(trial.grade.is_right for trial in done if trial.grade is not None),
            wrong=sum(not trial.grade.is_right for trial in done if trial.grade is not None),
        )

    def pause(self) -> None:
        """Begin no further trial until `go_on`; those under way finish."""
        self._go.clear()
        self.progress = msgspec.structs.replace(self.progress, is_paused=True)

    def go_on(self) -> None:
        """Go on after `pause`."""
        self._go.set()
        self.progress = msgspec.structs.replace(self.progress, is_paused=False)

    async def run(self) -> SuiteResults:
        """Run every missing trial. Canceling is Stop: trials under way are dropped, all others kept.

        Raises `StoreError` when a trial cannot be saved.
        """
        groups: dict[str, list[Arm]] = {}
        for arm in self._arms:  # models of one connection share its limits
            groups.setdefault(arm.arm.model.partition(":")[0], []).append(arm)
        self._parts.asks.begin()
        try:
            async with asyncio.TaskGroup() as group:
                for connection, arms in groups.items():
                    group.create_task(self._run_group(arms), name=f"suite on {connection}")
        except ExceptionGroup as failed:
            known = failed.subgroup(WorkbenchError)
            if known is None:
                raise
            raise _first(known) from None
        finally:
            await self.close()
        return self.results

    async def close(self) -> None:
        """Release its resources; `run` does so itself."""
        await self._parts.asks.close()

    async def discard(self) -> None:
        """Close it before it ran, and delete it if nothing was asked. Raises `StoreError`."""
        await self.close()
        trials, run_id = self._parts.trials, self.results.run.suite_run_id
        if not self.results.trials and not (trials.folder / run_id / JOURNAL).exists():
            trials.delete(run_id)

    async def _run_group(self, arms: Sequence[Arm]) -> None:
        await in_order(self._jobs(arms), self._concurrency)

    def _jobs(self, arms: Sequence[Arm]) -> Iterator[Callable[[], Awaitable[None]]]:
        for arm, case, number in self._order(arms):
            if arm.arm.model in self._ended:
                continue
            done = self.results.trial_at((case.key, arm.arm.key, number))
            if done is None or done.grade is None:
                yield lambda arm=arm, case=case, number=number: self._one(arm, case, number)  # type: ignore[misc]

    def _order(self, arms: Sequence[Arm]) -> Iterable[tuple[Arm, Case, int]]:
        """A model that reads its tools first gets one arm after the other; otherwise the arms take turns, so that
        changes over time affect all of them alike."""
        run = self.results.run
        cases = [self.results.cases[key] for key in run.cases if key in self.results.cases]
        if any(arm.arm.is_exact for arm in arms) and not self._stop_early:
            return ((arm, case, n + 1) for arm in arms for case in cases for n in range(run.trials_of(arm.arm)))
        return (
            (arm, case, number + 1)
            for case in cases
            for number in range(run.trials)
            for arm in arms
            if number < run.trials_of(arm.arm)
        )

    async def _one(self, arm: Arm, case: Case, number: int) -> None:
        await self._go.wait()
        if arm.arm.model in self._ended:
            return
        known = self._known.get((case.key, arm.arm.key, number))
        taken = await self._take_over(known, arm, case, number) if known is not None else None
        trial = taken or await self._parts.asks.ask(arm, case, number)
        self._keep(trial, arm)

    async def _take_over(self, known: Trial, arm: Arm, case: Case, number: int) -> Trial | None:
        """The trial of an earlier suite run, graded by the case as it is now; None when its run is gone."""
        try:
            trace = fold(self._parts.run_store.events(known.run_id))
        except StoreError:
            return None
        trial = await self._parts.grading.trial(case, arm, number, trace)
        await asyncio.sleep(0)
        if trial.grade is None:
            return None
        return msgspec.structs.replace(trial, cached_from=known.cached_from)

    def _keep(self, trial: Trial, arm: Arm) -> None:
        self._parts.trials.add(self.results.run.suite_run_id, trial)
        self.results.add(trial)
        self._count(trial)
        stopped_by = self._end_where_due(trial, arm)
        if stopped_by and not self.progress.stopped_by:
            self.progress = msgspec.structs.replace(self.progress, stopped_by=stopped_by)
        if self._listener is not None:
            self._listener(trial, self.progress)

    def _count(self, trial: Trial) -> None:
        before, grade = self.progress, trial.grade
        asked = before.asked + (not trial.cached_from)
        seconds = self._parts.clock.now() - self._begun
        done = before.done + (grade is not None)
        dollars = before.dollars
        if not trial.cached_from and grade is not None:
            dollars = dollars + trial.cost if dollars is not None and trial.cost is not None else None
        self.progress = msgspec.structs.replace(
            before,
            done=done,
            asked=asked,
            right=before.right + (grade is not None and grade.is_right),
            wrong=before.wrong + (grade is not None and not grade.is_right),
            failed=before.failed + (grade is None),
            cached=before.cached + bool(trial.cached_from),
            seconds=seconds,
            left_s=seconds / asked * (before.wanted - done) if asked else None,
            dollars=dollars,
        )

    def _end_where_due(self, trial: Trial, arm: Arm) -> str:
        """End what no longer makes sense, and say why."""
        if trial.failure_kind in _HOPELESS:
            self._ended.add(arm.arm.model)
            return f"{arm.arm.model} cannot be asked: {trial.failure}"
        why = self._why_over(trial)
        if why:
            self._ended.update(each.arm.model for each in self._arms)
        return why

    def _why_over(self, trial: Trial) -> str:
        spent = self.progress.dollars
        if self._budget is not None and spent and spent >= self._budget:  # a free model needs no budget
            return f"The budget of ${self._budget} is used up."
        if self._stop_early and trial.grade is not None and is_decided(self.results):
            return "The question is decided; further cases would not change the answer."
        return ""


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
