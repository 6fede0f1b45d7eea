"""Takes recorded calls from check to result, each by what is on record about it."""

import msgspec

from workbench.core.event import ToolCallProposed
from workbench.core.sanitizer import LiesInside
from workbench.core.tool import Toolset
from workbench.engine.dispatch import Dispatcher
from workbench.engine.ports import Checker
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.replay.recorded_decisions import RecordedApprover, RecordedGate, RecordedGrants, policy_for
from workbench.replay.recorded_tools import RecordedExecutors
from workbench.replay.recording import Recording
from workbench.replay.recording_end import RecordingEnd


class RecordedDispatcher(Dispatcher):
    """See `Dispatcher`. Equal calls may have been decided differently, so each has rules of its own."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        recording: Recording,
        end: RecordingEnd,
        *,
        checker: Checker,
        lies_inside: LiesInside | None = None,
    ) -> None:
        self._setup = _unhurried(setup, recording)
        self._replayed = recorder
        self._recording = recording
        self._checking = checker
        self._lies_inside = lies_inside
        self._executors = RecordedExecutors(recording, end)
        self._approver = RecordedApprover(recording, end)
        self._gate = RecordedGate(recording, end)
        super().__init__(
            self._setup, recorder, executors=self._executors, approver=self._approver, gate=self._gate, checker=checker
        )

    async def dispatch(self, call: ToolCallProposed, offered: Toolset, *, seconds_left: float) -> None:
        """Settle `call` as it was settled."""
        recorded = self._recording.calls.get(call.span)
        dispatcher = Dispatcher(
            msgspec.structs.replace(self._setup, policy=policy_for(recorded)),
            self._replayed,
            executors=self._executors,
            approver=self._approver,
            gate=self._gate,
            checker=self._checking,
            grants=RecordedGrants(recorded),
            lies_inside=self._lies_inside,
        )
        await dispatcher.dispatch(call, offered, seconds_left=seconds_left)


def _unhurried(setup: RunSetup, recording: Recording) -> RunSetup:
    """Calls that wait at the recording's end must not keep others from ending, and nobody needs time to decide."""
    limits = msgspec.structs.replace(
        setup.limits, concurrency=max(setup.limits.concurrency, len(recording.calls)), approval_seconds=None
    )
    return msgspec.structs.replace(setup, limits=limits)
