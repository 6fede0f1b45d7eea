"""Marks kept beside the runs: made, replaced, taken away, undone, and read whatever the file looks like."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.voting import open_session, wrong_project, wrong_run
from workbench.app.microscope.decision import RecordedDecision, decision_at, decision_span
from workbench.app.microscope.marks import Marks
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.errors import StoreError, UsageError
from workbench.core.ids import RunId
from workbench.core.mark import Mark
from workbench.core.selection import ExpectedCall
from workbench.store.mark_store import MARKS_FILE, MarkStore
from workbench.store.redaction import Redactor


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    opened = open_session(wrong_project(tmp_path / "project"), own_home)
    yield opened
    await opened.close()


async def a_decision(session: Session, place: str = "turn-1/round-1/call-1") -> RecordedDecision:
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        return decision_at(replays, await wrong_run(session), place)
    finally:
        await replays.close()


async def test_a_decision_says_what_was_asked_offered_and_chosen(session: Session) -> None:
    decision = await a_decision(session)
    assert decision.request_text == "What is at the gate?"
    assert decision.toolset.names == ("look", "touch")
    assert str(decision.chosen) == 'touch({"mark":"gate"})'
    assert str(decision.point) == "turn-1/round-1"
    assert str((await a_decision(session, "turn-1/round-2")).chosen) == "answer"


async def test_what_is_no_decision_is_said(session: Session) -> None:
    with pytest.raises(UsageError):
        await a_decision(session, "turn-7/round-1")
    assert decision_span("turn-1") == "turn-1/round-1"
    assert decision_span("turn-1/round-2/request-1") == "turn-1/round-2"


async def test_a_mark_survives_and_is_found_at_its_decision(session: Session) -> None:
    decision = await a_decision(session)
    mark, _ = Marks(session.store.folder, session.redactor).make(
        decision, ExpectedCall("look"), call=1, note="It asks."
    )
    again = Marks(session.store.folder, session.redactor)
    assert again.all() == (mark,)
    assert again.at(decision.run_id, "turn-1/round-1") == mark
    assert again.at(decision.run_id, "turn-1/round-2") is None


async def test_a_second_mark_replaces_the_first_and_undo_brings_that_back(session: Session) -> None:
    decision = await a_decision(session)
    marks = Marks(session.store.folder, session.redactor)
    first, undo_first = marks.make(decision, ExpectedCall("look"))
    second, undo_second = marks.make(decision, None)
    assert marks.all() == (second,)
    undo_second()
    assert marks.all() == (first,)
    undo = marks.remove(first)
    assert marks.all() == ()
    undo()
    undo_first()
    assert marks.all() == ()


async def test_damaged_and_newer_lines_are_counted_and_the_others_read(session: Session) -> None:
    decision = await a_decision(session)
    marks = Marks(session.store.folder, session.redactor)
    mark, _ = marks.make(decision, None)
    file = session.store.folder / MARKS_FILE
    never = b'{"mark_id": "y", "at": 1e300, "run_id": "r", "point": "p"}\n'
    file.write_bytes(
        never + b'{"format": 99, "mark_id": "x"}\n\xff\xfe\n[[[\n' + file.read_bytes() + b'{"mark_id": "to'
    )
    marks.read()
    assert marks.all() == (mark,)
    assert marks.unreadable == 5
    other, _ = marks.make(decision, ExpectedCall("look"))
    assert marks.all() == (other,)


def test_a_key_in_a_note_never_reaches_the_file(session: Session) -> None:
    session.redactor.add("sk-not-for-anybody-12345")
    store = MarkStore(session.store.folder, session.redactor)
    store.add(Mark(mark_id="m", at=1.0, run_id=RunId("r"), point="p", note="sk-not-for-anybody-12345"))
    assert "not-for-anybody" not in (session.store.folder / MARKS_FILE).read_text()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_marks_that_are_no_file_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MARKS_FILE)
    with pytest.raises(StoreError, match="not a file"):
        MarkStore(tmp_path, Redactor()).all()


@pytest.mark.parametrize("line", ['{"removed":%s}', '{"more":%s}', '{"removed":"x","more":%s}'])
def test_a_line_made_to_exhaust_its_reader_counts_as_unreadable(tmp_path: Path, line: str) -> None:
    (tmp_path / MARKS_FILE).write_text(line % ("[" * 100_000 + "]" * 100_000))
    store = MarkStore(tmp_path, Redactor())
    assert store.all() == ()
    assert store.unreadable == 1
