"""Who decides about calls of clients: the person at the window, a client that may, or nobody."""

from collections.abc import Callable

from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.approval import Decision, Question
from workbench.core.server_question import NOBODY, Reply, ServerQuestion


class ServiceApprover:
    """Puts questions on the desk where somebody can answer them; else they are rejected at once."""

    def __init__(self, desk: ApprovalDesk, has_person: Callable[[], bool]) -> None:
        self._desk = desk
        self._has_person = has_person

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        if self._has_person():
            return await self._desk.decide(question)
        note = "nobody is there to approve calls of this service"
        return Decision("expire" if question.wants == "result" else "reject", by="nobody", note=note)

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`."""
        return await self._desk.reply(question) if self._has_person() else NOBODY
