"""The one writer of the run database."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.display import wait_until
from tests.support.event_kinds import one_of_each
from workbench.core.errors import StoreError
from workbench.core.event import ApprovalGiven, NoteAdded, ResponseDelta, RunEvent, ToolStarted, TurnStarted
from workbench.core.ids import ROOT_SPAN, CallId, RunId
from workbench.core.message import UserMessage
from workbench.store.redaction import Redactor
from workbench.store.writer import Writer

RUN = RunId("r")


def note(seq: int) -> NoteAdded:
    return NoteAdded(run_id=RUN, seq=seq, at=1.0, span=ROOT_SPAN, text="n", by="test")


def started(seq: int) -> RunEvent:
    return msgspec.structs.replace(one_of_each()[0], run_id=RUN, seq=seq)


def piece(seq: int) -> ResponseDelta:
    return ResponseDelta(run_id=RUN, seq=seq, at=1.0, span=ROOT_SPAN, type="text", index=0, text="x")


def until_waiting(writer: Writer) -> None:
    wait_until(lambda: writer._wakes is not None, "the writer has taken what there was")


def until_on_disk(writer: Writer, seq: int) -> None:
    reader = sqlite3.connect(writer._path)
    wait_until(lambda: reader.execute("SELECT max(seq) FROM events").fetchone()[0] == seq, f"event {seq} on disk")
    reader.close()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path / "runs.sqlite", Redactor(), "me")
    yield made
    made.close()


def held(writer: Writer) -> threading.Event:
    """Keep the writer busy until the event is set, so that what is asked for meanwhile waits together."""
    is_free, has_begun = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> None:
        has_begun.set()
        is_free.wait(20)

    writer.submit(hold)
    assert has_begun.wait(20)
    return is_free


def seqs(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT seq FROM events ORDER BY seq")]


def test_what_waits_together_is_committed_together_and_each_stands_where_it_was_asked_for(writer: Writer) -> None:
    is_free = held(writer)
    commits: list[bool] = []

    def look(connection: sqlite3.Connection) -> list[int]:
        commits.append(connection.in_transaction)
        return seqs(connection)

    writer.append(note(1))
    first = writer.submit(look)
    writer.append(note(2))
    second = writer.submit(look)
    is_free.set()
    wait([first, second], 20)
    assert (first.result(), second.result()) == ([1], [1, 2])
    assert commits == [True, True]


def test_work_that_fails_undoes_itself_and_nothing_of_its_neighbors(writer: Writer, tmp_path: Path) -> None:
    is_free = held(writer)

    def spoil(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM events")
        raise LookupError("after it did something")

    def err(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO nowhere VALUES (1)")

    writer.append(note(1))
    spoiling, erring = writer.submit(spoil), writer.submit(err)
    writer.append(note(2))
    last = writer.submit(seqs)
    is_free.set()
    assert last.result(20) == [1, 2]
    assert isinstance(spoiling.exception(20), LookupError)
    assert isinstance(erring.exception(20), StoreError)
    other = sqlite3.connect(tmp_path / "runs.sqlite")
    assert seqs(other) == [1, 2]
    other.close()


def test_nobody_is_told_that_work_is_done_before_it_is_on_the_disk(writer: Writer, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "runs.sqlite")
    seen: list[list[int]] = []
    is_free = held(writer)
    writer.append(note(1))
    futures = [writer.submit(lambda connection: None) for _ in range(3)]
    for future in futures:
        future.add_done_callback(lambda _: seen.append(_from_outside(tmp_path)))
    is_free.set()
    wait(futures, 20)
    writer.flush()
    assert seen == [[1]] * 3
    other.close()


def _from_outside(folder: Path) -> list[int]:
    connection = sqlite3.connect(folder / "runs.sqlite")
    try:
        return seqs(connection)
    finally:
        connection.close()


def test_half_of_a_surrogate_pair_in_a_message_ends_no_writer(writer: Writer, tmp_path: Path) -> None:
    message = UserMessage("Go \ud800 on")
    writer.append(started(1))
    writer.append(TurnStarted(run_id=RUN, seq=2, at=1.0, span=ROOT_SPAN, turn=1, message=message))
    writer.flush()
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as reader:
        assert reader.execute("SELECT title FROM runs").fetchall() == [("Go \ufffd on",)]
        assert seqs(reader) == [1, 2]


def test_what_cannot_be_written_is_told_and_ends_no_writer(writer: Writer) -> None:
    writer.append(note(2**70))
    with pytest.raises(StoreError, match="too large"):
        writer.flush()
    assert "too large" in writer.failure
    with pytest.raises(StoreError, match="too large"):
        writer.flush()


def test_a_stream_that_never_pauses_is_written_all_the_same(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.writer.BATCH_WAIT_S", 3_600.0)
    monkeypatch.setattr("workbench.store.writer.BATCH_EVENTS", 3)
    is_free = held(writer)
    for seq in range(1, 4):
        writer.append(piece(seq))
    is_free.set()
    until_on_disk(writer, 3)


def test_a_fact_does_not_wait_for_the_pieces_of_an_answer(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.writer.BATCH_WAIT_S", 3_600.0)
    writer.append(piece(1))
    until_waiting(writer)
    writer.append(note(2))
    until_on_disk(writer, 2)


def test_a_decision_does_not_wait_for_facts(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.writer.BATCH_WAIT_S", 3_600.0)
    monkeypatch.setattr("workbench.store.writer.FACT_WAIT_S", 3_600.0)
    writer.append(note(1))
    until_waiting(writer)
    writer.append(note(2))
    assert writer._wakes is not None, "a fact is not worth waking for while facts wait for each other"
    writer.append(
        ApprovalGiven(
            run_id=RUN,
            seq=3,
            at=1.0,
            span=ROOT_SPAN,
            call_id=CallId("r.1.1.1"),
            decision="approve",
            by="policy",
            rule="x",
        )
    )
    until_on_disk(writer, 3)


@pytest.mark.parametrize("is_asked", [True, False])
def test_work_and_the_end_do_not_wait_for_facts(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, is_asked: bool
) -> None:
    monkeypatch.setattr("workbench.store.writer.BATCH_WAIT_S", 3_600.0)
    monkeypatch.setattr("workbench.store.writer.FACT_WAIT_S", 3_600.0)
    writer.append(note(1))
    until_waiting(writer)
    if is_asked:
        writer.flush()
    else:
        writer.close()
    until_on_disk(writer, 1)


def test_the_start_of_a_claimed_call_is_committed_with_what_follows_it(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.store.writer.BATCH_WAIT_S", 3_600.0)
    monkeypatch.setattr("workbench.store.writer.FACT_WAIT_S", 3_600.0)
    statements: list[str] = []
    writer.submit(lambda connection: connection.set_trace_callback(statements.append)).result(20)
    writer.flush()
    statements.clear()
    call = CallId("r.1.1.1")
    writer.append(
        ToolStarted(run_id=RUN, seq=1, at=1.0, span=ROOT_SPAN, call_id=call, executor="python", arguments_json="{}")
    )
    until_waiting(writer)
    writer.flush()
    assert statements.count("COMMIT") == 1


async def test_who_wait_in_a_loop_are_answered_together_and_the_loop_is_woken_once(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, wakes = asyncio.get_running_loop(), []
    wake = loop.call_soon_threadsafe

    def counted(*arguments: Any) -> asyncio.Handle:
        wakes.append(arguments)
        return wake(*arguments)

    monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
    is_free = held(writer)
    writer.append(note(1))
    asked = [writer.ask(seqs) for _ in range(20)]
    failing = writer.ask(lambda connection: 1 / 0)
    withdrawn = writer.ask(lambda connection: connection.execute("DELETE FROM events"))
    withdrawn.cancel()
    is_free.set()
    writer.flush()  # the loop has no turn before all are answered
    assert await asyncio.gather(*asked) == [[1]] * 20
    with pytest.raises(ZeroDivisionError):
        await failing
    assert len(wakes) == 1
    assert await writer.ask(seqs) == [1], "what was withdrawn was not done"
    writer.close()
    with pytest.raises(StoreError, match="closed"):
        await writer.ask(seqs)


async def test_who_asks_too_late_keeps_no_earlier_answer_from_the_loop(writer: Writer) -> None:
    has_come, may_go_on = threading.Event(), threading.Event()

    class Answers(deque[Any]):
        def append(self, answer: Any) -> None:
            super().append(answer)
            if threading.current_thread() is writer._thread:  # before it looks whether to wake the loop
                has_come.set()
                may_go_on.wait(20)

    writer._answers[asyncio.get_running_loop()] = Answers()
    first = writer.ask(seqs)
    assert has_come.wait(20)
    writer._is_closed = True
    async with asyncio.timeout(20):
        with pytest.raises(StoreError, match="closed"):
            await asyncio.wait_for(writer.ask(seqs), 5)
        may_go_on.set()
        assert await first == []
