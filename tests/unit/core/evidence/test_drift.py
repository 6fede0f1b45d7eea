"""Drift: the cases of evidence against the same cases now."""

import msgspec
import pytest

from workbench.core.evidence.drift import Repeated, drifts
from workbench.core.evidence.statement import MeasuredArm, MeasuredCase, Measurement
from workbench.core.interval import Interval
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial


def repeated(before: list[float | None], after: list[bool], *, is_exact: bool = False) -> Repeated:
    keys = [f"k{number}" for number in range(len(before))]
    arm = ArmKey("arm", "m", is_exact=is_exact)
    measured_arm = MeasuredArm(
        title="as it is · m", variant="", model="m", wire="w", answered_as=(), cases=len(keys), clusters=len(keys),
        trials=len(keys), failed=0, missing=0, right=None, interval=Interval(0, 1), shares=tuple(before),
    )  # fmt: skip
    measured = Measurement(
        suite_run_id="r", suite="s", suite_digest="d", program_version="", split="tune", began_at=0, ended_at=0,
        trials_per_case=1, family_size=0, held_out_readings=0, arms=(measured_arm,), warnings=(),
        cases=tuple(MeasuredCase(key, key, "tune", None) for key in keys),
    )  # fmt: skip
    run = SuiteRun(suite_run_id="now", at=0, suite="s", suite_digest="d", arms=(arm,), cases=tuple(keys))
    trials = [
        Trial(case=key, arm="arm", grade=Grade(is_right=right, expected="a", chosen="a"))
        for key, right in zip(keys, after, strict=False)
    ]
    return Repeated(measured, measured_arm, SuiteResults(run, {}, trials), arm)


def test_equal_answers_of_an_exact_model_are_no_change_and_of_another_too_little() -> None:
    (exact,) = drifts([repeated([1.0, 0.0], [True, False], is_exact=True)], margin=0.05)
    (other,) = drifts([repeated([1.0, 0.0], [True, False])], margin=0.05)
    assert (exact.word, other.word) == ("no change", "insufficient data")
    assert (exact.before, exact.after, exact.fixed, exact.broken) == (0.5, 0.5, 0, 0)


def test_what_broke_is_a_regression_and_what_was_fixed_an_improvement() -> None:
    broke, fixed = drifts([repeated([1.0] * 12, [False] * 12), repeated([0.0] * 12, [True] * 12)], margin=0.05)
    assert (broke.word, broke.broken, fixed.word, fixed.fixed) == ("regression", 12, "improvement", 12)
    assert broke.adjusted_p == pytest.approx(2 * broke.p)


def test_cases_that_only_one_of_them_has_are_left_out() -> None:
    (found,) = drifts([repeated([1.0, None, 1.0], [True, True])], margin=0.05)
    assert (found.cases, found.left_out) == (1, 2)


def test_evidence_without_its_cases_gets_no_verdict() -> None:
    one = repeated([1.0] * 12, [False] * 12)
    (found,) = drifts([msgspec.structs.replace(one, arm=msgspec.structs.replace(one.arm, shares=()))], margin=0.05)
    assert (found.word, found.cases) == ("insufficient data", 0)
