"""Nothing that needs a person's word runs without it."""

import asyncio
import json

import pytest

from tests.support.runs import Answers, MemoryGate, Patience, ScriptedRun
from tests.support.scripts import TEXT, call, calls, raw_call, says, schema, script
from workbench.core.approval import ALLOW_ALL, DENY_ALL, Decision, Policy, Rule
from workbench.core.conversation import conversation
from workbench.core.errors import ProjectError
from workbench.core.event import ApprovalAsked, ApprovalGiven, ToolStarted, decode_event, encode_event
from workbench.core.ids import call_id_for
from workbench.core.tool import Tool

from tests.support.runs import RUN_ID  # isort: skip

DELETE = Tool.make("delete_file", "Delete a file.", schema("path", path=TEXT))
ASK = Policy((Rule("delete_*", "ask"),))
ONE_DELETE = script(calls(call("delete_file", path="report.md")), says("As you say."))


def deleting(approver: Answers | Patience, policy: Policy = ASK) -> ScriptedRun:
    return ScriptedRun(
        ONE_DELETE, tools=(DELETE,), bodies={"delete_file": lambda _: "deleted"}, approver=approver, policy=policy
    )


async def test_an_approved_call_runs_after_the_decision_is_on_record() -> None:
    run = deleting(Answers(Decision("approve", by="person")))
    await run.run()
    kinds = run.kinds
    assert kinds.index("approval.asked") < kinds.index("approval.given") < kinds.index("tool.started")
    assert run.outcomes == ["ok"]


async def test_a_rejected_call_sends_an_error_result_to_the_model() -> None:
    run = deleting(Answers(Decision("reject", by="person", note="keep it")))
    finished = await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["rejected"]
    assert run.settled[0].is_error
    assert "keep it" in run.settled[0].result_text
    assert finished.outcome == "answered"


async def test_edited_arguments_are_what_runs() -> None:
    run = deleting(Answers(Decision("edit", by="person", arguments_json='{"path": "draft.md"}')))
    await run.run()
    assert run.bodies.ran == [{"path": "draft.md"}]
    started = next(event for event in run.log if isinstance(event, ToolStarted))
    assert json.loads(started.arguments_json) == {"path": "draft.md"}
    assert run.trace.call(call_id_for(RUN_ID, 1, 1, 0)).proposed.arguments_json == '{"path":"report.md"}'  # type: ignore[union-attr]


async def test_an_edit_that_does_not_fit_is_asked_again_with_its_problems() -> None:
    approver = Answers(
        Decision("edit", by="person", arguments_json='{"path": 7}'),
        Decision("edit", by="person", arguments_json="{"),
        Decision("reject", by="person"),
    )
    run = deleting(approver)
    await run.run()
    assert run.bodies.ran == []
    assert [len(question.problems) for question in approver.questions] == [0, 1, 1]
    assert len({question.shown_hash for question in approver.questions}) == 3


async def test_a_mock_result_takes_the_place_of_the_call() -> None:
    run = deleting(Answers(Decision("mock", by="person", result_text="pretended")))
    await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["mocked"]
    assert run.settled[0].result_text == "pretended"
    assert not run.settled[0].is_error


async def test_stopping_at_a_question_ends_the_run_and_its_siblings() -> None:
    run = ScriptedRun(
        script(calls(call("delete_file", path="a"), call("delete_file", path="b"))),
        tools=(DELETE,),
        bodies={"delete_file": lambda _: "deleted"},
        policy=Policy((Rule("*", "ask", arguments={"path": "a"}), Rule("*", "ask"))),
        approver=Answers(Decision("stop", by="person", note="enough"), Decision("stop", by="person")),
    )
    finished = await run.run()
    assert (finished.outcome, finished.ended_by) == ("cancelled", "rejection")
    assert run.bodies.ran == []
    assert all(outcome in ("rejected", "cancelled") for outcome in run.outcomes)


async def test_a_rule_that_denies_is_not_asked_about() -> None:
    run = deleting(Answers(), DENY_ALL)
    await run.run()
    assert run.outcomes == ["rejected"]
    assert run.events("approval.asked") == []


async def test_a_call_no_rule_speaks_about_is_asked() -> None:
    approver = Answers(Decision("approve", by="person"))
    await deleting(approver, Policy()).run()
    assert len(approver.questions) == 1


async def test_a_rule_that_allows_is_on_record_as_the_policys_decision() -> None:
    run = deleting(Answers(), ALLOW_ALL)
    await run.run()
    given = next(event for event in run.log if isinstance(event, ApprovalGiven))
    assert (given.by, given.decision, given.rule) == ("policy", "approve", "allow *")


async def test_a_tool_nothing_runs_asks_the_person_for_its_result() -> None:
    approver = Answers(Decision("mock", by="person", result_text="42"))
    run = ScriptedRun(ONE_DELETE, tools=(DELETE,), approver=approver, policy=ALLOW_ALL)
    await run.run()
    assert approver.questions[0].wants == "result"
    assert run.settled[0].result_text == "42"


async def test_a_tool_nothing_runs_and_nobody_answers_for_is_an_error_that_says_so() -> None:
    run = ScriptedRun(ONE_DELETE, tools=(DELETE,), approver=Answers(Decision("expire", by="nobody")), policy=ALLOW_ALL)
    await run.run()
    assert run.outcomes == ["error"]
    assert "Nothing runs this tool yet" in run.settled[0].result_text


async def test_invalid_arguments_are_never_put_before_a_person() -> None:
    run = ScriptedRun(
        script(calls(raw_call("delete_file", "{}")), says("Oh.")),
        tools=(DELETE,),
        bodies={"delete_file": lambda _: "deleted"},
        policy=ASK,
    )
    await run.run()
    assert run.outcomes == ["invalid"]
    assert run.events("approval.asked") == []


async def test_cancelling_a_run_withdraws_its_pending_approval() -> None:
    approver = Patience()
    run = deleting(approver)
    task = asyncio.create_task(run.run())
    await approver.asked.wait()
    task.cancel()
    await asyncio.wait([task])
    assert approver.withdrawn == 1
    assert run.outcomes == ["cancelled"]
    assert run.trace.finished is not None
    assert run.trace.finished.outcome == "cancelled"


async def test_a_call_that_was_claimed_before_is_not_run_a_second_time() -> None:
    gate = MemoryGate()
    gate.claimed.add(call_id_for(RUN_ID, 1, 1, 0))
    run = ScriptedRun(
        ONE_DELETE, tools=(DELETE,), bodies={"delete_file": lambda _: "deleted"}, policy=ALLOW_ALL, gate=gate
    )
    await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["unknown"]


async def test_what_is_asked_names_exactly_what_would_run() -> None:
    approver = Answers(Decision("approve", by="person"))
    run = deleting(approver)
    await run.run()
    asked = next(event for event in run.log if isinstance(event, ApprovalAsked))
    given = next(event for event in run.log if isinstance(event, ApprovalGiven))
    assert asked.shown_hash == given.shown_hash == approver.questions[0].shown_hash


async def test_the_model_is_told_what_a_person_made_of_its_call() -> None:
    run = deleting(Answers(Decision("edit", by="person", arguments_json='{"path": "draft.md"}')))
    await run.run()
    settled = run.settled[0]
    assert "The user edited the arguments" in settled.result_text
    assert '{"path":"draft.md"}' in settled.result_text
    assert settled.full_text == "deleted"
    assert conversation(run.log)[1].calls[0].arguments_json == '{"path":"report.md"}'  # type: ignore[union-attr]


async def test_the_model_may_be_shown_the_edited_call_as_its_own() -> None:
    edit = Decision("edit", by="person", arguments_json='{"path": "draft.md"}', model_sees="edited")
    run = deleting(Answers(edit))
    await run.run()
    assert run.settled[0].result_text == "deleted"
    told = conversation(run.log)[1]
    assert told.calls[0].arguments_json == '{"path": "draft.md"}'  # type: ignore[union-attr]
    assert told.wire_copy is None  # type: ignore[union-attr]
    assert run.trace.call(call_id_for(RUN_ID, 1, 1, 0)).proposed.arguments_json == '{"path":"report.md"}'  # type: ignore[union-attr]


async def test_the_same_call_again_after_a_no_is_asked_with_a_mark() -> None:
    run = ScriptedRun(
        script(
            calls(call("delete_file", path="a")),
            calls(call("delete_file", path="b")),
            calls(raw_call("delete_file", ' {"path" : "a"}')),
            says("As you say."),
        ),
        tools=(DELETE,),
        bodies={"delete_file": lambda _: "deleted"},
        policy=ASK,
        approver=(approver := Answers(*[Decision("reject", by="person")] * 3)),
    )
    await run.run()
    assert [len(question.remarks) for question in approver.questions] == [0, 0, 1]
    asked = [event for event in run.log if isinstance(event, ApprovalAsked)]
    assert "rejected the same call" in asked[2].remarks[0]


class ChangingRegistry:
    """Something changes on disk each time a person decides, this many times."""

    def __init__(self, times: int) -> None:
        self._left = times
        self._version = 0
        self._looked = 0

    async def fingerprint(self, tool: Tool) -> str:
        self._looked += 1
        if self._looked % 2 == 0 and self._left:
            self._left -= 1
            self._version += 1
        return str(self._version)


async def test_what_changed_between_asking_and_running_is_asked_again() -> None:
    approver = Answers(*[Decision("approve", by="person")] * 2)
    run = ScriptedRun(
        ONE_DELETE,
        tools=(DELETE,),
        bodies={"delete_file": lambda _: "deleted"},
        approver=approver,
        policy=ASK,
        registry=ChangingRegistry(1),
    )
    await run.run()
    first, second = approver.questions
    assert first.shown_hash != second.shown_hash
    assert "has changed" in second.remarks[0]
    assert len(run.bodies.ran) == 1


async def test_what_never_stops_changing_does_not_run() -> None:
    approver = Answers(*[Decision("approve", by="person")] * 9)
    run = ScriptedRun(
        ONE_DELETE,
        tools=(DELETE,),
        bodies={"delete_file": lambda _: "deleted"},
        approver=approver,
        policy=ASK,
        registry=ChangingRegistry(1000),
    )
    await run.run()
    assert run.bodies.ran == []
    assert (run.outcomes, run.settled[0].error_kind) == (["rejected"], "changing")


async def test_a_word_that_is_no_decision_is_a_no() -> None:
    run = deleting(Answers(Decision("APPROVE", by="person")))  # type: ignore[arg-type]
    await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["rejected"]
    given = next(event for event in run.log if isinstance(event, ApprovalGiven))
    assert decode_event(encode_event(given)) == given  # the log can be read again


async def test_an_approval_of_what_does_not_fit_is_a_no() -> None:
    approver = Answers(Decision("edit", by="person", arguments_json='{"path": 7}'), Decision("approve", by="person"))
    run = deleting(approver)
    await run.run()
    assert run.bodies.ran == []
    assert run.outcomes == ["rejected"]


class UnreadableRegistry:
    async def fingerprint(self, tool: Tool) -> str:
        raise ProjectError("the tools cannot be read", hint="Mount the disk.")


@pytest.mark.parametrize("count", [1, 2])
async def test_what_keeps_calls_from_being_decided_ends_the_run_in_its_own_words(count: int) -> None:
    run = ScriptedRun(
        script(calls(*(call("delete_file", path=f"{number}.md") for number in range(count)))),
        tools=(DELETE,),
        registry=UnreadableRegistry(),
    )
    finished = await run.run()
    assert (finished.outcome, finished.message, finished.hint) == (
        "failed",
        "the tools cannot be read",
        "Mount the disk.",
    )
    assert [settled.outcome for settled in run.settled] == ["cancelled"] * count
