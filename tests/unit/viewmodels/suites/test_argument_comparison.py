"""Expected and given arguments of a trial, word by word."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.suite.decision import decisive_span
from workbench.core.variant import ToolEdit, Variant
from workbench.viewmodels.suites.argument_comparison import ArgumentComparison, recorded_trial
from workbench.viewmodels.suites.suite_rows import trial_rows

GIVEN = {"calls": [{"tool": "touch", "arguments": {"mark": "north gate"}}]}


async def test_what_was_given_stands_beside_what_was_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_project(tmp_path / "project", GIVEN, {"text": "Done."})
    (folder / "suites").mkdir()
    cases = [
        {"id": "marks", "request": "Mark it.", "expected": "touch", "arguments": {"mark": "south gate"}},
        {"id": "any", "request": "Mark something.", "expected": "touch"},
    ]
    (folder / "suites" / "gate.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in cases))
    session = open_session(folder, tmp_path / "home")
    results = await session.suites.begin(SuiteOrder(suite="gate")).run()
    rows = {row.case.case_id: row for row in trial_rows(results, results.run.arms[0])}
    shown = ArgumentComparison(session)
    told: list[int] = []
    shown.changed.connect(lambda: told.append(len(shown.parts)))
    await shown.look_at(rows["marks"])
    ((title, pieces),) = shown.parts
    assert title == "touch: expected and given arguments; additional ones are fine"
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("removed", "south"),
        ("added", "north"),
    ]
    await shown.look_at(rows["any"])
    assert shown.parts == ()
    assert told == [1, 0]

    read: list[RunId] = []
    load = session.runs.load

    def counted(run_id: RunId) -> Sequence[RunEvent]:
        read.append(run_id)
        return load(run_id)

    monkeypatch.setattr(session.runs, "load", counted)
    looked = [replace(rows["marks"]) for _ in range(9)]
    await asyncio.gather(*(shown.look_at(row) for row in looked))
    assert len(read) == 2, "of many in a row, the first and the last are read"
    assert len(shown.parts) == 1
    await session.close()


async def test_each_expected_call_stands_beside_the_call_that_it_was_graded_by(tmp_path: Path) -> None:
    marks = [{"tool": "mark_it", "arguments": {"mark": mark}} for mark in ("north", "south")]
    folder = make_project(tmp_path / "project", {"calls": marks}, {"text": "Done."})
    (folder / "suites").mkdir()
    wanted = [{"tool": "touch", "arguments": {"mark": mark}} for mark in ("south", "east")]
    case = {"id": "two", "request": "Mark both.", "expected": wanted}
    (folder / "suites" / "gate.jsonl").write_text(json.dumps(case))
    session = open_session(folder, tmp_path / "home")
    session.suites.variants.save(Variant(name="renamed", tools={"touch": ToolEdit(name="mark_it")}))
    results = await session.suites.begin(SuiteOrder(suite="gate", variants=("renamed",))).run()
    (row,) = trial_rows(results, results.run.arms[0])
    shown = ArgumentComparison(session)
    await shown.look_at(row)
    changes = [[piece.text for piece in pieces if piece.kind != "same"] for _, pieces in shown.parts]
    assert changes == [[], ["east", "north"]]
    trace, renames = await recorded_trial(session, row.run_id)
    assert decisive_span(trace, row.trial.grade, renames) == "turn-1/round-1/call-1"
    await session.close()


async def test_the_decision_of_a_trial_is_in_the_turn_that_went_wrong(tmp_path: Path) -> None:
    looks = [{"calls": [{"tool": "look", "arguments": {}}]}, {"text": "Seen."}]
    folder = make_project(tmp_path / "project", *looks, *looks)
    (folder / "suites").mkdir()
    turns = [{"request": "Look.", "expected": "look"}, {"request": "Mark it.", "expected": "touch"}]
    (folder / "suites" / "gate.jsonl").write_text(json.dumps({"id": "two", "turns": turns}))
    session = open_session(folder, tmp_path / "home")
    results = await session.suites.begin(SuiteOrder(suite="gate")).run()
    (row,) = trial_rows(results, results.run.arms[0])
    trace, renames = await recorded_trial(session, row.run_id)
    assert decisive_span(trace, row.trial.grade, renames) == "turn-2/round-1/call-1"
    assert (row.expected_tool, row.turn) == ("touch", "turn-2")
    await session.close()
