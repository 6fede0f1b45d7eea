"""Rows of runs are found by query: what is read is the answer, however many runs there are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.long_chat import run_name, turn
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.app.runs.run_list import RunList
from workbench.core.errors import StoreError
from workbench.store.migrations import migrate
from workbench.store.redaction import Redactor
from workbench.store.run_table import RunTable
from workbench.store.runs import RunStore

ADD = (
    "INSERT INTO runs (run_id, started_at, provider, model, parent_run, fork_seq, outcome, changed)"
    " VALUES (?, ?, 'p', 'm', ?, ?, 'answered', ?)"
)
LAWS = (100, 4_000)
"""Two sizes of a history. What is counted must be the same in both."""


class Counted:
    """Runs queries and counts the rows that came and the steps that SQLite took."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.rows = 0
        self.steps = 0
        connection.set_progress_handler(self._step, 1)

    def _step(self) -> int:
        self.steps += 1
        return 0

    def read(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        found = self.connection.execute(query, values).fetchall()
        self.rows += len(found)
        return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path, Redactor())
    yield opened
    opened.close()


def history(size: int) -> sqlite3.Connection:
    """So many runs, in conversations of five."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    rows = [(run_name(n), float(n), run_name(n - 1) if n % 5 else None, None, n) for n in range(size)]
    connection.executemany(ADD, rows)
    return connection


def cost(size: int, asked: str) -> tuple[int, int]:
    with closing(history(size)) as connection:
        counted = Counted(connection)
        table = RunTable(counted.read, lambda owner: False)
        match asked:
            case "chain":
                assert len(table.chain(run_name(size - 1))) == 5
            case "changes":
                assert [row.run_id for row in table.changes(size - 2).rows] == [run_name(size - 1)]
            case "last":
                assert table.find("last") == run_name(size - 1)
            case _:
                assert table.find(run_name(size - 1)) == run_name(size - 1)
        return counted.rows, counted.steps


@pytest.mark.parametrize("asked", ["chain", "changes", "last", "id"])
def test_a_question_costs_the_same_in_a_history_of_any_size(asked: str) -> None:
    (small, small_steps), (large, large_steps) = cost(LAWS[0], asked), cost(LAWS[1], asked)
    assert small == large
    assert large_steps <= small_steps * 1.5


@given(
    st.lists(st.tuples(st.integers(0, 14), st.sampled_from([None, None, 0, 1, 5])), min_size=1, max_size=14),
    st.sets(st.integers(0, 13), max_size=2),
)
def test_a_chain_is_the_same_whether_it_is_asked_of_the_file_or_of_all_rows(
    parents: list[tuple[int, int | None]], deleted: set[int]
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        for number, (parent, seq) in enumerate(parents):
            before = run_name(parent) if parent < number else None
            connection.execute(ADD, (run_name(number), float(number), before, seq, number))
        connection.executemany("UPDATE runs SET deleted_at = 1.0 WHERE run_id = ?", [(run_name(n),) for n in deleted])
        table = RunTable(Counted(connection).read, lambda owner: False)
        tree = ConversationTree(table.newest(99))
        for number in range(len(parents)):
            assert table.chain(run_name(number)) == tree.chain(run_name(number))


def test_runs_that_lead_in_a_circle_have_a_chain_that_ends() -> None:
    with closing(history(3)) as connection:
        connection.execute("UPDATE runs SET parent_run = 'run-000002' WHERE run_id = 'run-000000'")
        table = RunTable(Counted(connection).read, lambda owner: False)
        assert sorted(table.chain(run_name(1))) == [run_name(0), run_name(1), run_name(2)]


def test_the_beginning_of_an_id_is_no_pattern(store: RunStore) -> None:
    for event in turn(0):
        store._writer.append(event)
    assert store.find("run-0") == run_name(0)
    for text in ("run_0", "%", "RUN", "run-1"):
        with pytest.raises(StoreError, match="there is no run"):
            store.find(text)


def test_the_list_hears_of_everything_that_happens_to_a_run_and_of_nothing_else(store: RunStore) -> None:
    runs = RunList(store)
    assert runs.tree().newest() == []
    for event in turn(0)[:-1]:
        store._writer.append(event)
    [row] = runs.tree().newest()
    assert (row.title, row.outcome, row.is_live) == ("Say more about number 0, please.", None, True)
    assert runs.tree() is runs.tree()
    store._writer.append(turn(0)[-1])
    assert runs.tree().newest()[0].outcome == "answered"
    for event in turn(1):
        store._writer.append(event)
    store.rename(run_name(0), "Numbers")
    [conversation] = runs.tree().conversations()
    assert (conversation.title, conversation.messages) == ("Numbers", 2)
    store.delete(run_name(1))
    assert [row.run_id for row in runs.tree().newest()] == [run_name(0)]
    store.delete(run_name(1), deleted=False)
    assert runs.tree().chain(run_name(1)) == [run_name(0), run_name(1)]
    assert runs.tree() is runs.tree()


def test_a_run_that_was_removed_by_another_program_is_gone_from_the_list(store: RunStore) -> None:
    runs = RunList(store)
    for number in range(2):
        for event in turn(number):
            store._writer.append(event)
    assert len(runs.tree()) == 2
    store.delete(run_name(1))
    aged = "UPDATE runs SET deleted_at = 1.0 WHERE deleted_at IS NOT NULL"
    store._writer.submit(lambda connection: connection.execute(aged)).result(10)
    store._remove_deleted()
    store.flush()
    assert [row.run_id for row in runs.tree().newest()] == [run_name(0)]
