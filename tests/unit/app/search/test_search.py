"""Finding a text in everything that was said, called and returned."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.long_chat import run_name, turn
from tests.support.old_history import put_old_history
from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.app.project.folders import UserFolders
from workbench.app.search.search import RunSearch, SearchResult
from workbench.core.event import NoteAdded
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
KEY = "sk-very-secret-1234567890"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path / ".workbench", Redactor())
    log = EventLog()
    opened.follow(log)
    run = ScriptedRun(
        script(
            says("I will look.", calls=(raw_call("look", '{"at":"Old \\"Gate\\" of Besan\\u00e7on"}'),)),
            says("Straße, all QUIET. 天气很好。"),
        ),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": f"three\nravens, {KEY}"}},
        log=log,
    )
    asyncio.run(run.run("What is at the 100% gate?"))
    opened.flush()
    yield opened
    opened.close()


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


@pytest.fixture
def search(store: RunStore, folders: UserFolders) -> RunSearch:
    return RunSearch(store, folders, Redactor())


def kinds(found: SearchResult) -> list[str]:
    assert found.notice == ""
    return [hit.kind for hit in found.hits]


def index_file(folders: UserFolders) -> Path:
    [file] = (folders.state / "search").glob("*.sqlite")
    return file


def test_a_text_is_found_wherever_it_stands_whatever_its_case(search: RunSearch) -> None:
    assert kinds(search.find("GATE")) == ["prompt", "call"]
    assert kinds(search.find("ravens")) == ["result"]
    assert kinds(search.find("quiet")) == ["answer"]
    assert kinds(search.find("look")) == ["answer", "call"]


def test_words_are_found_by_their_beginning_and_all_of_them_are_needed(search: RunSearch) -> None:
    assert kinds(search.find("rav thr")) == ["result"]
    assert kinds(search.find("rav gate")) == []
    assert kinds(search.find("aven")) == []


def test_a_phrase_in_quotes_stands_as_it_is_written(search: RunSearch) -> None:
    assert kinds(search.find('"will look"')) == ["answer"]
    assert kinds(search.find('"look will"')) == []
    assert kinds(search.find('"wil"')) == []
    assert kinds(search.find('"will lo')) == ["answer"]


def test_accents_escapes_marks_and_scripts_without_spaces_are_no_obstacle(search: RunSearch) -> None:
    assert kinds(search.find("besancon")) == ["call"]
    assert kinds(search.find("STRAßE")) == kinds(search.find("straße")) == ["answer"]
    assert kinds(search.find("气很")) == ["answer"]
    assert kinds(search.find("100%")) == ["prompt"]
    assert kinds(search.find("1_0%")) == []
    assert kinds(search.find("。")) == ["answer"]


def test_a_hit_leads_to_its_place_and_marks_the_text(search: RunSearch, store: RunStore) -> None:
    (hit,) = search.find("ravens").hits
    event = store.events(hit.run_id)[hit.seq - 1]
    assert event.span == hit.span
    assert hit.call_id is not None
    assert [hit.excerpt[begin:end] for begin, end in hit.marks] == ["ravens"]


def test_more_hits_than_wanted_are_told_of(search: RunSearch) -> None:
    found = search.find("gate", limit=1)
    assert len(found.hits) == 1
    assert found.is_cut


def test_a_deleted_run_is_found_no_more_until_it_is_brought_back(search: RunSearch, store: RunStore) -> None:
    assert search.find("  ") == SearchResult()
    run_id = store.recorded()[0].run_id
    assert kinds(search.find("gate")) != []
    store.delete(run_id)
    assert search.find("gate") == SearchResult()
    store.delete(run_id, deleted=False)
    assert kinds(search.find("gate")) == ["prompt", "call"]


def test_the_text_of_a_deleted_run_is_not_left_in_the_index(
    search: RunSearch, store: RunStore, folders: UserFolders
) -> None:
    search.prepare()
    store.delete(store.recorded()[0].run_id)
    search.prepare()
    index = sqlite3.connect(index_file(folders))
    assert index.execute("SELECT COUNT(*) FROM texts").fetchone() == (0,)
    assert index.execute("SELECT COUNT(*) FROM words WHERE words MATCH 'gate'").fetchone() == (0,)
    index.close()


def test_what_is_recorded_and_named_later_is_found_as_well(search: RunSearch, store: RunStore) -> None:
    assert kinds(search.find("remark")) == []
    run_id = store.recorded()[0].run_id
    log = EventLog(store.events(run_id))
    store.follow(log)
    last = store.events(run_id)[-1]
    log.append(
        NoteAdded(run_id=run_id, seq=last.seq + 1, at=last.at, span=ROOT_SPAN, text="A remark of mine.", by="person")
    )
    store.rename(run_id, "The raven affair")
    assert kinds(search.find("remark")) == ["note"]
    assert kinds(search.find("affair")) == ["name"]
    store.rename(run_id, "Birds")
    assert kinds(search.find("affair")) == []
    assert kinds(search.find("gate")) == ["prompt", "call"]


def test_a_damaged_foreign_or_older_index_is_rebuilt(search: RunSearch, store: RunStore, folders: UserFolders) -> None:
    assert kinds(search.find("gate")) == ["prompt", "call"]
    index_file(folders).write_bytes(b"this is no database at all" * 400)
    assert kinds(search.find("gate")) == ["prompt", "call"]
    index = sqlite3.connect(index_file(folders))
    index.execute("PRAGMA user_version = 99")
    index.close()
    assert kinds(search.find("gate")) == ["prompt", "call"]
    index = sqlite3.connect(index_file(folders))
    index.execute("DROP TABLE words_data")
    index.close()
    assert [hit.kind for hit in search.find("gate").hits] == ["prompt", "call"]
    assert kinds(search.find("gate")) == ["prompt", "call"]


def test_an_old_history_is_searched_whole(tmp_path: Path, folders: UserFolders) -> None:
    put_old_history(tmp_path / "old")
    with closing(RunStore(tmp_path / "old", Redactor())) as store:
        search = RunSearch(store, folders, Redactor())
        assert {hit.run_id for hit in search.find("tomorrow").hits} == {run_of(store, "And tomorrow?")}
        assert search.find("tomorrow").hits == search.find("tomorrow", without_index=True).hits


def run_of(store: RunStore, title: str) -> str:
    return next(row.run_id for row in store.recorded() if row.title.startswith(title))


def test_keys_are_never_in_the_index(store: RunStore, folders: UserFolders) -> None:
    redactor = Redactor()
    search = RunSearch(store, folders, redactor)
    redactor.add(KEY)
    search.prepare()
    assert KEY.encode() not in index_file(folders).read_bytes()
    (hit,) = search.find("ravens").hits
    assert KEY not in hit.excerpt


def test_where_there_is_no_full_text_search_the_runs_themselves_are_looked_through(
    search: RunSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.store.search_file._TABLES", "CREATE VIRTUAL TABLE words USING fts99(body);")
    found = search.find("gate")
    assert [hit.kind for hit in found.hits] == ["prompt", "call"]
    assert "fts99" in found.notice
    assert [hit.kind for hit in search.find("raven three").hits] == ["result"]


def test_a_search_that_is_told_to_stop_stops_and_keeps_what_it_has(search: RunSearch, folders: UserFolders) -> None:
    assert search.find("gate", should_stop=lambda: True) == SearchResult()
    heard: list[tuple[int, int]] = []
    asked = iter((False, True))
    assert not search.prepare(lambda done, total: heard.append((done, total)), lambda: next(asked, True)) or heard
    assert heard
    assert heard[-1][0] <= heard[-1][1]
    assert kinds(search.find("gate")) == ["prompt", "call"]


def test_the_same_instructions_of_many_runs_are_one_place(store: RunStore, search: RunSearch) -> None:
    started = store.events(store.recorded()[0].run_id)[0]
    for number in range(3):
        log = EventLog()
        store.follow(log)
        log.append(msgspec.structs.replace(started, run_id=RunId(f"other-{number}"), instructions="Be a gentle clerk."))
    found = search.find("gentle")
    assert kinds(found) == ["instructions"]
    assert found.hits[0].run_id == "other-2"
    store.delete(RunId("other-2"))
    assert [hit.run_id for hit in search.find("gentle").hits] == ["other-1"]
    store.delete(RunId("other-2"), deleted=False)
    assert [hit.run_id for hit in search.find("gentle").hits] == ["other-2"]


def test_instructions_are_in_the_index_once_however_many_runs_carry_them(store: RunStore, search: RunSearch) -> None:
    for number in range(40):
        for event in turn(0, chat=f"chat{number} "):
            store._writer.append(event)
    search.prepare()
    with closing(sqlite3.connect(search._file)) as index:
        texts = index.execute("SELECT count(*) FROM texts WHERE kind = 'instructions' AND body LIKE 'Be brief.%'")
        assert texts.fetchone() == (1,)


@pytest.mark.parametrize("what", ["nothing", "a run", "a name", "a deleted run"])
def test_catching_up_reads_what_is_new_however_much_is_recorded(
    tmp_path: Path, folders: UserFolders, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    steps = [_steps_of_catching_up(tmp_path / f"{size}", folders, monkeypatch, size, what) for size in (30, 400)]
    assert steps[1] < 1.3 * steps[0]


def _steps_of_catching_up(
    folder: Path, folders: UserFolders, monkeypatch: pytest.MonkeyPatch, size: int, what: str
) -> int:
    """How many steps SQLite takes in the history, and for what is known in the index, after one more change."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(RunStore(folder, Redactor())) as store:
        for number in range(size):
            for event in turn(0, chat=f"chat{number} "):
                store._writer.append(event)
        search = RunSearch(store, folders, Redactor())
        assert search.prepare()
        match what:
            case "a run":
                for event in turn(0, chat="new "):
                    store._writer.append(event)
            case "a name":
                store.rename(run_name(0, "chat7 "), "Seven")
            case "a deleted run":
                store.delete(run_name(0, "chat7 "))
            case _:
                pass
        connect = sqlite3.connect

        def counted(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_progress_handler(count, 1)
            return connection

        with monkeypatch.context() as patch:
            patch.setattr("workbench.store.search_index.sqlite3.connect", counted)
            assert search.prepare()
    assert steps > 0
    return steps
