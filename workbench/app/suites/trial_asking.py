"""Asks the model of a trial, and grades what comes back: in this program, or elsewhere."""

import asyncio
from typing import Protocol

import msgspec

from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.runs import Runs
from workbench.app.suites.arm import Arm
from workbench.app.suites.case_tools import ServedBy
from workbench.app.suites.schema_judge import SchemaJudge
from workbench.app.suites.trial_grading import TrialGrading, case_tools
from workbench.app.suites.trial_start import TrialStart, earlier_messages
from workbench.core.suite.case import Case
from workbench.core.suite.suite import ToolsMode
from workbench.core.suite.trial import Trial
from workbench.core.tool import Toolset
from workbench.core.trace import Trace, fold
from workbench.store.runs import RunStore


class Asks(Protocol):
    """Where trials are made. Begin with `begin`, end with `close`."""

    @property
    def at_once(self) -> int | None:
        """How many trials are under way together; None: as many as was ordered."""

    def begin(self) -> None:
        """Go on with what is under way."""

    async def ask(self, arm: Arm, case: Case, number: int) -> Trial:
        """The trial, whose run is in the history of the trials when this returns."""

    async def close(self) -> None:
        """Release everything."""


class TrialAsking:
    """Trials in this program. `own` are the project's tools, where they are not those that it offers now."""

    at_once: int | None = None

    def __init__(
        self,
        runs: Runs,
        store: RunStore,
        judge: SchemaJudge,
        mode: ToolsMode,
        grading: TrialGrading,
        own: Toolset | None = None,
    ) -> None:
        self._runs = runs
        self._store = store
        self._judge = judge
        self._mode = mode
        self._grading = grading
        self._own = own

    def begin(self) -> None:
        """Nothing is under way."""

    async def ask(self, arm: Arm, case: Case, number: int) -> Trial:
        """See `Asks`. Cancelling ends the run, too."""
        runs = self._runs
        await runs.turns.wait()
        history = earlier_messages(case.earlier)
        setup = msgspec.structs.replace(arm.setup, toolset=case_tools(arm, case), history=history)
        served = ServedBy(
            self._own or runs.toolset,
            runs.executors,
            runs.project.policy,
            self._judge,
            self._mode if arm.arm.is_texts_only else "mocks",
            case.results,
            arm.renames,
        )
        trace = await _end_of(runs.launch(TrialStart(case, setup, served), arm.provider))
        await self._store.written()
        return await self._grading.trial(case, arm, number, trace)

    async def close(self) -> None:
        """The runs belong to the project."""


async def _end_of(live: LiveRun) -> Trace:
    """The trace of a run that is over. Cancelling ends the run, too."""
    try:
        await live.finished()
    except asyncio.CancelledError:
        live.stop()
        if live.task is not None:
            await asyncio.wait([live.task])
        raise
    return fold(live.log)
