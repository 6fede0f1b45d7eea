"""What the inspector says about a row."""

import json

from msgspec import structs

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import ToolCallSettled
from workbench.core.tool import Tool
from workbench.viewmodels.inspector.inspector import TAB_NAMES, InspectorViewModel
from workbench.viewmodels.trace.trace import TraceViewModel

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


async def test_a_long_result_is_put_into_the_page_unread() -> None:
    inspector, trace = await inspected('{"at":"a"}')
    long = {"seen": ["x" * 100] * 5_000}
    row = next(row for row in trace.rows if row.kind == "call")
    [settled] = [event for event in inspector._events_of(row.run_id) if isinstance(event, ToolCallSettled)]
    log = [
        structs.replace(settled, full_text=json.dumps(long)) if event is settled else event
        for event in inspector._events_of(row.run_id)
    ]
    inspector = InspectorViewModel(lambda run_id: log)
    inspector.show(row)
    page = inspector.page("Call")
    assert json.loads(page.text)["result"] == long
    assert "\n" not in page.text


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
        for tab in TAB_NAMES:
            page = inspector.page(tab)
            assert page.text or page.hint


def test_with_nothing_selected_the_inspector_says_what_to_do() -> None:
    assert "Select" in InspectorViewModel(lambda run_id: ()).page("Call").hint


async def test_two_calls_are_compared_in_arguments_and_results_with_signs() -> None:
    run = ScriptedRun(
        script(says("", calls=(raw_call("look", '{"at":"gate"}'), raw_call("look", '{"at":"wall"}'))), says("Quiet.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": arguments["at"]}},
    )
    await run.run()
    trace = TraceViewModel()
    trace.apply(run.log)
    inspector = InspectorViewModel(lambda run_id: run.log)
    first, second = (row for row in trace.rows if row.kind == "call")
    inspector.show(first)
    inspector.pin()
    assert "Select the span" in inspector.page("Diff").hint
    inspector.show(second)
    lines = inspector.page("Diff").text.splitlines()
    assert '-   "at": "gate"' in lines
    assert '+   "at": "wall"' in lines
    assert '+   "seen": "wall"' in lines
    assert lines[lines.index("# Request") + 1] == "  The same."
    assert "Arguments: +1 −1 line" in inspector.page("Diff").hint
    inspector.pin()
    assert inspector.pinned is None
    assert "Pin a span" in inspector.page("Diff").hint


async def test_requests_of_two_rounds_are_compared_with_their_answers() -> None:
    inspector, trace = await inspected()
    first, second = (row for row in trace.rows if row.kind == "request")
    inspector.show(first)
    inspector.pin()
    inspector.show(second)
    text = inspector.page("Diff").text
    assert "# Request" in text
    assert "# Response" in text
    assert "+ " in text.partition("# Request")[2]
