"""Questions of tools' servers that wait for a person, no matter who shows them. Data out, reply in."""

import asyncio

from workbench.core.server_question import Reply, ServerQuestion
from workbench.core.signal import Signal


class QuestionDesk:
    """A reply counts once, and only for the hash that was shown. Cancelling the call withdraws its questions."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[ServerQuestion, asyncio.Future[Reply]]] = {}
        self.changed: Signal[[]] = Signal()
        """`pending` has changed."""

    @property
    def pending(self) -> tuple[ServerQuestion, ...]:
        """What waits, oldest first."""
        return tuple(question for question, _ in self._waiting.values())

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`."""
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[question.shown_hash] = (question, answered)
        self.changed.emit()
        try:
            return await answered
        finally:
            del self._waiting[question.shown_hash]
            self.changed.emit()

    def answer(self, shown_hash: str, reply: Reply) -> bool:
        """Answer a question. False when it no longer waits."""
        _, answered = self._waiting.get(shown_hash, (None, None))
        if answered is None or answered.done():
            return False
        answered.set_result(reply)
        return True
