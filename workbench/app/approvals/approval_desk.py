"""Questions that wait for a person, independent of any window. Data out, decision in."""

import asyncio
import time
from collections.abc import Callable

import msgspec

from workbench.app.approvals.question_desk import QuestionDesk
from workbench.core.approval import Decision, Question
from workbench.core.ids import CallId
from workbench.core.server_question import Reply, ServerQuestion
from workbench.core.signal import Signal
from workbench.engine.ports import Clock

_SPARE_S = 1.0
"""The least time that a question outlives its held approval."""


class Held(msgspec.Struct, frozen=True):
    """An approval that is not a decision yet: it becomes one at `until`, unless it is undone first."""

    until: float
    waiting: "asyncio.Task[None]"


class ApprovalDesk:
    """Implements the engine's `Approver` for windows: it awaits a decision, and a button makes it.

    A decision counts once, only for the hash that was shown, and only until the question expires. Canceling the run
    withdraws the question. Until a held approval is given, its question is open like any other: a decision, withdrawal,
    or change in the meantime wins, and the approval is dropped.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        """Without a clock, only the engine lets questions expire."""
        self.server_questions = QuestionDesk()
        """Questions of servers in the middle of calls."""
        self._clock = clock
        self._waiting: dict[CallId, tuple[Question, asyncio.Future[Decision]]] = {}
        self._held: dict[CallId, Held] = {}
        self.changed: Signal[[]] = Signal()
        """`pending` has changed."""

    @property
    def pending(self) -> tuple[Question, ...]:
        """Open questions, oldest first."""
        return tuple(question for question, _ in self._waiting.values())

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        answered: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._drop(question.call_id)  # it was about an earlier question
        self._waiting[question.call_id] = (question, answered)
        self.changed.emit()
        try:
            return await answered
        finally:
            if self._waiting.get(question.call_id, (None, None))[1] is answered:
                del self._waiting[question.call_id]
                self._drop(question.call_id)
            self.changed.emit()

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`."""
        return await self.server_questions.reply(question)

    def answer(self, call_id: CallId, shown_hash: str, decision: Decision) -> bool:
        """Decide one call. False when it no longer waits, or has changed since it was shown."""
        question, answered = self._open(call_id)
        if question is None or answered is None or question.shown_hash != shown_hash:
            return False
        self._drop(call_id)
        answered.set_result(decision)
        return True

    def hold(
        self,
        call_id: CallId,
        shown_hash: str,
        decision: Decision,
        *,
        seconds: float,
        on_counted: Callable[[bool], None],
    ) -> bool:
        """Decide in this many seconds, and tell `on_counted` whether it counted. `take_back` cancels it before.

        False when the question does not wait, has changed since it was shown, or already has a held approval.
        A question that would expire before then waits long enough.
        """
        question, answered = self._open(call_id)
        if question is None or answered is None or question.shown_hash != shown_hash or call_id in self._held:
            return False
        until = self._now() + seconds
        if question.expires_at is not None and question.expires_at <= until:
            longer = msgspec.structs.replace(question, expires_at=until + _SPARE_S)
            self._waiting[call_id] = (longer, answered)

        async def decide_later() -> None:
            await (self._clock.sleep(seconds) if self._clock is not None else asyncio.sleep(seconds))
            if self._held.get(call_id, None) is held:
                del self._held[call_id]
                on_counted(self.answer(call_id, shown_hash, decision))

        held = Held(until, answered.get_loop().create_task(decide_later(), name=f"held approval {call_id}"))
        self._held[call_id] = held
        self.changed.emit()
        return True

    def take_back(self, call_id: CallId) -> bool:
        """Cancel a held approval: nothing is decided. False when none is held, including when it was already given."""
        if not self._drop(call_id):
            return False
        self.changed.emit()
        return True

    def held_until(self, call_id: CallId) -> float | None:
        """When a held approval will be given, in seconds since the epoch; None when none is held."""
        held = self._held.get(call_id)
        return held.until if held is not None else None

    def extend(self, call_id: CallId, seconds: float) -> bool:
        """Extend a question that expires by this many seconds. False when it does not wait, or waits forever."""
        question, answered = self._open(call_id)
        if question is None or answered is None or question.expires_at is None or seconds <= 0:
            return False
        longer = msgspec.structs.replace(question, expires_at=question.expires_at + seconds)
        self._waiting[call_id] = (longer, answered)
        self.changed.emit()
        return True

    def expires_at(self, call_id: CallId) -> float | None:
        """See `engine.ports.Extendable`."""
        question, _ = self._waiting.get(call_id, (None, None))
        return question.expires_at if question is not None else None

    def _open(self, call_id: CallId) -> tuple[Question | None, "asyncio.Future[Decision] | None"]:
        """The question about this call while a decision about it would count."""
        question, answered = self._waiting.get(call_id, (None, None))
        if question is None or answered is None or answered.done() or self._is_late(question):
            return None, None
        return question, answered

    def _is_late(self, question: Question) -> bool:
        return self._clock is not None and question.expires_at is not None and self._clock.now() > question.expires_at

    def _drop(self, call_id: CallId) -> bool:
        held = self._held.pop(call_id, None)
        if held is not None:
            held.waiting.cancel()
        return held is not None

    def _now(self) -> float:
        return self._clock.now() if self._clock is not None else time.time()
