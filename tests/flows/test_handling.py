"""What a project wants to happen around a call: changes are shown, results are judged, failures are answered."""

import asyncio

from tests.support.runs import Answers, Body, HandClock, ScriptedRun, settle_down
from tests.support.scripts import NUMBER, TEXT, call, calls, raw_call, says, schema, script
from workbench.core.approval import ALLOW_ALL, ASK_ALL, Decision, Policy
from workbench.core.conversation import conversation
from workbench.core.error_handler import SUGGEST, ErrorHandler
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.event import NoteAdded, ToolCallChecked
from workbench.core.handling import Handling
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.rate_limit import RateLimit
from workbench.core.sanitizer import SanitizedValue, Sanitizer
from workbench.core.tool import Tool
from workbench.engine.pacer import Pacer
from workbench.engine.ports import ExecutionResult

FIND = Tool.make("find", "Find.", schema("q", q=TEXT, n={"type": "integer", "maximum": 50}))
TIDY = Handling(sanitizers={"find": {"q": Sanitizer(trim=True), "n": Sanitizer(most=50)}})


def finding(
    *,
    handling: Handling,
    body: Body = lambda _: "found",
    arguments: str = '{"q":" cats ","n":99}',
    approver: Answers | None = None,
    policy: Policy = ALLOW_ALL,
    tool: Tool = FIND,
    times: int = 1,
    clock: HandClock | None = None,
    pacer: Pacer | None = None,
) -> ScriptedRun:
    return ScriptedRun(
        script(*(calls(raw_call("find", arguments)) for _ in range(times)), says("Done.")),
        tools=(tool,),
        bodies={"find": body},
        approver=approver,
        policy=policy,
        handling=handling,
        clock=clock,
        pacer=pacer,
    )


def notes(run: ScriptedRun) -> list[str]:
    return [event.text for event in run.log if isinstance(event, NoteAdded)]


async def test_a_person_is_shown_sanitized_arguments_with_what_was_changed() -> None:
    run = finding(handling=TIDY, policy=ASK_ALL, approver=(approver := Answers(Decision("approve", by="person"))))
    await run.run()
    [question] = approver.questions
    assert question.arguments_json == '{"q":"cats","n":50}'
    assert question.changes == (SanitizedValue("/q", "trim", " cats ", "cats"), SanitizedValue("/n", "clamp", 99, 50))
    assert run.bodies.ran == [{"q": "cats", "n": 50}]


async def test_what_a_sanitizer_changed_is_on_record_and_the_model_is_told() -> None:
    run = finding(handling=TIDY)
    await run.run()
    checked = next(event for event in run.log if isinstance(event, ToolCallChecked))
    assert (len(checked.changes), checked.arguments_json) == (2, '{"q":"cats","n":50}')
    [settled] = run.settled
    assert settled.result_text.startswith("found\n\n[The arguments of this call were changed before it ran (/q: trim")
    assert settled.full_text == "found"
    [only] = run.trace.calls()
    assert only.proposed.arguments_json == '{"q":" cats ","n":99}'


async def test_what_runs_is_checked_after_sanitizing() -> None:
    run = finding(handling=Handling(sanitizers={"find": {"n": Sanitizer(least=60)}}), arguments='{"q":"a","n":7}')
    await run.run()
    assert run.outcomes == ["invalid"]
    assert run.bodies.ran == []


async def test_an_edit_that_a_sanitizer_changes_is_shown_again_before_it_runs() -> None:
    approver = Answers(Decision("edit", by="person", arguments_json='{"q":" dogs "}'), Decision("approve", by="person"))
    run = finding(handling=TIDY, policy=ASK_ALL, approver=approver)
    await run.run()
    assert [question.arguments_json for question in approver.questions] == ['{"q":"cats","n":50}', '{"q":"dogs"}']
    assert run.bodies.ran == [{"q": "dogs"}]
    assert "The user edited the arguments" in run.settled[0].result_text


async def test_a_path_out_of_its_folder_is_refused_before_anybody_is_asked() -> None:
    run = finding(
        handling=Handling(sanitizers={"find": {"q": Sanitizer(inside="data")}}),
        arguments='{"q":"data/../../etc/passwd"}',
        policy=ASK_ALL,
    )
    await run.run()
    assert run.outcomes == ["invalid"]
    assert "inside the folder" in run.settled[0].result_text


PROMISE = Tool({**FIND.document, "outputSchema": schema("hits", hits=NUMBER)})


async def test_a_result_that_breaks_its_promise_goes_to_the_model_with_the_problem_named() -> None:
    run = finding(handling=Handling(), tool=PROMISE, arguments='{"q":"a"}', body=lambda _: {"hits": "many"})
    await run.run()
    [settled] = run.settled
    assert (settled.outcome, settled.is_error) == ("ok", False)
    assert settled.result_text.startswith('{"hits":"many"}\n\n[This result does not fit the output schema')
    assert [problem.path for problem in settled.result_problems] == ["/hits"]


async def test_a_result_that_breaks_its_promise_is_an_error_where_the_project_wants_that() -> None:
    run = finding(
        handling=Handling(strict_results=True), tool=PROMISE, arguments='{"q":"a"}', body=lambda _: {"hits": "many"}
    )
    await run.run()
    [settled] = run.settled
    assert (settled.outcome, settled.error_kind) == ("error", "invalid_result")
    assert '"many"' not in settled.result_text.partition("problems")[0]
    assert settled.full_text == '{"hits":"many"}'


async def test_a_result_that_keeps_its_promise_is_passed_on_as_it_is() -> None:
    for value in ({"hits": 3}, '{"hits": 3}'):
        run = finding(
            handling=Handling(strict_results=True), tool=PROMISE, arguments='{"q":"a"}', body=Failing(None, 0, value)
        )
        await run.run()
        assert run.outcomes == ["ok"]
        assert run.settled[0].result_problems == ()


class Failing:
    """Fails this many times, then answers."""

    def __init__(self, error: Exception | None, times: int, value: JsonValue = "found") -> None:
        self._error = error
        self._left = times
        self._value = value

    def __call__(self, arguments: JsonObject) -> JsonValue:
        if self._left:
            self._left -= 1
            if self._error is None:
                return ExecutionResult("broken", is_error=True)  # type: ignore[return-value]
            raise self._error
        return self._value


IDEMPOTENT = Tool({**FIND.document, "annotations": {"idempotentHint": True}})
RETRY = Handling(on_error={"find": {"*": ErrorHandler(retry=2, wait_s=3.0)}})


async def test_a_tool_that_may_happen_twice_is_tried_again_under_one_approval() -> None:
    for error in (ToolError("no"), ExecutorUnavailable("no"), None):
        run = finding(
            handling=RETRY, tool=IDEMPOTENT, arguments='{"q":"a"}', body=Failing(error, 2), policy=ASK_ALL,
            approver=Answers(Decision("approve", by="person")),
        )  # fmt: skip
        await run.run()
        assert run.outcomes == ["ok"]
        assert run.settled[0].attempts == 3
        assert len(run.events("tool.started")) == 1
        assert run.clock.slept == [3.0, 3.0]  # type: ignore[union-attr]
        assert "Attempt 1 failed" in notes(run)[0]


async def test_a_tool_that_must_not_happen_twice_is_not_tried_again() -> None:
    run = finding(handling=RETRY, arguments='{"q":"a"}', body=Failing(ToolError("no"), 1))
    await run.run()
    assert (run.outcomes, run.settled[0].attempts) == (["error"], 1)


async def test_trying_again_ends() -> None:
    run = finding(handling=RETRY, tool=IDEMPOTENT, arguments='{"q":"a"}', body=Failing(ToolError("no"), 9))
    await run.run()
    assert (run.outcomes, run.settled[0].attempts, len(run.bodies.ran)) == (["error"], 3, 3)


async def test_a_fixed_reply_takes_the_place_of_an_error_and_the_error_is_kept() -> None:
    handling = Handling(on_error={"*": {"error": ErrorHandler(reply="No results.")}})
    for error in (ToolError("the database is on fire"), None):
        run = finding(handling=handling, arguments='{"q":"a"}', body=Failing(error, 1))
        await run.run()
        [settled] = run.settled
        assert (settled.result_text, settled.outcome, settled.is_error) == ("No results.", "error", True)
        assert settled.full_text is not None
        assert "fire" in settled.full_text or settled.full_text == "broken"


async def test_the_model_is_asked_for_a_correction() -> None:
    handling = Handling(on_error={"find": {"invalid_arguments": ErrorHandler(hint="q is a word.", suggests=True)}})
    run = finding(handling=handling, arguments='{"q":7}')
    await run.run()
    assert f"q is a word. {SUGGEST}" in run.settled[0].result_text


async def test_a_call_over_the_rate_waits_where_it_can_be_seen() -> None:
    clock = HandClock()
    handling = Handling(rates={"find": RateLimit(2)})
    run = finding(handling=handling, arguments='{"q":"a"}', times=3, clock=clock)
    task = asyncio.create_task(run.run())
    await settle_down()
    assert len(run.bodies.ran) == 2
    assert notes(run) == ["Waiting 60.0 s: at most 2 calls of find a minute."]
    await clock.push(59.0)
    assert len(run.bodies.ran) == 2
    await clock.push(1.0)
    await task
    assert run.outcomes == ["ok"] * 3


async def test_a_call_over_the_rate_fails_where_waiting_is_not_wanted() -> None:
    handling = Handling(rates={"*": RateLimit(1, "error")})
    run = finding(handling=handling, arguments='{"q":"a"}', times=2, clock=HandClock())
    await run.run()
    assert run.outcomes == ["ok", "error"]
    assert run.settled[1].error_kind == "rate_limited"


async def test_runs_that_share_a_pacer_share_the_rate() -> None:
    clock = HandClock()
    pacer = Pacer(clock)
    handling = Handling(rates={"find": RateLimit(1, "error")})
    outcomes = []
    for _ in range(2):
        run = finding(handling=handling, arguments='{"q":"a"}', clock=clock, pacer=pacer)
        await run.run()
        outcomes += run.outcomes
    assert outcomes == ["ok", "error"]


async def test_the_conversation_carries_what_the_model_was_told() -> None:
    run = finding(handling=TIDY)
    await run.run()
    results = conversation(run.log)[2].results  # type: ignore[union-attr]
    assert results[0].text == run.settled[0].result_text
    assert call("find").tool == "find"
