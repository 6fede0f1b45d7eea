"""A long conversation is read from its end: what is not looked at costs nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.long_chat import run_name, said_in, turn
from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.message import Message
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.conversation import RUNS_AT_ONCE, ConversationViewModel

TURNS = 2 * RUNS_AT_ONCE + 5


def keep(session: Session, turns: int) -> None:
    """Record a conversation of so many turns."""
    history: tuple[Message, ...] = ()
    for number in range(turns):
        log = EventLog()
        session.store.follow(log)
        events = turn(number, history)
        for event in events:
            log.append(event)
        history = (*history, *said_in(events))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    opened = Session(make_project(tmp_path / "project"), folders=folders)
    keep(opened, TURNS)
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def read(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[RunId]:
    """The runs that were read."""
    runs: list[RunId] = []
    load = session.runs.load

    def counted(run_id: RunId) -> EventLog:
        runs.append(run_id)
        return load(run_id)

    monkeypatch.setattr(session.runs, "load", counted)
    return runs


def asked(conversation: ConversationViewModel) -> list[str]:
    return [entry.run_id for entry in conversation.chat.entries if isinstance(entry, UserEntry)]


def names(first: int, last: int = TURNS) -> list[RunId]:
    return [run_name(number) for number in range(first, last)]


async def test_only_the_newest_runs_are_read_when_it_is_opened(session: Session, read: list[RunId]) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(TURNS - 1))
    newest = names(TURNS - RUNS_AT_ONCE)
    assert read == newest
    assert asked(conversation) == newest
    assert conversation.chat.has_earlier
    assert conversation.runs == tuple(names(0))
    assert conversation.holds(run_name(0))
    assert not conversation.has_read(run_name(0))
    assert conversation.trace.totals_text.startswith(f"last {RUNS_AT_ONCE} of {TURNS} runs")


async def test_earlier_runs_come_in_front_each_read_once_and_everything_is_as_if_read_at_once(
    session: Session, read: list[RunId]
) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(TURNS - 1))
    for first in (TURNS - 2 * RUNS_AT_ONCE, 0):
        await conversation.show_earlier()
        assert asked(conversation) == names(first)
    assert not conversation.chat.has_earlier
    assert sorted(read) == names(0)
    await conversation.show_earlier()
    assert len(read) == TURNS

    whole = ConversationViewModel(session)
    await whole.show(run_name(TURNS - 1))
    await whole.show_earlier(run_name(0))
    assert [entry.key for entry in conversation.chat.entries if not entry.key.startswith("notice")] == [
        entry.key for entry in whole.chat.entries if not entry.key.startswith("notice")
    ]
    assert len({entry.key for entry in conversation.chat.entries}) == len(conversation.chat.entries)
    rows = conversation.trace.rows
    assert [row.place for row in rows] == list(range(len(rows)))
    assert [(row.run_id, row.kind, row.status) for row in rows] == [
        (row.run_id, row.kind, row.status) for row in whole.trace.rows
    ]
    assert conversation.trace.totals_text == whole.trace.totals_text
    assert not conversation.trace.totals_text.startswith("last")
    assert conversation.usage == whole.usage
    assert list(conversation.runs) == names(0)


async def test_it_is_read_back_to_a_run_that_is_gone_to(session: Session, read: list[RunId]) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(TURNS - 1))
    read.clear()
    await conversation.show_earlier(run_name(10))
    assert read == names(10, TURNS - RUNS_AT_ONCE)
    await conversation.show_earlier(run_name(12))
    assert read == names(10, TURNS - RUNS_AT_ONCE)


async def test_two_who_ask_at_once_read_no_run_twice(session: Session, read: list[RunId]) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(TURNS - 1))
    await asyncio.gather(conversation.show_earlier(), conversation.show_earlier(run_name(0)))
    assert asked(conversation) == names(0)
    assert len(read) == TURNS


async def test_what_is_read_for_a_conversation_that_shows_something_else_by_now_is_dropped(session: Session) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(TURNS - 1))
    reading = asyncio.create_task(conversation.show_earlier())
    await asyncio.sleep(0)
    await conversation.show(run_name(3))
    with suppress(asyncio.CancelledError):
        await reading
    assert asked(conversation) == names(0, 4)
    assert not conversation.chat.has_earlier


async def test_a_short_conversation_is_read_whole(session: Session, read: list[RunId]) -> None:
    conversation = ConversationViewModel(session)
    await conversation.show(run_name(RUNS_AT_ONCE - 1))
    assert read == names(0, RUNS_AT_ONCE)
    assert not conversation.chat.has_earlier
    assert asked(conversation) == names(0, RUNS_AT_ONCE)
