"""Every reader of events shows each kind of event, or names it as one it ignores; a new kind reaches all of them."""

import ast
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import workbench.app.runs.run_report
import workbench.core.conversation
import workbench.core.trace
import workbench.replay.fork_point
import workbench.replay.recording
import workbench.store.search_text
import workbench.store.writer
import workbench.viewmodels.conversation.chat
import workbench.viewmodels.trace.row_fold
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.event import (
    BY_TOOL,
    ApprovalAsked,
    ApprovalGiven,
    Event,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolStarted,
    TurnStarted,
    kind_of,
    tag_of,
)
from workbench.core.exchange import ModelResponse, Usage
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.core.limit import RunLimits
from workbench.core.message import UserMessage
from workbench.core.problem import Problem
from workbench.core.run_total import BY_FORK
from workbench.core.tool_choice import AUTO, ToolChoicePlan
from workbench.store.redaction import Redactor
from workbench.viewmodels.inspector.inspector import InspectorViewModel
from workbench.viewmodels.trace.trace import TraceViewModel

PACKAGE = Path(workbench.core.trace.__file__).parents[1]
KINDS: tuple[type[Event], ...] = get_args(RunEvent)
CALL, OTHER = CallId("r.1.1.1"), CallId("r.1.1.2")
Reader = Callable[[list[RunEvent]], Iterator[RunEvent]]
"""Takes events one by one and yields those that made a difference."""


def one_of_each() -> list[RunEvent]:
    """A log with every kind of event, each saying as much as it can."""
    log: list[RunEvent] = []

    def add(kind: Any, span: str = "turn-1/round-1/call-1", **fields: object) -> None:
        seq = len(log) + 1
        log.append(kind(run_id=RunId("r"), seq=seq, at=1_000.0 + seq, span=SpanPath(span), **fields))

    add(
        RunStarted,
        ROOT_SPAN,
        provider="scripted",
        model="script",
        instructions="Be brief.",
        tools=[],
        tool_choice=ToolChoicePlan(),
        parallel_calls=True,
        limits=RunLimits(),
        approval="ask *",
        history=(UserMessage("Good morning."),),
    )
    add(NoteAdded, ROOT_SPAN, text="from here on its own", by=BY_FORK)
    add(TurnStarted, "turn-1", turn=1, message=UserMessage("Look."))
    add(RoundStarted, "turn-1/round-1", turn=1, round=1)
    for attempt in (1, 2):
        add(
            RequestSent,
            f"turn-1/round-1/request-{attempt}",
            attempt=attempt,
            wire_format="w",
            path="/p",
            tool_choice=AUTO,
            offered=("look",),
            parallel_calls=True,
            body_json="{}",
            emulation="The choice is emulated.",
        )
        if attempt == 1:
            add(
                RequestFailed,
                "turn-1/round-1/request-1",
                attempt=1,
                failure="rate_limit",
                message="Too fast.",
                retry_in_s=1.0,
            )
    add(ResponseDelta, "turn-1/round-1/request-2", type="text", index=0, text="Loo")
    parts = (TextPart("Looking."), ToolCallPart("w1", "look", '{"at":1}'))
    response = ModelResponse(parts, "tool_calls", usage=Usage(3, 4))
    add(ResponseReceived, "turn-1/round-1/request-2", attempt=2, response=response, latency_ms=5.0)
    add(ToolCallProposed, call_id=CALL, wire_call_id="w1", index=0, tool="look", arguments_json='{"at":1}')
    add(ToolCallChecked, call_id=CALL, is_known=True, problems=(Problem("/at", "type", "is no text"),))
    add(ApprovalAsked, call_id=CALL, rule="ask *", wants="decision", shown_hash="h")
    add(
        ApprovalGiven,
        call_id=CALL,
        decision="edit",
        by="person",
        note="better",
        arguments_json='{"at":2}',
        model_sees="edited",
    )
    add(ToolStarted, call_id=CALL, executor="python", arguments_json='{"at":2}')
    add(NoteAdded, text="half done", by=BY_TOOL, call_id=CALL)
    add(ToolCallSettled, call_id=CALL, outcome="ok", result_text='"seen"', is_error=False)
    add(ToolCallProposed, call_id=OTHER, wire_call_id="w2", index=1, tool="look", arguments_json='{"at":3}')
    add(ApprovalAsked, call_id=OTHER, rule="ask *", wants="decision", shown_hash="h")
    add(ApprovalGiven, call_id=OTHER, decision="reject", by="person")
    add(LimitReached, ROOT_SPAN, limit="rounds", value=1.0)
    add(RunFinished, ROOT_SPAN, outcome="limit", ended_by="limit", text="", message="One round only.")
    return log


def trace(events: list[RunEvent]) -> Iterator[RunEvent]:
    known = workbench.core.trace.Trace()
    for event in events:
        before = repr(vars(known))
        known.apply(event)
        if repr(vars(known)) != before:
            yield event


def conversation(events: list[RunEvent]) -> Iterator[RunEvent]:
    known = workbench.core.conversation.ConversationFold()
    for event in events:
        before = repr(vars(known))
        known.apply(event)
        if repr(vars(known)) != before:
            yield event


def rows(events: list[RunEvent]) -> Iterator[RunEvent]:
    table = TraceViewModel()
    heard: list[object] = []
    table.inserted.connect(lambda: heard.append(None))
    table.changed.connect(lambda first, last: heard.append(first))
    for event in events:
        heard.clear()
        table.apply([event])
        if heard:
            yield event


def chat(events: list[RunEvent]) -> Iterator[RunEvent]:
    entries = workbench.viewmodels.conversation.chat.ChatViewModel()
    heard: list[int] = []
    entries.inserted.connect(heard.append)
    entries.changed.connect(heard.append)
    for event in events:
        heard.clear()
        entries.apply([event])
        if heard:
            yield event


def terminal(events: list[RunEvent]) -> Iterator[RunEvent]:
    report = workbench.app.runs.run_report.RunReport()
    return (event for event in events if list(report.lines(event)))


def search(events: list[RunEvent]) -> Iterator[RunEvent]:
    return (event for event in events if list(workbench.store.search_text.searchable(event)))


def recording(events: list[RunEvent]) -> Iterator[RunEvent]:
    before = ""
    for end, event in enumerate(events, 1):
        known = vars(workbench.replay.recording.Recording(events[:end]))
        after = repr({name: value for name, value in known.items() if name != "events"})
        if after != before:
            yield event
        before = after


def fork(events: list[RunEvent]) -> Iterator[RunEvent]:
    known = workbench.replay.recording.Recording(events)
    return iter(workbench.replay.fork_point.before_point(known, workbench.replay.fork_point.ForkPoint(2)))


def run_summary(events: list[RunEvent]) -> Iterator[RunEvent]:
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        workbench.store.writer.migrate(connection)
        for event in events:
            before = list(connection.iterdump())
            workbench.store.writer._summarize(connection, event, "me", Redactor())
            if list(connection.iterdump()) != before:
                yield event
    connection.close()


def kinds(ignored: Any) -> tuple[type[Event], ...]:
    """The kinds in a union of them, or in one alone."""
    return get_args(ignored) or (ignored,)


READERS: tuple[tuple[Reader, Any], ...] = (  # with the kinds each of them names as ignored
    (trace, kinds(workbench.core.trace.Ignored)),
    (conversation, kinds(workbench.core.conversation.Ignored)),
    (rows, ()),
    (chat, kinds(workbench.viewmodels.conversation.chat.Ignored)),
    (terminal, kinds(workbench.app.runs.run_report.Ignored)),
    (search, kinds(workbench.store.search_text.Ignored)),
    (recording, kinds(workbench.replay.recording.Ignored)),
    (fork, kinds(workbench.replay.fork_point.Ignored)),
    (run_summary, kinds(workbench.store.writer.Ignored)),
)


@pytest.mark.parametrize(("reader", "ignored"), READERS, ids=[reader.__name__ for reader, _ in READERS])
def test_each_kind_is_shown_or_named_as_ignored(reader: Reader, ignored: Any) -> None:
    log = one_of_each()
    assert {kind_of(event) for event in log} == {tag_of(kind) for kind in KINDS}
    named = {tag_of(kind) for kind in ignored}
    shown = {kind_of(event) for event in reader(log)}
    assert shown | named == {tag_of(kind) for kind in KINDS}
    assert not shown & named


def test_the_inspector_shows_every_kind_as_it_is_recorded() -> None:
    log = one_of_each()
    table = TraceViewModel()
    table.apply(log)
    inspector = InspectorViewModel(lambda run_id: log)
    inspector.show(table.rows[0])
    lines = inspector.page("Events").text.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == list(map(kind_of, log))


def test_a_match_over_kinds_of_events_has_no_silent_rest() -> None:
    names = {kind.__name__ for kind in KINDS}
    found = 0
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Match) and len(_classes(node) & names) > 3:
                found += 1
                assert "assert_never" in ast.unparse(node.cases[-1]), f"{path}:{node.lineno} has a silent rest"
    assert found >= len(READERS)


def _classes(node: ast.Match) -> set[str]:
    patterns = (part for case in node.cases for part in ast.walk(case.pattern))
    return {ast.unparse(part.cls) for part in patterns if isinstance(part, ast.MatchClass)}
