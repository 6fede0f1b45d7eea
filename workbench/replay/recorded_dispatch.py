"""Takes recorded calls from the check to the result, each by its own record."""

from dataclasses import replace

import msgspec

from workbench.core.event import ToolCallProposed
from workbench.core.sanitizer import IsInside
from workbench.core.tool import Toolset
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.ports import Checker
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.replay.recorded_decisions import RecordedApprover, RecordedGate, RecordedGrants, policy_for
from workbench.replay.recorded_tools import RecordedExecutors
from workbench.replay.recording import Recording
from workbench.replay.recording_end import RecordingEnd


class RecordedDispatcher(Dispatcher):
    """See `Dispatcher`. Equal calls may have been decided differently, so each has its own rules."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        recording: Recording,
        end: RecordingEnd,
        *,
        checker: Checker,
        is_inside: IsInside | None = None,
    ) -> None:
        self._setup = _without_deadlines(setup, recording)
        self._replayed = recorder
        self._recording = recording
        self._services = CallServices(
            executors=RecordedExecutors(recording, end),
            approver=RecordedApprover(recording, end),
            gate=RecordedGate(recording, end),
            checker=checker,
            is_inside=is_inside,
        )
        super().__init__(self._setup, recorder, self._services)

    async def dispatch(self, call: ToolCallProposed, offered: Toolset, *, seconds_left: float) -> None:
        """Settle `call` as it was settled."""
        recorded = self._recording.calls.get(call.span)
        setup = msgspec.structs.replace(self._setup, policy=policy_for(recorded))
        services = replace(self._services, grants=RecordedGrants(recorded))
        dispatcher = Dispatcher(setup, self._replayed, services)
        await dispatcher.dispatch(call, offered, seconds_left=seconds_left)


def _without_deadlines(setup: RunSetup, recording: Recording) -> RunSetup:
    """Calls that wait at the recording's end must not keep others from ending, and nobody needs time to decide."""
    limits = msgspec.structs.replace(
        setup.limits, concurrency=max(setup.limits.concurrency, len(recording.calls)), approval_seconds=None
    )
    return msgspec.structs.replace(setup, limits=limits)
