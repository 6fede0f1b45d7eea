"""What the suites page says of results: held-out cases decide, and tune cases are shown next to them."""

import pytest

from workbench.app.suites.suite_report import SuiteReport
from workbench.core.suite.case import Case, CaseTurn, Expected, Split, WantedCall
from workbench.core.suite.comparing import compare_arms
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.viewmodels.suites.suite_rows import arm_cells, headline, trial_rows, verdict_cells

pytest.importorskip("scipy")
BEFORE, AFTER = ArmKey("a", "m"), ArmKey("b", "m", "better")


def case(number: int, split: Split) -> Case:
    expected = Expected((WantedCall("look"),))
    return Case(case_id=f"{split}-{number}", turns=(CaseTurn(f"{split} request {number}", expected),), split=split)


@pytest.fixture(scope="module")
def report() -> SuiteReport:
    """The variant fixes every tune case and changes no held-out case."""
    splits: tuple[Split, ...] = ("tune", "held-out")
    cases = [case(number, split) for split in splits for number in range(40)]
    run = SuiteRun(
        suite_run_id="r",
        at=0.0,
        suite="s",
        suite_digest="d",
        arms=(BEFORE, AFTER),
        cases=tuple(each.key for each in cases),
        split="all",
    )

    def trial(each: Case, arm: ArmKey) -> Trial:
        is_right = arm == AFTER and each.split == "tune"
        chosen = "look" if is_right else "no call"
        return Trial(case=each.key, arm=arm.key, grade=Grade(is_right=is_right, expected="look", chosen=chosen))

    trials = [trial(each, arm) for each in cases for arm in run.arms]
    results = SuiteResults(run, {each.key: each for each in cases}, trials)
    return SuiteReport(results, tuple(compare_arms(results, [(BEFORE, AFTER)], split=split)[0] for split in splits))


def test_what_was_tuned_is_no_headline_where_held_out_cases_say_otherwise(report: SuiteReport) -> None:
    assert [each.split for each in report.deciding] == ["held-out"]
    found = headline(report, report.deciding[0])
    assert "Improvement" not in found.words
    assert "on held-out cases" in found.detail
    assert "Improvement" in headline(report, report.comparisons[0]).words


def test_every_arm_and_every_verdict_names_its_split(report: SuiteReport) -> None:
    assert [arm_cells(total, split)[:3] for split, total in report.totals_by_split] == [
        ("as it is · m", "tune", "0.0%"),
        ("as it is · m", "held-out", "0.0%"),
        ("better · m", "tune", "100.0%"),
        ("better · m", "held-out", "0.0%"),
    ]
    first = report.comparisons[0].verdicts[0]
    assert verdict_cells(first, "tune")[:5] == ("tune", "selection", "improvement", "0.0%", "100.0%")


def test_wrong_trials_come_first_and_a_cell_leaves_only_its_own(report: SuiteReport) -> None:
    rows = trial_rows(report.results, AFTER)
    assert [row.is_right for row in rows] == [False] * 40 + [True] * 40
    assert len(trial_rows(report.results, AFTER, cell=("look", "no call"))) == 40
    assert len(trial_rows(report.results, AFTER, only_wrong=True)) == 40
