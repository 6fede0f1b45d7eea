"""A history of format 3 is read, kept and converted without a loss."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.display import wait_until
from tests.support.old_history import DAMAGED, INTERRUPTED, old_events, old_rows, put_old_history
from workbench.core.errors import StoreError
from workbench.core.event import ToolCallSettled
from workbench.core.ids import RunId
from workbench.store import migrations
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

ROOT = Path(__file__).parents[3]
COUNT_OLD = "SELECT count(*) FROM events_3"


def count(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute(query).fetchone()[0]
        return found


def opened(folder: Path) -> RunStore:
    return RunStore(folder, Redactor())


def test_an_old_history_reads_as_it_did_before_and_after_its_conversion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.store.writer.CONVERSION_WAIT_S", 3600.0)
    path = put_old_history(tmp_path)
    store = opened(tmp_path)
    expected = old_events()
    assert count(path, COUNT_OLD) > 0
    assert {run: store.readable(run)[0] for run in expected} == expected
    trouble = store.readable(DAMAGED)[1]
    while store.convert_next():
        assert {run: store.readable(run)[0] for run in expected} == expected
    assert count(path, COUNT_OLD) == 0
    assert store.readable(DAMAGED)[1] == trouble
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT run_id, title, outcome, calls, parent_run, fork_seq, conversation, deleted_at IS NULL FROM runs"
            " ORDER BY run_id"
        ).fetchall()
    assert rows == old_rows()


def test_it_is_converted_by_itself_and_then_takes_less_space(tmp_path: Path) -> None:
    path = put_old_history(tmp_path)
    before = path.stat().st_size
    store = opened(tmp_path)
    wait_until(lambda: count(path, COUNT_OLD) == 0, "everything is converted")
    store.close()
    assert count(path, "PRAGMA freelist_count") == 0
    assert path.stat().st_size < before * 2 / 3


def test_lines_that_nobody_understands_are_kept_as_they_are(tmp_path: Path) -> None:
    path = put_old_history(tmp_path)
    query = "SELECT line FROM events WHERE run_id = 'damaged' AND seq IN (1, 40, 41) ORDER BY seq"
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute(query).fetchall()
    store = opened(tmp_path)
    while store.convert_next():
        pass
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        after = connection.execute(query).fetchall()
    assert after[1:] == before[1:]
    assert b'"of_tomorrow":true' in before[0][0]


def test_a_run_that_was_interrupted_before_is_settled_and_goes_on_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.store.writer.CONVERSION_WAIT_S", 3600.0)
    put_old_history(tmp_path)
    store = opened(tmp_path)
    assert store.recover() == [INTERRUPTED]
    old = old_events()[INTERRUPTED]
    for _ in range(2):
        events = store.events(INTERRUPTED)
        assert events[: len(old)] == old
        assert [type(event) for event in events[len(old) :]] == [ToolCallSettled]
        while store.convert_next():
            pass
    assert store.adopt(RunId(INTERRUPTED))
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork")
def test_a_conversion_that_is_killed_at_any_statement_loses_nothing(tmp_path: Path) -> None:
    stride = os.environ.get("WORKBENCH_CONVERSION_STRIDE", "29")
    program = ROOT / "tests" / "support" / "dying_conversion.py"
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path), stride],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(verdicts) > 10
    assert [verdict for verdict in verdicts if verdict["lost"] or verdict["lost_later"]] == []


def test_a_history_of_format_4_is_read_and_what_is_new_in_it_sends_older_programs_to_an_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_old_history(tmp_path, version=4)
    assert count(path, "PRAGMA user_version") == 4
    store = opened(tmp_path)
    expected = old_events()
    assert {run: store.readable(run)[0] for run in expected} == expected
    store.close()
    assert count(path, "PRAGMA user_version") == migrations.CURRENT == 5
    monkeypatch.setattr(migrations, "CURRENT", 4)
    with pytest.raises(StoreError, match="format 5, this program knows up to 4") as refused:
        opened(tmp_path)
    assert "Update the workbench" in refused.value.hint
