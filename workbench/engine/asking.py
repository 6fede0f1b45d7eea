"""Waiting for a decision, but not forever."""

import asyncio
from collections.abc import Callable

import msgspec

from workbench.core.approval import Decision, Question
from workbench.engine.ports import Approver, Clock, Extendable

EXPIRED = Decision("expire", by="clock")


async def answer_to(
    question: Question, approver: Approver, clock: Clock, *, on_more_time: Callable[[Question], None]
) -> Decision:
    """The decision about `question`, or `EXPIRED` when its time is up.

    An approver that is `Extendable` may have given the question more time meanwhile; then `on_more_time` gets the
    question with its new deadline, and the waiting goes on. Cancelling withdraws the question.
    """
    if question.expires_at is None:
        return await approver.decide(question)
    asking = asyncio.create_task(approver.decide(question), name=f"question {question.call_id}")
    try:
        while question.expires_at is not None:
            await _first_of(asking, clock, question.expires_at - clock.now())
            await asyncio.sleep(0)  # a decision that came in time, at the very end, still has to arrive
            if asking.done():
                break
            later = approver.expires_at(question.call_id) if isinstance(approver, Extendable) else question.expires_at
            if later is not None and later <= clock.now():
                return EXPIRED
            question = msgspec.structs.replace(question, expires_at=later)
            on_more_time(question)
        return await asking
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _first_of(asking: "asyncio.Task[Decision]", clock: Clock, seconds: float) -> None:
    """Return when there is a decision or the time has passed."""
    timer = asyncio.create_task(clock.sleep(max(0.0, seconds)), name="time to decide")
    try:
        await asyncio.wait((asking, timer), return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
        await asyncio.gather(timer, return_exceptions=True)
