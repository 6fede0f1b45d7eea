"""Whether a suite still comes out as its evidence says: the same cases again, compared one by one."""

from collections.abc import Sequence

import msgspec

from workbench.core.evidence.statement import MeasuredArm, Measurement
from workbench.core.interval import Interval
from workbench.core.statistics.holm import holm
from workbench.core.statistics.verdict import PairedDifference, Word, difference_of, judge
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey


class Repeated(msgspec.Struct, frozen=True):
    """An arm of the evidence, and the same arm of the suite run that repeats it."""

    measured: Measurement
    arm: MeasuredArm
    again: SuiteResults
    key: ArmKey


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of right cases before and now. `is_exact`: the model always answers the same, so that equal answers of all
    cases are no sample, but the whole truth. `left_out` are cases that cannot be compared, `failed` trials
    in which the model or the network failed."""

    suite: str
    title: str
    suite_run_id: str
    word: Word
    before: float
    after: float
    interval: Interval
    p: float
    adjusted_p: float
    cases: int
    left_out: int
    failed: int
    fixed: int
    broken: int
    is_exact: bool


def drifts(repeated: Sequence[Repeated], *, margin: float) -> tuple[Drift, ...]:
    """One verdict an arm; all of them are a family (Holm)."""
    paired = [(each, _pairs(each)) for each in repeated]
    differences = [_difference(each, pairs) for each, pairs in paired]
    adjusted = holm([difference.p for difference in differences])
    found = []
    for (each, pairs), difference, p in zip(paired, differences, adjusted, strict=True):
        is_same = each.key.is_exact and bool(pairs) and not difference.differing
        found.append(
            Drift(
                suite=each.measured.suite,
                title=each.arm.title,
                suite_run_id=each.again.run.suite_run_id,
                word="no change" if is_same else judge(difference, adjusted_p=p, margin=margin).word,
                before=_mean([before for _, before, _ in pairs]),
                after=_mean([after for _, _, after in pairs]),
                interval=difference.interval,
                p=difference.p,
                adjusted_p=p,
                cases=len(pairs),
                left_out=len(each.measured.cases) - len(pairs),
                failed=each.again.total(each.key).failed,
                fixed=difference.fixed,
                broken=difference.broken,
                is_exact=each.key.is_exact,
            )
        )
    return tuple(found)


def _pairs(repeated: Repeated) -> list[tuple[str, float, float]]:
    """Case, share of right trials then, and now."""
    now = repeated.again.of_arm(repeated.key.key)
    return [
        (case.key, before, after)
        for case, before in zip(repeated.measured.cases, repeated.arm.shares, strict=False)
        if before is not None and case.key in now and (after := now[case.key].right) is not None
    ]


def _difference(repeated: Repeated, pairs: Sequence[tuple[str, float, float]]) -> PairedDifference:
    if not pairs:
        whole = Interval(-1.0, 1.0)
        return PairedDifference(
            mean=0.0, interval=whole, p=1.0, test="none", cases=0, clusters=0, fixed=0, broken=0, differing=0.0
        )
    changes = [after - before for _, before, after in pairs]
    return difference_of(changes, [repeated.again.unit(key) for key, _, _ in pairs], is_yes_no=True)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
