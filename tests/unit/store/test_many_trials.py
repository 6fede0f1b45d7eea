"""A large suite run opens quickly: what is done for each trial is done by C, not by calls of Python."""

import sys
from pathlib import Path
from types import FrameType

from workbench.core.ids import RunId
from workbench.core.suite.case_line import read_case
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.store.redaction import Redactor
from workbench.store.trial_store import TRIALS, TrialStore

CASES, TRIALS_A_CASE = 5, 200


def stored(folder: Path) -> TrialStore:
    store = TrialStore(folder, Redactor())
    cases = [read_case({"id": f"c{number}", "request": f"Say {number}.", "expected": None}) for number in range(CASES)]
    run = SuiteRun(
        suite_run_id="run",
        at=1.0,
        suite="many",
        suite_digest="d",
        arms=(ArmKey("arm", "model"),),
        cases=tuple(case.key for case in cases),
        trials=TRIALS_A_CASE,
    )
    store.begin(run, cases)
    grade = Grade(is_right=True, expected="no call", chosen="no call", is_direct=True)
    for case in cases:
        for number in range(TRIALS_A_CASE):
            trial = Trial(case=case.key, arm="arm", number=number + 1, run_id=RunId("r"), grade=grade, dollars="0.5")
            store.add("run", trial)
    return store


def test_opening_calls_no_python_for_each_trial(tmp_path: Path) -> None:
    store = stored(tmp_path)
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        found = store.load("run")
        results = SuiteResults(found.run, found.cases, found.trials)
        total = results.total(found.run.arms[0])
    finally:
        sys.setprofile(None)
    assert total.trials == CASES * TRIALS_A_CASE
    assert total.right == 1.0
    assert total.dollars == 500
    # A comprehension is a call of its own in Python 3.11; there are a few for each case, and none for a trial.
    assert calls < CASES * TRIALS_A_CASE


def test_a_line_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    store = stored(tmp_path)
    path = store.folder / "run" / TRIALS
    path.write_bytes(path.read_bytes() + b'\n{"case": torn\n')
    found = store.load("run")
    assert (len(found.trials), found.unreadable) == (CASES * TRIALS_A_CASE, 1)
