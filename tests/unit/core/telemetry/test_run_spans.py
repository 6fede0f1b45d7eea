"""A run becomes spans after the conventions: one for the run, each request, each call."""

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import call, calls, fails, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.ids import RunId
from workbench.core.suite.grade import Grade
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.core.telemetry import conventions as names
from workbench.core.telemetry.otlp_json import logs_document, traces_document
from workbench.core.telemetry.run_spans import run_spans
from workbench.core.telemetry.span import Span
from workbench.core.telemetry.verdicts import verdicts_of
from workbench.core.tool import Tool

SECRET = "a word that only content has"
LOOK = Tool({"name": "look", "description": "Look.", "inputSchema": schema(at={"type": "string"})})


async def spans_of_a_run(*, with_content: bool = False, approver: Answers | None = None) -> list[Span]:
    run = ScriptedRun(
        script(calls(call("look", at=SECRET), call("look", at="there")), says(f"Seen: {SECRET}.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": arguments["at"]}},
        **({"approver": approver, "policy": ASK_ALL} if approver else {}),
    )
    await run.run(f"Look for {SECRET}.")
    return run_spans(run.log, lambda wire_format: f"vendor of {wire_format}", with_content=with_content)


async def test_the_run_is_the_parent_of_each_request_and_each_call() -> None:
    root, *others = await spans_of_a_run()
    assert root.attributes[names.OPERATION] == "invoke_agent"
    assert root.parent_id == ""
    assert [span.attributes[names.OPERATION] for span in others] == ["chat", "chat", "execute_tool", "execute_tool"]
    assert {span.parent_id for span in others} == {root.span_id}
    assert {span.trace_id for span in others} == {root.trace_id}
    assert len({span.span_id for span in (root, *others)}) == 5
    assert all(root.start_ns <= span.start_ns <= span.end_ns <= root.end_ns for span in others)


async def test_each_span_has_what_the_conventions_require_of_it() -> None:
    root, first, _, tool, _ = await spans_of_a_run()
    assert root.name == "invoke_agent workbench"
    assert root.attributes[names.RUN_OUTCOME] == "answered"
    assert (first.name, first.kind) == ("chat script", "client")
    assert first.attributes[names.PROVIDER] == "vendor of scripted"
    assert first.attributes[names.FINISH_REASONS] == ["tool_call"]
    assert first.attributes[names.OFFERED] == ["look"]
    assert (tool.name, tool.kind) == ("execute_tool look", "internal")
    assert tool.attributes[names.TOOL_CALL_ID]
    assert tool.attributes[names.CALL_OUTCOME] == "ok"


async def test_nothing_that_was_said_or_given_is_sent_unless_content_is_asked_for() -> None:
    assert SECRET not in str(await spans_of_a_run())
    root, first, second, tool, _ = await spans_of_a_run(with_content=True)
    assert SECRET in str(root.attributes[names.INPUT_MESSAGES])
    assert [message["role"] for message in second.attributes[names.INPUT_MESSAGES]] == ["user", "assistant", "tool"]
    assert tool.attributes[names.TOOL_ARGUMENTS] == {"at": SECRET}
    assert first.attributes[names.TOOL_DEFINITIONS] == [
        {"type": "function", "name": "look", "parameters": LOOK.input_schema, "description": "Look."}
    ]


async def test_a_person_s_decision_and_wait_are_on_the_span_of_the_call() -> None:
    allow, reject = Decision("approve", by="person"), Decision("reject", by="person")
    *_, approved, rejected = await spans_of_a_run(approver=Answers(allow, reject))
    assert approved.attributes[names.APPROVAL] == "approve"
    assert approved.attributes[names.APPROVED_BY] == "person"
    assert rejected.attributes[names.APPROVAL] == "reject"
    assert names.APPROVAL_WAIT in rejected.attributes
    assert rejected.attributes[names.CALL_OUTCOME] == "rejected"


async def test_a_failed_request_says_of_what_type_its_error_is_and_every_attempt_is_a_span() -> None:
    run = ScriptedRun(script(fails("overloaded", status=529), says("At last.")))
    await run.run()
    _, failed, answered = run_spans(run.log, str)
    assert failed.attributes[names.ERROR_TYPE] == "529"
    assert failed.failure
    assert answered.failure == ""
    assert answered.attributes[names.ATTEMPT] == 2


async def test_any_beginning_of_a_log_has_spans_and_the_same_ids() -> None:
    run = ScriptedRun(script(calls(call("look", at="x")), says("Done.")), tools=(LOOK,), bodies={"look": lambda _: 1})
    await run.run()
    whole = {span.span_id: span for span in run_spans(run.log, str)}
    for length in range(len(run.log)):
        assert {span.span_id for span in run_spans(list(run.log)[:length], str)} <= set(whole)


def test_verdicts_belong_to_the_span_of_the_trial_s_run_and_name_no_values() -> None:
    arm = ArmKey("k", "local", "shorter")
    suite_run = SuiteRun(suite_run_id="s1", at=0, suite="shop", suite_digest="", arms=(arm,), cases=("c",))
    grade = Grade(is_right=False, expected="look", chosen="touch", kind="wrong tool", extra_calls=2)
    found = verdicts_of(Trial(case="c", arm="k", run_id=RunId("run-1"), at=5.0, grade=grade), suite_run)
    labels = {record.attributes[names.EVALUATION_NAME]: record.attributes[names.EVALUATION_LABEL] for record in found}
    assert labels == {"selection": "fail", "steps": "fail", "schemas": "pass"}
    assert found[0].attributes[names.EVALUATION_WHY] == "wrong tool: touch instead of look"
    assert verdicts_of(Trial(case="c", arm="k", run_id=RunId("run-1"), failure="down"), suite_run) == []


async def test_otlp_json_spells_whole_numbers_as_text_and_structures_as_lists_of_pairs() -> None:
    span = (await spans_of_a_run(with_content=True))[3]
    document = traces_document([span], {"service.name": "x"}, "1")
    (found,) = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert found["startTimeUnixNano"] == str(span.start_ns)
    assert found["kind"] == 1
    arguments = next(pair for pair in found["attributes"] if pair["key"] == names.TOOL_ARGUMENTS)
    assert arguments["value"] == {"kvlistValue": {"values": [{"key": "at", "value": {"stringValue": SECRET}}]}}
    assert logs_document([], {}, "1")["resourceLogs"][0]["scopeLogs"][0]["logRecords"] == []
