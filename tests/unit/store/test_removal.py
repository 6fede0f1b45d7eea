"""A deleted run is gone for good after a while, with everything that only it had and nothing else."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.history_file import everything_in
from tests.support.long_chat import run_name, said_in, turn
from workbench.core.errors import StoreError
from workbench.core.event import RunEvent
from workbench.core.message import Message
from workbench.store.redaction import Redactor
from workbench.store.removal import remove_deleted
from workbench.store.runs import RunStore

LEFT = (
    "SELECT (SELECT count(*) FROM texts), (SELECT count(*) FROM lists), (SELECT count(*) FROM uses),"
    " (SELECT count(*) FROM events), (SELECT count(*) FROM runs)"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path, Redactor())
    yield opened
    opened.close()


def record(store: RunStore, turns: int, chat: str = "") -> list[list[RunEvent]]:
    history: tuple[Message, ...] = ()
    runs = []
    for number in range(turns):
        runs.append(turn(number, history, chat=chat))
        history += said_in(runs[-1])
        for event in runs[-1]:
            store._writer.append(event)
    return runs


def remove(store: RunStore, *numbers: int, chat: str = "") -> None:
    for number in numbers:
        store.delete(run_name(number, chat))
    while store._writer.submit(lambda connection: remove_deleted(connection, 4e9)).result(10):
        pass


def left(store: RunStore) -> tuple[int, ...]:
    store.flush()
    found: tuple[int, ...] = store._read(LEFT, ())[0]
    return found


def test_removing_all_runs_leaves_no_content(store: RunStore) -> None:
    record(store, 30)
    remove(store, *range(30))
    assert left(store) == (0, 0, 0, 0, 0)


def test_the_runs_that_stay_read_as_before_whichever_go(store: RunStore) -> None:
    runs, others = record(store, 12), record(store, 5, "other ")
    remove(store, 0, 3, 4, 5, 11)
    for number in (1, 2, 6, 7, 8, 9, 10):
        assert store.events(run_name(number)) == runs[number]
    assert [store.events(run_name(number, "other ")) for number in range(5)] == others
    with pytest.raises(StoreError, match="there is no run"):
        store.events(run_name(3))


def test_removing_a_conversation_leaves_what_was_there_before_it(store: RunStore) -> None:
    record(store, 6)
    before = left(store)
    record(store, 9, "other ")
    remove(store, *range(9), chat="other ")
    assert left(store) == before


def test_removing_one_run_looks_at_its_own_contents_and_not_at_all_others(store: RunStore) -> None:
    record(store, 60)
    assert max(statements(store, number) for number in (59, 30)) < 60


def statements(store: RunStore, number: int) -> int:
    """How many it takes to remove a run."""
    made: list[str] = []
    store._writer.submit(lambda connection: connection.set_trace_callback(made.append)).result(10)
    remove(store, number)
    store._writer.submit(lambda connection: connection.set_trace_callback(None)).result(10)
    return len(made)


def test_the_text_of_a_removed_run_is_in_no_byte_of_the_file(store: RunStore, tmp_path: Path) -> None:
    record(store, 1, "secretly ")
    record(store, 2)
    remove(store, 0, chat="secretly ")
    store.close()
    assert b"secretly" not in everything_in(tmp_path / "runs.sqlite").replace(b"secretly run-000000", b"")


def test_a_run_is_removed_by_the_next_start_but_not_within_the_hour(tmp_path: Path) -> None:
    store = RunStore(tmp_path, Redactor())
    record(store, 30)
    for number in range(30):
        store.delete(run_name(number))
    store.close()
    store = RunStore(tmp_path, Redactor())
    assert left(store)[4] == 30
    store.delete(run_name(0), deleted=False)
    store._writer.submit(
        lambda connection: connection.execute("UPDATE runs SET deleted_at = 1.0 WHERE deleted_at IS NOT NULL")
    ).result(10)
    store.close()
    store = RunStore(tmp_path, Redactor())
    while left(store)[4] > 1:  # the writer takes turns
        pass
    assert [row.run_id for row in store.recorded()] == [run_name(0)]
    store.close()


def test_a_run_that_somebody_is_working_on_is_not_removed(store: RunStore) -> None:
    for event in turn(0)[:-1]:
        store._writer.append(event)
    remove(store, 0)
    assert left(store)[4] == 1


def test_another_program_keeps_nothing_of_a_removed_run_open(store: RunStore, tmp_path: Path) -> None:
    record(store, 2)
    other = sqlite3.connect(tmp_path / "runs.sqlite")
    other.execute("SELECT count(*) FROM events").fetchone()
    remove(store, 0, 1)
    assert other.execute("SELECT count(*) FROM texts").fetchone() == (0,)
    other.close()
