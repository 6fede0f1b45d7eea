"""What to run of a suite, its estimate, and the run or the race under way."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import msgspec

from workbench.app.parts import HasModels, HasProject, HasRuns, HasSuites, HasTools
from workbench.app.routing.plans import selector_names
from workbench.app.suites.suite_order import BATCH, DASK, HERE, SuiteOrder, check_place
from workbench.app.suites.suite_pilot import pilot_order, recorded_pilot
from workbench.app.suites.suite_plan import Prospect, SuiteEstimate, prospect
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_race import (
    RaceListeners,
    RaceReport,
    RaceRound,
    order_of_race,
    race_estimates,
    run_race,
)
from workbench.app.suites.suite_runner import SuiteRunner, made_in_thread
from workbench.app.suites.suite_words import (
    estimate_words,
    interim_words,
    progress_words,
    prospect_words,
    race_estimate_words,
)
from workbench.app.suites.suites import Suites
from workbench.core.errors import WorkbenchError
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.signal import Signal
from workbench.core.statistics.availability import check_statistics
from workbench.core.suite.trial import Trial
from workbench.viewmodels.shared.progress import Progress

PLACES = ((HERE, "This computer"), (BATCH, "Batch APIs, half the price"), (DASK, "Dask cluster"))
"""Where a suite can run, and how that is called."""
FIRST_CLUSTER = f"{DASK}127.0.0.1:8786"
"""The cluster that `make cluster` starts."""
INTERIM_LOOKS = 50
"""So often at most the verdict is worked out while a run goes on."""
_Result = TypeVar("_Result")


class SuitesParts(HasProject, HasSuites, HasTools, HasModels, HasRuns, Protocol):
    """What the page of suites uses."""


class SuiteRunning:
    """One run or race at a time. `fail` is told what could not be done."""

    def __init__(
        self,
        parts: SuitesParts,
        changed: Signal[[]],
        fail: Callable[[WorkbenchError], object],
        follow: Callable[[Progress], object],
    ) -> None:
        self.order = SuiteOrder(suite="")
        self.is_race = False
        """Whether the chosen variants are to race instead of being compared all at once."""
        self.estimated: SuiteEstimate | None = None
        self.confirmation: SuiteEstimate | None = None
        """What a race takes after its rounds."""
        self.prospect: Prospect | None = None
        self.progress: SuiteProgress | None = None
        self.interim = ""
        """What can be said so far, while a run goes on."""
        self.rounds: tuple[RaceRound, ...] = ()
        """The rounds of the race under way, or of the last one."""
        self.race: RaceReport | None = None
        """How the last race ended."""
        self.progressed: Signal[[]] = Signal()
        """A trial is done; nothing else has changed."""
        self._parts = parts
        self._changed = changed
        self._fail = fail
        self._follow = follow
        self.told = ""
        """What was last said about batches or a cluster."""
        self._runner: SuiteRunner | None = None
        self._task: asyncio.Task[Any] | None = None
        self._shown: Progress | None = None
        self._looked = 0
        self._is_pilot = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_running(self) -> bool:
        """Whether a run or a race is under way."""
        return self._task is not None

    @property
    def is_paused(self) -> bool:
        """Whether it waits to be continued."""
        return self.progress is not None and self.progress.is_paused

    @property
    def has_results(self) -> bool:
        """Whether the last run has results to look at: it was begun, and was no pilot, which leads back to the plan."""
        return self.progress is not None and not self._is_pilot

    @property
    def can_race(self) -> bool:
        """Whether what is chosen can race."""
        return not self.race_obstacle

    @property
    def race_obstacle(self) -> str:
        """Why what is chosen cannot race; empty where it can."""
        if len(self.order.selectors) > 1:
            return "Variants race under one selector: untick the selectors first"
        if len(self.order.models) > 1:
            return "Variants race with one model: untick the others first"
        return "" if sum(bool(name) for name in self.order.variants) > 1 else "Choose at least two variants first"

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that can be compared with offering all tools."""
        return selector_names(self._parts.project)

    def choose_models(self, first: str, others: tuple[str, ...]) -> None:
        """Ask these; the empty one is the project's own."""
        own = first or self._parts.project.model
        self.decide(models=(first or None, *(spec for spec in others if spec != own)))

    def choose_selectors(self, names: tuple[str, ...]) -> None:
        """Compare these with offering all tools; with none, tools are offered as the project says."""
        self.decide(selectors=(ALL_TOOLS, *names) if names else (None,))

    @property
    def progress_words(self) -> str:
        """How far the run is; empty before the first one."""
        if self.progress is None:
            return "Starting…" if self.is_running else ""
        return progress_words(self.progress, is_running=self.is_running)

    @property
    def estimate_words(self) -> str:
        """What the run would take, in a sentence; empty before it was estimated."""
        if self.estimated is not None and self.confirmation is not None:
            return race_estimate_words(self.estimated, self.confirmation)
        return estimate_words(self.estimated) if self.estimated is not None else ""

    @property
    def prospect_words(self) -> str:
        """Whether the question could be settled; empty before anybody said how much the change may do."""
        return prospect_words(self.prospect) if self.prospect is not None else ""

    def forget(self, suite: str) -> None:
        """Another suite is chosen."""
        self.order = SuiteOrder(suite=suite)
        self.estimated = self.confirmation = self.prospect = self.race = None
        self.rounds = ()

    def decide(self, **changes: Any) -> None:
        """Change what to run (fields of `SuiteOrder`)."""
        self.order = msgspec.structs.replace(self.order, **changes)
        self.estimated = self.confirmation = self.prospect = None
        self.is_race = self.is_race and self.can_race
        self._changed.emit()

    @property
    def place(self) -> str:
        """Which of `PLACES` is chosen."""
        return DASK if self.order.is_on_cluster else self.order.on

    def go_to(self, place: str) -> None:
        """Run the suite at one of `PLACES`, or on the cluster at an address, once the text is one."""
        on = FIRST_CLUSTER if place == DASK else place.strip()
        try:
            check_place(on)
        except WorkbenchError as error:
            self._fail(error)
            return
        self.decide(on=on)

    def let_race(self, *, is_on: bool) -> None:
        """Let the chosen variants race, or compare them all at once."""
        self.is_race = is_on and self.can_race
        self.estimated = self.confirmation = self.prospect = None
        self._changed.emit()

    async def estimate(self) -> None:
        """Say what the run would take, and what an earlier run says about the chances."""
        suites, order, is_race = self._parts.suites, self.order, self.is_race
        variant = next((name for name in reversed(order.variants) if name), "")

        def work() -> tuple[SuiteEstimate, SuiteEstimate | None, Prospect | None]:
            return *_estimates(suites, order, is_race=is_race), recorded_pilot(suites, order.suite, variant)

        try:
            estimate, confirmation, measured = await asyncio.to_thread(work)
        except WorkbenchError as error:
            self.estimated = self.confirmation = None
            self._fail(error)
            return
        if (order, is_race) != (self.order, self.is_race):
            return  # it answers what was chosen before
        self.estimated, self.confirmation = estimate, confirmation
        if measured is not None:
            await self._plan(measured.fixed, measured.broken, measured.basis)
        self._changed.emit()

    async def plan(self, fixed: int, broken: int) -> None:
        """Say whether a change that fixes and breaks this many of 100 cases could be shown with the chosen cases."""
        await self._plan(fixed / 100, broken / 100, "as you said")
        self._changed.emit()

    async def _plan(self, fixed: float, broken: float, basis: str) -> None:
        suites, order, is_race = self._parts.suites, self.order, self.is_race
        known = (self.estimated, self.confirmation) if self.estimated is not None else None

        def work() -> tuple[SuiteEstimate, SuiteEstimate | None, Prospect]:
            check_statistics()
            estimate, confirmation = known or _estimates(suites, order, is_race=is_race)
            return estimate, confirmation, prospect(fixed, broken, (confirmation or estimate).cases, basis=basis)

        try:
            found = await asyncio.to_thread(work)
        except WorkbenchError as error:
            self._fail(error)
            return
        if (order, is_race) == (self.order, self.is_race):
            self.estimated, self.confirmation, self.prospect = found

    async def run(self) -> str:
        """Run what is chosen, as a race where that was chosen; the id of the suite run to look at, empty where none was
        begun. Stop keeps what is done."""
        if self.is_race:
            return await self._race("")
        return await self._run(lambda: self._parts.suites.begin(self.order, listener=self._hear, told=self._tell))

    async def run_pilot(self) -> str:
        """Run the chosen variants on a few tune cases, to plan by what comes out."""
        suites = self._parts.suites
        made = await self._run(
            lambda: suites.begin(pilot_order(suites, self.order), listener=self._hear, told=self._tell), is_pilot=True
        )
        await self.estimate()
        return made

    async def resume(self, suite_run_id: str, race: str = "") -> str:
        """Go on with a suite run that was stopped, or with the race it belongs to."""
        if race:
            return await self._race(race)
        suites, order = self._parts.suites, self.order
        return await self._run(lambda: suites.resume(suite_run_id, order, listener=self._hear, told=self._tell))

    def pause(self) -> None:
        """Begin no more trials, or go on."""
        if self._runner is not None:
            (self._runner.go_on if self.is_paused else self._runner.pause)()
            self.progress = self._runner.progress
            self._changed.emit()

    def stop(self) -> None:
        """End the run; what is done is kept and can be resumed."""
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """End what runs, and wait for it."""
        task = self._task
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self, begin: Callable[[], SuiteRunner], *, is_pilot: bool = False) -> str:
        begun = ""

        async def work() -> None:
            nonlocal begun
            self._is_pilot = is_pilot
            runner = await made_in_thread(begin)
            begun = runner.results.run.suite_run_id
            self._begun(runner)
            await runner.run()

        await self._until_over(work, f"Suite {self.order.suite}")
        return begun

    async def _race(self, race: str) -> str:
        suites, order = self._parts.suites, self.order
        rounds: list[RaceRound] = []

        def round_over(race_round: RaceRound) -> None:
            rounds.append(race_round)
            self.rounds = tuple(rounds)
            self._changed.emit()

        async def work() -> str:
            self.rounds, self.race, self._is_pilot = (), None, False
            own = await asyncio.to_thread(order_of_race, suites, race, order) if race else order
            self.race = await run_race(suites, own, RaceListeners(self._hear, self._begun, round_over, self._tell))
            return self.race.held_out.run.suite_run_id

        last = await self._until_over(work, f"Race {order.suite}")
        return last or (rounds[-1].suite_run_id if rounds else "")

    async def _until_over(self, work: Callable[[], Coroutine[Any, Any, _Result]], title: str) -> _Result | None:
        """What it came to; None where it was stopped, even while it was beginning, where it failed and that was told,
        and where another one is under way."""
        if self._task is not None:
            return None
        self._loop = asyncio.get_running_loop()
        task = self._loop.create_task(work(), name=title)
        self._task = task
        self.progress = None
        self._shown = shown = Progress(title, "trial", stop=self.stop)
        self._follow(shown)
        self._changed.emit()
        try:
            await asyncio.wait([task])
        finally:
            shown.finish()
            if self._runner is not None:
                self.progress = self._runner.progress
            self.interim = self.told = ""
            self._runner = self._task = self._shown = None
        if task.cancelled():
            return None
        failure = task.exception()
        if isinstance(failure, BaseExceptionGroup):
            failure = failure.exceptions[0]
        if isinstance(failure, WorkbenchError):
            self._fail(failure)
            return None
        if failure is not None:
            raise failure
        return task.result()

    def _begun(self, runner: SuiteRunner) -> None:
        if self.is_paused:  # between two rounds of a race
            runner.pause()
        self._runner, self.progress, self.interim, self._looked = runner, runner.progress, "", 0
        self._changed.emit()

    def _tell(self, words: str) -> None:
        """May be called from the thread of a cluster, or of the reader that began the run."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._say, words)

    def _say(self, words: str) -> None:
        self.told = words
        self.progressed.emit()

    def _hear(self, _: Trial, progress: SuiteProgress) -> None:
        self.progress = progress
        done = progress.done + progress.failed
        look = done * INTERIM_LOOKS // max(1, progress.wanted)
        if look != self._looked and self._runner is not None:
            self._looked = look
            self.interim = interim_words(self._runner.results)
        if self._shown is not None:
            self._shown.tell(done, progress.wanted)
        self.progressed.emit()


def _estimates(suites: Suites, order: SuiteOrder, *, is_race: bool) -> tuple[SuiteEstimate, SuiteEstimate | None]:
    """What a run takes; of a race what its rounds take, and what its confirmation takes, on which it is decided."""
    return race_estimates(suites, order) if is_race else (suites.estimate(order), None)
