"""New live runs from a point in an old one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.replays import FORK_ID, ForkOfRun, rerun_of
from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, says, schema, script
from workbench.core.approval import ALLOW_ALL, Decision, Policy, Rule
from workbench.core.content import TextPart
from workbench.core.conversation import conversation
from workbench.core.errors import UsageError
from workbench.core.event import (
    NoteAdded,
    RequestSent,
    RunEvent,
    RunFinished,
    RunStarted,
    is_durable,
    kind_of,
)
from workbench.core.exchange import ModelResponse
from workbench.core.message import ToolResultsMessage
from workbench.core.tool import Tool
from workbench.core.variant import ToolEdit, Variant
from workbench.providers.scripted import Script
from workbench.replay.fingerprint import request_difference
from workbench.replay.fork import ChosenAnswer
from workbench.replay.fork_point import ForkPoint, before_point, parse_point, points
from workbench.replay.recording import Recording

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
ADD = Tool.make("add", "Add two numbers.", schema("a", "b", a=NUMBER, b=NUMBER))
SAID = script(
    calls(call("get_weather", city="Oslo"), call("get_weather", city="Rome")), calls(call("add", a=1, b=2)), says("3.")
)
EVERY_POINT = (
    "turn-1",
    "turn-1/round-1",
    "turn-1/round-1/call-1",
    "turn-1/round-1/call-2",
    "turn-1/round-2",
    "turn-1/round-2/call-1",
    "turn-1/round-3",
)


async def a_run(said: Script = SAID) -> ScriptedRun:
    run = ScriptedRun(
        said,
        tools=(WEATHER, ADD),
        bodies={"get_weather": lambda arguments: f"fine in {arguments['city']}", "add": lambda arguments: 3},
    )
    await run.run("How is it?")
    return run


async def test_every_point_of_a_run_can_be_named_and_is_found_again() -> None:
    recording = Recording(tuple((await a_run()).log))
    assert tuple(map(str, points(recording))) == EVERY_POINT
    for text in EVERY_POINT:
        assert str(parse_point(text, recording)) == text
    assert str(parse_point("round-2", recording)) == "turn-1/round-2"
    assert str(parse_point("after:round-1/call-1", recording)) == "turn-1/round-1/call-2"
    assert str(parse_point("after:round-1/call-2", recording)) == "turn-1/round-2"
    assert str(parse_point("after:round-1", recording)) == "turn-1/round-2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("somewhere", "is not a point"),
        ("", "is not a point"),
        ("turn-2", "has 1 messages"),
        ("round-9", "has 3 rounds"),
        ("round-1/call-3", "has 2 calls"),
        ("round-4", "nothing follows it"),
        ("call-1", "which round"),
        ("#999", "no event 999"),
    ],
)
async def test_a_point_the_run_does_not_have_is_refused_in_words(text: str, said: str) -> None:
    recording = Recording(tuple((await a_run()).log))
    with pytest.raises(UsageError, match=said):
        parse_point(text, recording)


async def test_an_event_stands_for_the_point_it_is_at() -> None:
    run = await a_run()
    recording = Recording(tuple(run.log))
    found = {kind_of(event): str(parse_point(f"#{event.seq}", recording)) for event in run.log if is_durable(event)}
    assert found["turn.started"] == "turn-1"
    assert found["request.sent"] == found["response.received"] == found["round.started"] == "turn-1/round-3"
    assert found["tool_call.proposed"] == "turn-1/round-2/call-1"
    assert found["tool_call.settled"] == "turn-1/round-3"


@pytest.mark.parametrize("at", EVERY_POINT)
async def test_a_fork_that_is_told_the_same_does_the_same_and_runs_nothing(at: str) -> None:
    run = await a_run()
    ran = list(run.bodies.ran)
    fork = ForkOfRun(run.log, at, SAID, tools="mock")
    finished = await fork.run()
    assert finished.text == "3."
    assert [event.result_text for event in fork.settled] == ["fine in Oslo", "fine in Rome", "3"]
    # The call that a fork is made in front of is answered again; all others come from the recording.
    asked_again = {at} if "call" in at else set()
    assert [event.outcome for event in fork.settled] == [
        "mocked" if event.span in asked_again else "replayed" for event in fork.settled
    ]
    assert run.bodies.ran == ran
    assert fork.bodies.ran == []


@pytest.mark.parametrize("at", EVERY_POINT)
async def test_a_fork_without_a_variant_run_again_equals_its_parent_up_to_the_fork(at: str) -> None:
    run = await a_run()
    fork = ForkOfRun(run.log, at, SAID)
    await fork.run()
    again = await rerun_of(fork.log)
    assert again.divergence is None
    recording = Recording(tuple(run.log))
    inherited = before_point(recording, parse_point(at, recording))
    own = _next_request(again.events, len(inherited))
    recorded = _next_request(tuple(run.log), inherited[-1].seq)
    if own is not None and recorded is not None:
        assert request_difference("scripted", recorded.body_json, own.body_json) == ""
    assert [kind_of(event) for event in again.events[: len(inherited)]] == [kind_of(event) for event in inherited]


def _next_request(events: tuple[RunEvent, ...], seq: int) -> RequestSent | None:
    return next((event for event in events if isinstance(event, RequestSent) and event.seq > seq), None)


@given(
    st.lists(st.lists(st.sampled_from(["Oslo", "Rome"]), min_size=1, max_size=3), min_size=1, max_size=3),
    st.data(),
)
async def test_a_fork_anywhere_in_any_run_equals_its_parent_up_to_the_fork(
    rounds: list[list[str]], data: st.DataObject
) -> None:
    said = script(*(calls(*(call("get_weather", city=city) for city in cities)) for cities in rounds), says("Done."))
    run = await a_run(said)
    recording = Recording(tuple(run.log))
    at = data.draw(st.sampled_from(list(points(recording))))
    fork = ForkOfRun(run.log, str(at), said)
    await fork.run()
    assert (await rerun_of(fork.log)).divergence is None
    then, now = conversation(run.log), conversation(fork.log)
    assert [_without_ids(message) for message in now] == [_without_ids(message) for message in then]


VARIANTS = (
    None,
    Variant(name="words", tools={"get_weather": ToolEdit(description="Only the weather.")}, instructions="Be brief."),
    Variant(name="name", tools={"get_weather": ToolEdit(name="weather_of")}),
    Variant(name="schema", tools={"get_weather": ToolEdit(input_schema=schema("place", place=TEXT))}),
    Variant(name="gone", removed=("get_weather",)),
)


@given(st.sampled_from(VARIANTS), st.sampled_from(VARIANTS), st.data())
async def test_a_fork_of_a_fork_with_whatever_variants_runs_again_to_the_same(
    variant: Variant | None, other: Variant | None, data: st.DataObject
) -> None:
    run = await a_run()
    events = list(run.log)
    for chosen in (variant, other):
        recording = Recording(tuple(events))
        offered = {tool["name"] for tool in recording.started.tools}
        if chosen is not None and not {*chosen.tools, *chosen.removed} <= offered:
            chosen = None  # that tool has gone with the variant before
        at = data.draw(st.sampled_from(list(points(recording))))
        fork = ForkOfRun(events, str(at), SAID, variant=chosen)
        await fork.run()
        events = list(fork.log)
        again = await rerun_of(events)
        assert again.divergence is None
        assert list(again.events[: len(Recording(tuple(events)).inherited)]) == list(Recording(tuple(events)).inherited)


def _without_ids(message: object) -> object:
    text = msgspec.json.encode(message).decode()
    return text.replace(FORK_ID, "run-1")


async def test_a_fork_names_its_parent_and_its_point_and_marks_where_its_own_part_begins() -> None:
    run = await a_run()
    fork = ForkOfRun(run.log, "round-2", script(says("1"), says("Another answer.")))
    await fork.run()
    events = list(fork.log)
    started = events[0]
    assert isinstance(started, RunStarted)
    note = next(event for event in events if isinstance(event, NoteAdded))
    assert started.parent_run == "run-1"
    parents = [event for event in run.log if event.seq == started.fork_seq]
    assert [kind_of(event) for event in parents] == ["tool_call.settled"]
    assert (note.by, note.text) == (
        "fork",
        "Forked from run-1 before turn-1/round-2, on script. There is no sealed thinking.".replace(
            "There", "Thinking: exact. There"
        ),
    )
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert {event.run_id for event in events} == {FORK_ID}
    assert all(event.call_id.startswith("run-2.") for event in fork.settled)
    assert fork.trace.answer == "Another answer."


async def test_a_message_can_be_sent_again() -> None:
    run = await a_run()
    fork = ForkOfRun(run.log, "turn-1", script(says("Hello.")), message="Hello?")
    finished = await fork.run()
    assert finished.text == "Hello."
    assert fork.trace.turns[0].started.message.text == "Hello?"
    with pytest.raises(UsageError, match="only a fork before a message"):
        ForkOfRun(run.log, "round-2", SAID, message="Hello?")


async def test_a_variant_is_what_the_fork_is_asked_with() -> None:
    run = await a_run()
    variant = Variant(name="clear", tools={"add": ToolEdit(description="Sum two numbers.")}, instructions="Be brief.")
    fork = ForkOfRun(run.log, "round-2", SAID, variant=variant)
    await fork.run()
    started = next(iter(fork.log))
    assert isinstance(started, RunStarted)
    assert started.variant == "clear"
    request = _next_request(tuple(fork.log), len(before_point(*_at(run, "round-2"))))
    assert request is not None
    body = msgspec.json.decode(request.body_json)
    assert body["instructions"] == "Be brief."
    assert [tool["description"] for tool in body["tools"]] == ["Weather of a city.", "Sum two numbers."]


def _at(run: ScriptedRun, text: str) -> tuple[Recording, ForkPoint]:
    recording = Recording(tuple(run.log))
    return recording, parse_point(text, recording)


async def test_after_the_first_divergence_nothing_comes_from_the_recording() -> None:
    run = await a_run()
    otherwise = script(calls(call("get_weather", city="Bern")), calls(call("add", a=1, b=2)), says("3."))
    fork = ForkOfRun(run.log, "round-1", otherwise, tools="mock")
    await fork.run()
    assert [event.outcome for event in fork.settled] == ["mocked", "mocked"]
    assert fork.settled[0].output == "mocked: the recorded result of turn-1/round-1/call-2"
    assert fork.bodies.ran == []


async def test_what_has_no_recorded_result_at_all_is_an_error_and_runs_nothing() -> None:
    run = await a_run(script(calls(call("get_weather", city="Oslo")), says("Fine.")))
    fork = ForkOfRun(run.log, "round-1", script(calls(call("add", a=1, b=2)), says("?")), tools="mock")
    await fork.run()
    assert [(event.outcome, event.error_kind) for event in fork.settled] == [("error", "no_mock")]


async def test_in_a_fork_that_asks_a_call_off_the_recording_is_asked_even_where_a_rule_allows_it() -> None:
    run = await a_run()
    person = Answers(Decision("approve", by="person"))
    otherwise = script(calls(call("get_weather", city="Oslo"), call("get_weather", city="Bern")), says("Fine in both."))
    fork = ForkOfRun(
        run.log,
        "round-1",
        otherwise,
        tools="ask",
        bodies={"get_weather": lambda arguments: "live"},
        approver=person,
        policy=ALLOW_ALL,
    )
    await fork.run()
    assert [event.outcome for event in fork.settled] == ["replayed", "ok"]
    assert [question.arguments_json for question in person.questions] == ['{"city":"Bern"}']
    assert "runs the tool for real" in person.questions[0].remarks[-1]
    assert fork.bodies.ran == [{"city": "Bern"}]


async def test_a_tool_that_nothing_runs_any_more_is_answered_by_the_person() -> None:
    run = await a_run()
    person = Answers(Decision("mock", by="person", result_text="mild"))
    fork = ForkOfRun(
        run.log, "round-1", script(calls(call("get_weather", city="Bern")), says("Mild.")), tools="ask", approver=person
    )
    await fork.run()
    assert [question.wants for question in person.questions] == ["result"]
    assert [(event.outcome, event.result_text) for event in fork.settled] == [("mocked", "mild")]


async def test_only_a_fork_that_was_made_live_runs_tools_by_the_rules_alone() -> None:
    run = await a_run()
    fork = ForkOfRun(
        run.log,
        "round-1",
        script(calls(call("get_weather", city="Bern")), says("Fine.")),
        tools="live",
        bodies={"get_weather": lambda arguments: "live"},
    )
    await fork.run()
    assert [event.outcome for event in fork.settled] == ["ok"]
    assert fork.bodies.ran == [{"city": "Bern"}]


@pytest.mark.parametrize("tools", ["ask", "mock", "live"])
async def test_what_the_project_denies_stays_denied_in_a_fork(tools: str) -> None:
    run = await a_run()
    fork = ForkOfRun(
        run.log,
        "round-1",
        script(calls(call("get_weather", city="Oslo")), says("No.")),
        tools=tools,  # type: ignore[arg-type]
        bodies={"get_weather": lambda arguments: "live"},
        policy=Policy((Rule("get_*", "deny"),)),
    )
    await fork.run()
    assert [event.outcome for event in fork.settled] == ["rejected"]
    assert fork.bodies.ran == []


async def test_the_call_a_fork_is_made_in_front_of_can_go_otherwise_and_what_follows_is_no_longer_recorded() -> None:
    run = await a_run()
    person = Answers(Decision("mock", by="person", result_text="storm"), Decision("reject", by="person"))
    fork = ForkOfRun(
        run.log,
        "round-1/call-2",
        SAID,
        tools="ask",
        bodies={"get_weather": lambda arguments: "live", "add": lambda arguments: 0},
        approver=person,
    )
    await fork.run()
    assert [(event.outcome, event.result_text) for event in fork.settled][:2] == [
        ("replayed", "fine in Oslo"),
        ("mocked", "storm"),
    ]
    assert [question.tool.name for question in person.questions] == ["get_weather", "add"]
    assert fork.settled[2].outcome == "rejected"


async def test_a_renamed_tool_is_still_served_from_the_recording() -> None:
    run = await a_run()
    variant = Variant(name="v", tools={"get_weather": ToolEdit(name="weather")})
    otherwise = script(
        calls(call("weather", city="Oslo"), call("weather", city="Rome")), calls(call("add", a=1, b=2)), says("3.")
    )
    fork = ForkOfRun(run.log, "round-1", otherwise, variant=variant)
    await fork.run()
    assert [event.outcome for event in fork.settled] == ["replayed"] * 3


async def test_a_fork_of_a_fork_goes_on_from_both() -> None:
    run = await a_run()
    first = ForkOfRun(run.log, "round-2", SAID)
    await first.run()
    second = ForkOfRun(first.log, "round-3", script(says("1"), says("2"), says("Three.")))
    finished = await second.run()
    assert finished.text == "Three."
    assert [event.outcome for event in second.settled] == ["replayed"] * 3
    assert len([event for event in second.log if isinstance(event, NoteAdded)]) == 1


async def test_a_fork_goes_on_from_an_answer_that_was_chosen_at_its_point() -> None:
    run = await a_run()
    sent = _next_request(tuple(run.log), 0)
    assert sent is not None
    answer = ChosenAnswer(sent, ModelResponse((TextPart("Chosen."),), "answered"))
    for at in ("turn-1", "round-1"):
        fork = ForkOfRun(run.log, at, script(), answer=answer)
        finished = await fork.run()
        assert (finished.text, finished.outcome) == ("Chosen.", "answered")


async def test_a_fork_of_an_interrupted_run_goes_on_where_it_broke_off() -> None:
    run = await a_run()
    cut = [event for event in run.log if not isinstance(event, RunFinished)]
    while kind_of(cut[-1]) != "tool_call.settled":
        cut.pop()
    fork = ForkOfRun(cut, "round-3", SAID)
    assert (await fork.run()).text == "3."


async def test_the_results_a_fork_inherits_go_back_to_the_model_as_they_were() -> None:
    run = await a_run()
    fork = ForkOfRun(run.log, "round-2", SAID)
    await fork.run()
    results = [message for message in conversation(fork.log) if isinstance(message, ToolResultsMessage)]
    assert [result.text for result in results[0].results] == ["fine in Oslo", "fine in Rome"]
