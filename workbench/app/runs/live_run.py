"""A run in progress."""

import asyncio

from workbench.app.approvals.stepper import Stepper
from workbench.core.event import RunFinished
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.trace import fold


class LiveRun:
    """A run in progress, or one that has just ended."""

    def __init__(self, run_id: RunId, log: EventLog) -> None:
        self.run_id = run_id
        self.log = log
        self.task: asyncio.Task[RunFinished] | None = None
        self.stepper: Stepper | None = None

    @property
    def is_running(self) -> bool:
        """Whether it may still change."""
        return self.task is not None and not self.task.done()

    @property
    def waits_for_person(self) -> bool:
        """Whether it waits until somebody decides, or releases a held request."""
        held = self.stepper.held if self.stepper is not None else None
        is_held = held is not None and held.run_id == self.run_id
        return is_held or any(call.state == "waiting" for call in fold(self.log).calls())

    def stop(self) -> None:
        """End the run now; open calls are settled, and everything that arrived is kept."""
        if self.task is not None:
            self.task.cancel()

    async def finished(self) -> RunFinished:
        """The run's last event, even when it was stopped. Raises bugs of the workbench, and `CancelledError` when it
        was stopped before its first step."""
        assert self.task is not None
        await asyncio.wait([self.task])
        if not self.task.cancelled():
            return self.task.result()
        finished = fold(self.log).finished
        if finished is None:  # it was cancelled before its first step
            raise asyncio.CancelledError
        return finished
