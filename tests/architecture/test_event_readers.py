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
import workbench.store.run_summary
import workbench.store.search_text
import workbench.store.writer
import workbench.viewmodels.conversation.chat
import workbench.viewmodels.trace.row_fold
from tests.support.event_kinds import one_of_each
from workbench.core.content import Part
from workbench.core.event import Event, RunEvent, kind_of, tag_of
from workbench.store.redaction import Redactor
from workbench.viewmodels.inspector.inspector import InspectorViewModel
from workbench.viewmodels.trace.trace import TraceViewModel

PACKAGE = Path(workbench.core.trace.__file__).parents[1]
KINDS: tuple[type[Event], ...] = get_args(RunEvent)
Reader = Callable[[list[RunEvent]], Iterator[RunEvent]]
"""Takes events one by one and yields those that made a difference."""


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
            workbench.store.run_summary.summarize(connection, event, "me", Redactor())
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
    (run_summary, kinds(workbench.store.run_summary.Ignored)),
)


@pytest.mark.parametrize(("reader", "ignored"), READERS, ids=[reader.__name__ for reader, _ in READERS])
def test_each_kind_is_shown_or_named_as_ignored(reader: Reader, ignored: Any) -> None:
    log = one_of_each()
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
        source = path.read_text("utf-8")
        if sum(f"{name}(" in source for name in names) <= 3:  # parsing every file takes seconds
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Match) and len(_classes(node) & names) > 3:
                found += 1
                assert "assert_never" in ast.unparse(node.cases[-1]), f"{path}:{node.lineno} has a silent rest"
    assert found >= len(READERS)


def test_a_match_over_parts_of_answers_has_no_silent_rest() -> None:
    names = {part.__name__ for part in get_args(Part)}
    found = 0
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        if "case ReasoningPart(" not in source and "case TextPart(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Match) and len(_classes(node) & names) > 1:
                found += 1
                asks_for_all = all(
                    isinstance(case.body[-1], ast.Return) for case in node.cases
                )  # then the checker does
                is_named = "assert_never" in ast.unparse(node.cases[-1])
                assert is_named or asks_for_all, f"{path}:{node.lineno} has a silent rest"
    assert found >= 5


def _classes(node: ast.Match) -> set[str]:
    patterns = (part for case in node.cases for part in ast.walk(case.pattern))
    return {ast.unparse(part.cls) for part in patterns if isinstance(part, ast.MatchClass)}
