"""What the inspector says about a row."""

import json

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.tool import Tool
from workbench.viewmodels.inspector import InspectorViewModel
from workbench.viewmodels.trace import TraceViewModel

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


async def inspected(arguments_json: str = '{"at":"a"}') -> tuple[InspectorViewModel, TraceViewModel]:
    run = ScriptedRun(
        script(says("Looking.", calls=(raw_call("look", arguments_json),)), says("Quiet.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": arguments["at"]}},
        policy=ASK_ALL,
        approver=Answers(Decision("edit", by="person", arguments_json='{"at":"b"}')),
    )
    await run.run()
    trace = TraceViewModel()
    trace.apply(run.log)
    return InspectorViewModel(lambda run_id: run.log), trace


async def test_a_call_is_shown_with_what_was_proposed_decided_and_returned() -> None:
    inspector, trace = await inspected()
    inspector.show(next(row for row in trace.rows if row.kind == "call"))
    page = json.loads(inspector.page("Call").text)
    assert page["arguments"] == {"at": "b"}
    assert page["proposed_arguments"] == {"at": "a"}
    assert page["approval"]["decision"] == "edit"
    assert page["result"] == {"seen": "b"}


async def test_malformed_arguments_are_shown_exactly_as_received() -> None:
    inspector, trace = await inspected('{"at": ')
    inspector.show(next(row for row in trace.rows if row.kind == "call"))
    assert json.loads(inspector.page("Call").text)["arguments"] == '{"at": '


async def test_a_request_row_shows_the_body_that_left_and_the_answer() -> None:
    inspector, trace = await inspected()
    inspector.show(next(row for row in trace.rows if row.kind == "request"))
    assert json.loads(inspector.page("Request").text)["tools"][0]["name"] == "look"
    assert "Looking." in inspector.page("Response").text


async def test_the_events_of_a_row_are_those_of_its_branch() -> None:
    inspector, trace = await inspected()
    call_row = next(row for row in trace.rows if row.kind == "call")
    inspector.show(call_row)
    kinds = [json.loads(line)["kind"] for line in inspector.page("Events").text.splitlines()]
    assert kinds[0] == "tool_call.proposed"
    assert kinds[-1] == "tool_call.settled"
    inspector.show(trace.rows[0])
    assert len(inspector.page("Events").text.splitlines()) > len(kinds)


async def test_every_page_of_every_row_has_a_text_or_says_why_not() -> None:
    inspector, trace = await inspected()
    for row in trace.rows:
        inspector.show(row)
        for tab in ("Call", "Request", "Response", "Events"):
            page = inspector.page(tab)  # type: ignore[arg-type]
            assert page.text or page.hint


def test_with_nothing_selected_the_inspector_says_what_to_do() -> None:
    assert "Select" in InspectorViewModel(lambda run_id: ()).page("Call").hint
