"""What answers the calls of a fork: the recording as long as the fork follows it, then mocks or a person.

Nothing runs live without a question: a call whose result is on record runs nothing, a mocked call runs nothing, and
every other call is asked about, unless the fork was made with `live`.
"""

from collections import Counter
from typing import Literal

import msgspec

from workbench.core.approval import ASK_ALL, Decision, Policy, Question
from workbench.core.choice import ChosenCall
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.event import RunEvent
from workbench.core.ids import CallId, SpanPath
from workbench.core.json_text import canonical
from workbench.core.tool import Tool
from workbench.core.trace import CallSpan, RoundSpan, Trace, fold
from workbench.engine.ports import (
    Approver,
    ExecutionOrder,
    ExecutionResult,
    Executor,
    Executors,
    Extendable,
    Fingerprinted,
    FromServer,
)
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recorded_decisions import BY_RECORDING
from workbench.replay.recording import RecordedCall, Recording, place_of

ForkTools = Literal["ask", "mock", "live"]
"""What serves the calls after the first divergence. `ask`: a person, call by call; `live`: the project's own rules."""

BY_MOCKS = "mocks"
MOCK = "mock"
HAS_LEFT = "This fork no longer follows its recording: approving runs the tool for real."


class ForkTracker:
    """Tracks which calls of a fork do what the recorded run did. Give it every event of the fork."""

    def __init__(self, recording: Recording, point: ForkPoint, *, renames: dict[str, str] | None = None) -> None:
        """`renames` says which tools the fork knows under another name."""
        self._then = fold(recording.events)
        self._calls = recording.calls
        self._point = point
        self._old_names = {new: old for old, new in (renames or {}).items()}
        self._now = Trace()
        self._found: dict[CallId, RecordedCall | None] = {}
        self.served: dict[SpanPath, RecordedCall] = {}
        """Calls that were answered from the recording, by their place in the fork."""

    def apply(self, event: RunEvent) -> None:
        """Apply one event of the fork."""
        self._now.apply(event)

    def recorded(self, call_id: CallId) -> RecordedCall | None:
        """The recorded call whose result this call is given, or None when the fork has left the recording.

        The same answer every time, no matter what parallel calls do meanwhile.
        """
        if call_id not in self._found:
            self._found[call_id] = self._find(call_id)
        return self._found[call_id]

    def results_of(self, tool: str, arguments: object) -> RecordedCall | None:
        """A recorded call of the tool, for a mock's answer: one with the same arguments, else its last one."""
        name = self._old_names.get(tool, tool)
        known = [call for call in self._calls.values() if call.has_result and call.proposed.tool == name]
        wanted = ChosenCall(name, canonical(arguments)).meaning
        alike = [call for call in known if ChosenCall(name, call.proposed.arguments_json).meaning == wanted]
        found = alike or known
        return found[-1] if found else None

    def _find(self, call_id: CallId) -> RecordedCall | None:
        place = place_of(call_id)
        if str(place) == str(self._point):
            return None  # the fork was made to change this call
        for turn_now, turn_then in zip(self._now.turns, self._then.turns, strict=False):
            if turn_now.started.message != turn_then.started.message:
                return None
            for now, then in zip(turn_now.rounds, turn_then.rounds, strict=False):
                if any(call.call_id == call_id for call in now.calls):
                    return self._in_round(call_id, now, then)
                if self._done(now) != self._done(then):
                    return None
        return None

    def _in_round(self, call_id: CallId, now: RoundSpan, then: RoundSpan) -> RecordedCall | None:
        """The recorded call that is the same, counting equal ones in their order."""
        before = []
        for call in now.calls:
            if call.call_id == call_id:
                break
            before.append(self._said(call))
        wanted = self._said(call)
        alike = [other for other in then.calls if self._said(other) == wanted]
        position = before.count(wanted)
        if position >= len(alike):
            return None
        recorded = self._calls[alike[position].span]
        return recorded if recorded.has_result else None

    def _done(self, current: RoundSpan) -> Counter[str]:
        """The round's calls and their outcomes, in any order."""
        return Counter(
            canonical([self._said(call), call.settled and [call.settled.result_text, call.settled.is_error]])
            for call in current.calls
        )

    def _said(self, call: CallSpan) -> str:
        return ChosenCall(self._old_names.get(call.tool, call.tool), call.proposed.arguments_json).meaning


class ForkExecutor:
    """Answers the calls of one tool in a fork."""

    def __init__(self, serving: ForkTracker, inner: Executor | None, tools: ForkTools) -> None:
        self._serving = serving
        self._inner = inner
        self._tools = tools

    @property
    def name(self) -> str:
        """What would run the tool after the first divergence."""
        return self._inner.name if self._inner is not None else "nothing but the recording"

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`."""
        recorded = self._serving.recorded(order.call_id)
        if recorded is not None and recorded.settled is not None:
            self._serving.served[place_of(order.call_id)] = recorded
            return recorded.answer
        if self._inner is not None and (self._tools != "mock" or self._inner.name == MOCK):
            return await self._inner.execute(order)
        if self._tools == "mock":
            return self._mocked(order)
        raise ExecutorUnavailable("no executor runs this tool", hint="Enter the result yourself, or add an executor.")

    def _mocked(self, order: ExecutionOrder) -> ExecutionResult:
        alike = self._serving.results_of(order.tool.name, order.arguments)
        if alike is None or alike.settled is None:
            raise ToolError(
                "This is a fork: nothing runs live, and no result of this tool is on record.", kind="no_mock"
            )
        where = f"mocked: the recorded result of {alike.proposed.span}"
        return msgspec.structs.replace(alike.answer, output=where, is_mocked=True)


class _BoundForkExecutor(ForkExecutor):
    """For executors that say more about themselves: rules that name its server, and decisions bound to its fingerprint,
    hold in a fork too."""

    @property
    def server(self) -> str:
        """See `engine.ports.FromServer`."""
        return self._inner.server if isinstance(self._inner, FromServer) else ""

    @property
    def fingerprint(self) -> str:
        """See `engine.ports.Fingerprinted`."""
        return self._inner.fingerprint if isinstance(self._inner, Fingerprinted) else ""


class ForkExecutors:
    """See `engine.ports.Executors`."""

    def __init__(self, serving: ForkTracker, inner: Executors, tools: ForkTools) -> None:
        self._serving = serving
        self._inner = inner
        self._tools = tools

    def executor_for(self, tool: Tool) -> Executor | None:
        """None only where nothing could ever answer, so that a person is asked for the result."""
        inner = self._inner.executor_for(tool)
        if inner is None and self._tools != "mock" and self._serving.results_of(tool.name, {}) is None:
            return None
        is_bound = isinstance(inner, FromServer | Fingerprinted)
        return (_BoundForkExecutor if is_bound else ForkExecutor)(self._serving, inner, self._tools)


class ForkApprover:
    """See `engine.ports.Approver`. Decides about calls that run nothing; every other one is the person's."""

    def __init__(self, serving: ForkTracker, inner: Approver, executors: Executors, tools: ForkTools) -> None:
        """`executors` are those that would run the tools for real."""
        self._serving = serving
        self._inner = inner
        self._executors = executors
        self._tools = tools

    async def decide(self, question: Question) -> Decision:
        """The decision; the person's own when anything could run."""
        if self._serving.recorded(question.call_id) is not None:
            return Decision("approve", by=BY_RECORDING, note="its recorded result is given; nothing runs")
        executor = self._executors.executor_for(question.tool)
        if self._tools == "mock" or (executor is not None and executor.name == MOCK):
            return Decision("approve", by=BY_MOCKS, note="a mock answers; nothing runs")
        if executor is None:
            return await self._inner.decide(msgspec.structs.replace(question, wants="result"))
        remarks = (*question.remarks, HAS_LEFT) if self._tools == "ask" else question.remarks
        return await self._inner.decide(msgspec.structs.replace(question, remarks=remarks))

    def expires_at(self, call_id: CallId) -> float | None:
        """See `engine.ports.Extendable`."""
        return self._inner.expires_at(call_id) if isinstance(self._inner, Extendable) else None


def fork_policy(own: Policy, tools: ForkTools) -> Policy:
    """The rules a fork runs with. What the project denies stays denied; nothing else is allowed without a decision."""
    if tools == "live":
        return own
    return Policy((*(rule for rule in own.rules if rule.action == "deny"), *ASK_ALL.rules))
