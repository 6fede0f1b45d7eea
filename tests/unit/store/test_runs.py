"""Stored runs: nothing that was committed is lost, and nothing that was started is started again."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.history_file import everything_in
from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.errors import StoreError
from workbench.core.event import RunEvent, ToolCallSettled, kind_of
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.core.trace import fold
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

PING = Tool.make("ping", "Ping.")


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = RunStore(tmp_path / ".workbench", Redactor())
    yield opened
    opened.close()


def recorded_run(store: RunStore) -> list[RunEvent]:
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(
        script(calls(call("ping")), says("Done.")), tools=(PING,), bodies={"ping": lambda _: "pong"}, log=log
    )
    asyncio.run(run.run("Ping it."))
    return list(log)


def test_a_stored_run_reads_back_as_it_was(store: RunStore) -> None:
    events = recorded_run(store)
    assert store.events(events[0].run_id) == events


def test_the_list_tells_what_a_run_was_about(store: RunStore) -> None:
    recorded_run(store)
    [row] = store.recorded()
    assert (row.title, row.outcome, row.calls, row.is_live) == ("Ping it.", "answered", 1, False)


def test_a_run_is_found_by_the_beginning_of_its_id(store: RunStore) -> None:
    recorded_run(store)
    assert store.find("run") == store.find("last") == "run-1"
    with pytest.raises(StoreError, match="there is no run 'other'"):
        store.find("other")


def test_a_deleted_run_can_be_brought_back(store: RunStore) -> None:
    recorded_run(store)
    store.delete(RunId("run-1"))
    assert store.recorded() == []
    store.delete(RunId("run-1"), deleted=False)
    assert len(store.recorded()) == 1


def test_a_call_that_was_running_when_the_program_died_is_settled_as_unknown(tmp_path: Path) -> None:
    folder = tmp_path / ".workbench"
    dying = RunStore(folder, Redactor())
    log = EventLog()
    run = ScriptedRun(script(calls(call("ping")), says("Done.")), tools=(PING,), bodies={"ping": lambda _: "pong"})
    asyncio.run(run.run())
    dying.follow(log)
    for event in run.log:
        if kind_of(event) == "tool_call.settled":
            break
        log.append(event)
    dying.flush()
    dying._lock.release()  # what the system does for a process that is killed

    survivor = RunStore(folder, Redactor())
    assert survivor.recover() == ["run-1"]
    last = survivor.events("run-1")[-1]
    assert isinstance(last, ToolCallSettled)
    assert last.outcome == "unknown"
    assert survivor.recover() == ["run-1"]
    assert len(survivor.events("run-1")) == len(list(log)) + 1
    assert [row.outcome for row in survivor.recorded()] == [None]
    survivor.close()
    dying.close()


def test_the_runs_of_a_program_that_lives_are_left_alone(store: RunStore, tmp_path: Path) -> None:
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(script(says("Done.")))
    asyncio.run(run.run())
    for event in list(run.log)[:-1]:
        log.append(event)
    store.flush()
    other = RunStore(tmp_path / ".workbench", Redactor())
    assert other.recover() == []
    assert other.recorded()[0].is_live
    other.close()


def test_an_interrupted_run_is_adopted_by_one_program_only(store: RunStore, tmp_path: Path) -> None:
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(script(says("Done.")))
    asyncio.run(run.run())
    log.append(next(iter(run.log)))
    store.flush()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET owner = NULL")
    other = RunStore(tmp_path / ".workbench", Redactor())
    assert [store.adopt(RunId("run-1")), other.adopt(RunId("run-1"))] == [True, False]
    other.close()


def test_a_key_never_reaches_the_file(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add("sk-canary-0123456789abcdef")
    store = RunStore(tmp_path / ".workbench", redactor)
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(script(says("Your key is sk-canary-0123456789abcdef.")), log=log)
    asyncio.run(run.run("I use sk-canary-0123456789abcdef."))
    store.flush()
    written = everything_in(store.path)
    store.close()
    assert b"sk-canary-0123456789" not in written
    assert "[key …cdef]" in written.decode("utf-8", "replace")


def test_a_damaged_database_is_refused_with_a_way_out(tmp_path: Path) -> None:
    folder = tmp_path / ".workbench"
    folder.mkdir()
    (folder / "runs.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StoreError, match="cannot be saved"):
        RunStore(folder, Redactor())


def test_a_database_from_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    RunStore(tmp_path, Redactor()).close()
    connection = sqlite3.connect(tmp_path / "runs.sqlite")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreError, match="format 999"):
        RunStore(tmp_path, Redactor())


def test_a_folder_that_cannot_be_written_gets_a_history_for_this_sitting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = RunStore(tmp_path / "file" / ".workbench", Redactor())
    recorded_run(store)
    assert "not kept" in store.notice
    assert len(store.recorded()) == 1
    store.close()


def test_the_history_hides_itself_from_git_and_from_other_users(store: RunStore) -> None:
    assert (store.folder / ".gitignore").read_text() == "*\n"
    assert store.path.stat().st_mode & 0o077 == 0


def test_events_are_kept_while_the_disk_fails_and_written_when_it_mends(store: RunStore) -> None:
    blocker = sqlite3.connect(store.path, isolation_level=None)
    store._writer.submit(lambda connection: connection.execute("PRAGMA busy_timeout = 1")).result(10)
    blocker.execute("BEGIN IMMEDIATE")
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(script(says("Done.")), log=log)
    asyncio.run(run.run())
    with pytest.raises(StoreError):
        store.flush()
    assert store.failure
    blocker.execute("ROLLBACK")
    blocker.close()
    store.flush()
    assert store.events("run-1") == list(log)
    assert fold(log).finished is not None


async def test_work_that_is_cancelled_is_not_done_and_the_writer_lives_on(store: RunStore) -> None:
    store.flush()
    slow = threading.Event()
    busy = store._writer.submit(lambda connection: slow.wait(10))
    withdrawn = store._writer.submit(lambda connection: connection.execute("DELETE FROM runs"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(withdrawn), 0.001)
    slow.set()
    busy.result(10)
    assert withdrawn.cancelled()
    store.flush()
    recorded = store._writer.submit(lambda connection: "alive")
    assert recorded.result(10) == "alive"


async def test_work_that_fails_in_an_unforeseen_way_is_told_and_the_writer_lives_on(store: RunStore) -> None:
    def broken(connection: sqlite3.Connection) -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store._writer.submit(broken).result(10)
    store.flush()


def test_a_history_that_is_closed_refuses_at_once_instead_of_waiting(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "history", Redactor())
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.flush()
