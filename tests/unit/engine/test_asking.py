"""Waiting for a decision ends with the decision, with the time, or with the run, and leaves nothing behind."""

import asyncio

import pytest

from tests.support.runs import HandClock, settle_down
from workbench.core.approval import Decision, Question
from workbench.core.ids import CallId
from workbench.core.tool import Tool
from workbench.engine.asking import EXPIRED, answer_to

YES = Decision("approve", by="me")


def question(expires_at: float | None = None) -> Question:
    return Question(CallId("c"), Tool.make("touch"), "{}", "ask *", "decision", "hash", expires_at=expires_at)


class Person:
    """Decides when the test says so; cannot be asked for more time."""

    def __init__(self) -> None:
        self.decision: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.was_withdrawn = False

    async def decide(self, question: Question) -> Decision:
        try:
            return await self.decision
        except asyncio.CancelledError:
            self.was_withdrawn = True
            raise


def waiting(person: Person, clock: HandClock, expires_at: float | None) -> "asyncio.Task[Decision]":
    return asyncio.create_task(answer_to(question(expires_at), person, clock, on_more_time=lambda _: None))


async def test_a_decision_ends_the_waiting() -> None:
    for expires_at in (None, 2_000.0):
        person = Person()
        task = waiting(person, HandClock(), expires_at)
        await settle_down()
        person.decision.set_result(YES)
        assert await task is YES


async def test_the_end_of_the_time_withdraws_the_question() -> None:
    person, clock = Person(), HandClock()
    task = waiting(person, clock, 1_010.0)
    await settle_down()
    await clock.push(10.0)
    assert await task is EXPIRED
    assert person.was_withdrawn


async def test_a_question_that_has_run_out_before_it_was_asked_is_a_no() -> None:
    person = Person()
    task = waiting(person, clock := HandClock(), 999.0)
    await settle_down()
    await clock.push(0.0)
    assert await task is EXPIRED


async def test_the_end_of_the_run_withdraws_the_question() -> None:
    person = Person()
    task = waiting(person, HandClock(), 1_010.0)
    await settle_down()
    task.cancel()
    await asyncio.wait([task])
    assert person.was_withdrawn


async def test_what_goes_wrong_with_asking_is_not_hidden() -> None:
    person = Person()
    task = waiting(person, HandClock(), 1_010.0)
    await settle_down()
    person.decision.set_exception(ValueError("the window is gone"))
    with pytest.raises(ValueError, match="the window is gone"):
        await task
