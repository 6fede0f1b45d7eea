"""Step mode: a run stops before each request and before each call, until the person continues."""

import asyncio

import msgspec

from workbench.core.approval import Decision, Policy, Question, Rule
from workbench.core.exchange import WireRequest
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.server_question import NOBODY, Reply, ServerQuestion
from workbench.core.signal import Signal
from workbench.engine.ports import Answerer, Approver, Extendable

BY_STEP = "step mode, switched off"


class HeldRequest(msgspec.Struct, frozen=True):
    """A request that was not sent yet, exactly as it would be."""

    run_id: RunId
    span: SpanPath
    wire: WireRequest


class Stepper:
    """Implements the engine's `Pauser` for one conversation; switched on and off at any time."""

    def __init__(self) -> None:
        self.is_on = False
        self.held: HeldRequest | None = None
        self._going_on: asyncio.Event | None = None
        self.changed: Signal[[]] = Signal()
        """`held` or `is_on` has changed."""

    async def before_request(self, run_id: RunId, span: SpanPath, wire: WireRequest) -> None:
        """See `engine.ports.Pauser`."""
        if not self.is_on:
            return
        self.held, self._going_on = HeldRequest(run_id, span, wire), asyncio.Event()
        self.changed.emit()
        try:
            await self._going_on.wait()
        finally:
            self.held = self._going_on = None
            self.changed.emit()

    def go_on(self) -> bool:
        """Send the held request. False when none is held."""
        if self._going_on is None:
            return False
        self._going_on.set()
        return True

    def switch(self, *, is_on: bool) -> None:
        """On: hold from the next request on. Off: release, and hold nothing more."""
        self.is_on = is_on
        if not is_on:
            self.go_on()
        self.changed.emit()


def asking_policy(policy: Policy) -> Policy:
    """The same rules, but asking instead of allowing. Denied calls stay denied."""
    return Policy(tuple(_asking(rule) for rule in policy.rules))


class SteppedApprover:
    """Asks about every call while the stepper is on; otherwise only about those that the real policy asks about."""

    def __init__(self, approver: Approver, stepper: Stepper, policy: Policy) -> None:
        self._approver = approver
        self._stepper = stepper
        asked = {str(rule) for rule in policy.rules if rule.action == "ask"}
        self._allowed = {str(_asking(rule)) for rule in policy.rules if rule.action == "allow" and not rule.faults}
        self._allowed -= asked

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        if not self._stepper.is_on and question.wants == "decision" and question.rule in self._allowed:
            return Decision("approve", BY_STEP)
        return await self._approver.decide(question)

    def expires_at(self, call_id: CallId) -> float | None:
        """See `engine.ports.Extendable`."""
        return self._approver.expires_at(call_id) if isinstance(self._approver, Extendable) else None

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`."""
        return await self._approver.reply(question) if isinstance(self._approver, Answerer) else NOBODY


def _asking(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, action="ask") if rule.action == "allow" else rule
