"""Providers fail. What is transient is tried again in sight of the user; what is not is said at once."""

import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, fails, says, script
from workbench.core.errors import FailureKind
from workbench.core.event import RequestFailed
from workbench.core.tool import Tool
from workbench.providers.scripted import ScriptedAnswer

PING = Tool.make("ping", "Ping.")


@pytest.mark.parametrize("kind", ["rate_limit", "overloaded", "server", "timeout", "connection"])
async def test_a_transient_failure_is_tried_again_and_each_attempt_is_a_span(kind: FailureKind) -> None:
    run = ScriptedRun(script(fails(kind), fails(kind), says("At last.")))
    finished = await run.run()
    assert finished.outcome == "answered"
    assert [request.sent.attempt for request in next(run.trace.rounds()).requests] == [1, 2, 3]
    assert run.clock.slept == [0.5, 1.0]


async def test_no_more_than_three_requests_are_made_for_one_answer() -> None:
    run = ScriptedRun(script(*[fails("server")] * 9, says("never")))
    finished = await run.run()
    assert (finished.outcome, finished.ended_by) == ("failed", "provider")
    assert finished.totals.requests == 3


@pytest.mark.parametrize("kind", ["authentication", "invalid_request", "not_found", "permission", "malformed", "quota"])
async def test_a_failure_that_will_not_pass_is_not_tried_again(kind: FailureKind) -> None:
    run = ScriptedRun(script(fails(kind), says("never")))
    finished = await run.run()
    assert finished.ended_by == "provider"
    assert finished.totals.requests == 1
    assert run.clock.slept == []


async def test_retry_after_is_honored_to_the_second() -> None:
    run = ScriptedRun(script(fails("rate_limit", retry_after_s=7.0), says("Now.")))
    await run.run()
    assert run.clock.slept == [7.0]


async def test_a_retry_after_beyond_patience_ends_the_run_instead_of_waiting_in_silence() -> None:
    run = ScriptedRun(script(fails("rate_limit", retry_after_s=3_600.0), says("Now.")))
    finished = await run.run()
    assert finished.ended_by == "provider"
    assert run.clock.slept == []
    assert "1 h 0 min" in finished.hint


@pytest.mark.parametrize("kind", FailureKind.__args__)  # type: ignore[attr-defined]
async def test_every_final_failure_says_what_can_be_done(kind: FailureKind) -> None:
    run = ScriptedRun(script(*[fails(kind)] * 3, says("never")))
    finished = await run.run()
    failed = [event for event in run.log if isinstance(event, RequestFailed)]
    assert finished.hint.endswith(".")
    assert failed[-1].hint == finished.hint


async def test_an_answer_that_is_cut_off_is_an_error_with_its_text_kept_and_no_call_run() -> None:
    cut = ScriptedAnswer(text="I will", calls=(call("ping"),), cut_off=True)
    run = ScriptedRun(script(cut, says("never")), tools=(PING,), bodies={"ping": lambda _: "pong"})
    finished = await run.run()
    failed = next(event for event in run.log if isinstance(event, RequestFailed))
    assert (failed.failure, failed.partial_text, failed.retry_in_s) == ("cut_off", "I will", None)
    assert finished.outcome == "failed"
    assert run.bodies.ran == []
    assert run.outcomes == []


async def test_a_failure_in_a_later_round_keeps_what_was_done() -> None:
    run = ScriptedRun(
        script(calls(call("ping")), fails("authentication"), says("never")),
        tools=(PING,),
        bodies={"ping": lambda _: "pong"},
    )
    finished = await run.run()
    assert finished.outcome == "failed"
    assert run.outcomes == ["ok"]
