"""Finding a text in everything that was said, called and returned."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.app.search import SearchResult, search_runs
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path / ".workbench", Redactor())
    log = EventLog()
    opened.follow(log)
    run = ScriptedRun(
        script(says("I will look.", calls=(raw_call("look", '{"at":"Old \\"Gate\\""}'),)), says("Straße, all QUIET.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": "three\nravens"}},
        log=log,
    )
    asyncio.run(run.run("What is at the 100% gate?"))
    yield opened
    opened.close()


def kinds(found: SearchResult) -> list[str]:
    return [hit.kind for hit in found.hits]


def test_a_text_is_found_wherever_it_stands_whatever_its_case(store: RunStore) -> None:
    assert kinds(search_runs(store, "GATE")) == ["prompt", "call"]
    assert kinds(search_runs(store, "ravens")) == ["result"]
    assert kinds(search_runs(store, "quiet")) == ["answer"]


def test_marks_and_escapes_are_compared_as_written(store: RunStore) -> None:
    assert kinds(search_runs(store, '\\"gate\\"')) == ["call"]
    assert kinds(search_runs(store, "100%")) == ["prompt"]
    assert kinds(search_runs(store, "1_0%")) == []
    assert kinds(search_runs(store, "STRAßE")) == kinds(search_runs(store, "straße")) == ["answer"]


def test_a_hit_leads_to_its_place(store: RunStore) -> None:
    (hit,) = search_runs(store, "ravens").hits
    event = store.events(hit.run_id)[hit.seq - 1]
    assert event.span == hit.span
    assert hit.call_id is not None
    assert "ravens" in hit.excerpt


def test_more_hits_than_wanted_are_told_of(store: RunStore) -> None:
    found = search_runs(store, "gate", limit=1)
    assert len(found.hits) == 1
    assert found.is_cut


def test_deleted_runs_and_empty_questions_give_nothing(store: RunStore) -> None:
    assert search_runs(store, "  ") == SearchResult()
    store.delete(store.recorded()[0].run_id)
    assert search_runs(store, "gate") == SearchResult()


def test_a_search_that_is_told_to_stop_stops(store: RunStore) -> None:
    assert search_runs(store, "gate", should_stop=lambda: True) == SearchResult()
