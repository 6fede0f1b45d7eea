"""Expected and given arguments of a trial, word by word."""

import json
from pathlib import Path

from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench.app.suites.suite_order import SuiteOrder
from workbench.viewmodels.suites.argument_comparison import ArgumentComparison
from workbench.viewmodels.suites.suite_rows import trial_rows

GIVEN = {"calls": [{"tool": "touch", "arguments": {"mark": "north gate"}}]}


async def test_what_was_given_stands_beside_what_was_expected(tmp_path: Path) -> None:
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
    assert title == "touch: expected and given arguments; further ones are fine"
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("removed", "south"),
        ("added", "north"),
    ]
    await shown.look_at(rows["any"])
    assert shown.parts == ()
    assert told == [1, 0]
    await session.close()
