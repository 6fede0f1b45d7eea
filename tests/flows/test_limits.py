"""Every run ends, and says which bound ended it."""

import asyncio

import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.event import LimitReached
from workbench.core.exchange import Usage
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.limit import RunLimits
from workbench.core.tool import Tool
from workbench.providers.scripted import ScriptedAnswer

PING = Tool.make("ping", "Ping.")
AGAIN = calls(call("ping"))


def pinging(*answers: ScriptedAnswer, limits: RunLimits) -> ScriptedRun:
    return ScriptedRun(script(*answers), tools=(PING,), bodies={"ping": lambda _: "pong"}, limits=limits)


@pytest.mark.parametrize("rounds", [1, 2, 8])
async def test_a_model_that_never_stops_calling_is_stopped_after_its_rounds(rounds: int) -> None:
    run = pinging(*[AGAIN] * 20, limits=RunLimits(rounds=rounds))
    finished = await run.run()
    assert (finished.outcome, finished.ended_by) == ("limit", "limit")
    assert finished.totals.rounds == rounds
    assert run.outcomes == ["ok"] * rounds
    assert [event.limit for event in run.log if isinstance(event, LimitReached)] == ["rounds"]
    assert "limits.rounds" in finished.hint


async def test_calls_beyond_the_limit_are_settled_without_running() -> None:
    run = pinging(calls(*[call("ping")] * 5), says("Done."), limits=RunLimits(calls=3))
    finished = await run.run()
    assert run.outcomes == ["ok"] * 3 + ["cancelled"] * 2
    assert len(run.bodies.ran) == 3
    assert finished.outcome == "limit"


async def test_tokens_are_counted_over_the_run() -> None:
    used = ScriptedAnswer(calls=(call("ping"),), usage=Usage(input_tokens=90, output_tokens=20))
    run = pinging(used, used, used, says("Done."), limits=RunLimits(tokens=200))
    finished = await run.run()
    assert finished.outcome == "limit"
    assert finished.totals.usage.total_tokens == 220


async def test_a_request_that_outlasts_the_run_is_ended_by_the_limit() -> None:
    run = pinging(says("never", delay_s=3600), limits=RunLimits(seconds=0.02))
    finished = await run.run()
    assert finished.outcome == "limit"
    assert [event.limit for event in run.log if isinstance(event, LimitReached)] == ["seconds"]


async def test_a_tool_that_takes_too_long_is_an_error_for_its_call_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.execution._GRACE_S", 0.0)

    async def ping(arguments: JsonObject) -> JsonValue:
        await asyncio.Event().wait()
        return None

    run = ScriptedRun(
        script(calls(call("ping"), call("pong")), says("Done.")),
        tools=(PING, Tool.make("pong", "Pong.")),
        bodies={"ping": ping, "pong": lambda _: "fine"},
        limits=RunLimits(tool_seconds=0.02),
    )
    finished = await run.run()
    assert run.outcomes == ["error", "ok"]
    assert run.trace.call(run.settled[-1].call_id).settled.error_kind == "timeout"  # type: ignore[union-attr]
    assert finished.outcome == "answered"


async def test_an_answer_cut_off_by_the_output_limit_runs_none_of_its_calls() -> None:
    cut = ScriptedAnswer(text="Let me", calls=(call("ping"),), stop_reason="length")
    run = pinging(cut, limits=RunLimits())
    finished = await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["cancelled"]
    assert finished.outcome == "failed"
    assert "max_output_tokens" in finished.hint
