"""Questions that wait for a person, whoever shows them. Data out, decision in."""

import asyncio
from collections.abc import Callable

from workbench.core.approval import Decision, Question
from workbench.core.ids import CallId

Listener = Callable[[], None]


class ApprovalDesk:
    """Implements the engine's `Approver` for windows: a decision is awaited, a button resolves it.

    A decision counts once, and only for the hash that was shown. Cancelling the run withdraws the question.
    """

    def __init__(self) -> None:
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
        question, answered = self._waiting.get(call_id, (None, None))
        if question is None or answered is None or answered.done() or question.shown_hash != shown_hash:
            return False
        answered.set_result(decision)
        return True

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told whenever `pending` changes; call the returned function to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
