"""Questions that wait for a person, whoever shows them. Data out, decision in."""

import asyncio
from collections.abc import Callable

import msgspec

from workbench.core.approval import Decision, Question
from workbench.core.ids import CallId
from workbench.engine.ports import Clock

Listener = Callable[[], None]


class ApprovalDesk:
    """Implements the engine's `Approver` for windows: a decision is awaited, a button resolves it.

    A decision counts once, only for the hash that was shown, and only until the question expires. Cancelling the run
    withdraws the question.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        """Without a clock, the engine alone sees to it that questions expire."""
        self._clock = clock
        self._waiting: dict[CallId, tuple[Question, asyncio.Future[Decision]]] = {}
        self._listeners: list[Listener] = []

    @property
    def pending(self) -> tuple[Question, ...]:
        """What waits, oldest first."""
        return tuple(question for question, _ in self._waiting.values())

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        answered: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._waiting[question.call_id] = (question, answered)
        self._tell()
        try:
            return await answered
        finally:
            if self._waiting.get(question.call_id, (None, None))[1] is answered:
                del self._waiting[question.call_id]
            self._tell()

    def answer(self, call_id: CallId, shown_hash: str, decision: Decision) -> bool:
        """Decide about one call. False when it no longer waits, or when something else was shown."""
        question, answered = self._open(call_id)
        if question is None or answered is None or question.shown_hash != shown_hash:
            return False
        answered.set_result(decision)
        return True

    def extend(self, call_id: CallId, seconds: float) -> bool:
        """Give a question that expires so many seconds more. False when it does not wait, or waits for ever."""
        question, answered = self._open(call_id)
        if question is None or answered is None or question.expires_at is None or seconds <= 0:
            return False
        longer = msgspec.structs.replace(question, expires_at=question.expires_at + seconds)
        self._waiting[call_id] = (longer, answered)
        self._tell()
        return True

    def expires_at(self, call_id: CallId) -> float | None:
        """See `engine.ports.Extendable`."""
        question, _ = self._waiting.get(call_id, (None, None))
        return question.expires_at if question is not None else None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told whenever `pending` changes; call the returned function to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _open(self, call_id: CallId) -> tuple[Question | None, "asyncio.Future[Decision] | None"]:
        """The question about this call while a decision about it would count."""
        question, answered = self._waiting.get(call_id, (None, None))
        if question is None or answered is None or answered.done() or self._is_late(question):
            return None, None
        return question, answered

    def _is_late(self, question: Question) -> bool:
        return self._clock is not None and question.expires_at is not None and self._clock.now() > question.expires_at

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
