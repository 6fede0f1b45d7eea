"""Two arms on the same cases, one verdict for each thing that is measured."""

from collections.abc import Callable, Sequence

import msgspec

from workbench.core.interval import Interval
from workbench.core.statistics.holm import holm
from workbench.core.statistics.verdict import ALPHA, PairedDifference, Word, difference_of, judge
from workbench.core.suite.case import Split
from workbench.core.suite.results import CaseResult, SuiteResults, has_right_arguments
from workbench.core.suite.trial import ArmKey, Trial

MARGIN = 0.05
"""What still counts as no change: 5 points of a rate, or 5 % of what a figure was before."""


class Axis(msgspec.Struct, frozen=True):
    """A thing that is measured. `value` is None where a trial says nothing about it."""

    name: str
    value: Callable[[Trial], float | None]
    is_rate: bool = False
    is_better_when_less: bool = True


AXES = (
    Axis(
        "selection",
        lambda trial: float(trial.grade.is_right) if trial.grade is not None else None,
        is_rate=True,
        is_better_when_less=False,
    ),
    Axis("arguments", has_right_arguments, is_rate=True, is_better_when_less=False),
    Axis("steps", lambda trial: float(trial.rounds)),
    Axis("tokens", lambda trial: float(trial.tokens) if trial.tokens else None),
    Axis("cost", lambda trial: float(trial.cost) if trial.cost else None),
    Axis("latency", lambda trial: trial.seconds if trial.seconds and not trial.cached_from else None),
)


QUESTION = AXES[0]
"""What a suite asks; everything else is looked at beside it."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in one axis from the first arm to the second. `before`, `after`, `change` and `interval` are in the
    axis's own unit: a share from 0 to 1, rounds, tokens, dollars, or seconds for a case."""

    axis: str
    word: Word
    before: float
    after: float
    change: float
    interval: Interval
    p: float
    adjusted_p: float
    family: int
    """How many comparisons were looked at in its family, this one included."""
    test: str
    cases: int
    clusters: int
    fixed: int
    broken: int
    margin: float
    more_cases: int | None = None


class ArmComparison(msgspec.Struct, frozen=True):
    """All verdicts of two arms. `left_out` are cases that only one of them has. `split` is the one whose cases were
    compared; empty for all."""

    before: ArmKey
    after: ArmKey
    verdicts: tuple[Verdict, ...]
    left_out: int = 0
    split: str = ""

    @property
    def is_of_models(self) -> bool:
        """Whether the two differ in their model alone."""
        return (self.before.variant, self.before.selector) == (self.after.variant, self.after.selector)

    def axis(self, name: str) -> Verdict | None:
        """The verdict of that axis."""
        return next((verdict for verdict in self.verdicts if verdict.axis == name), None)


class _Measured(msgspec.Struct, frozen=True):
    axis: Axis
    before: float
    after: float
    difference: PairedDifference
    margin: float


def compare_arms(
    results: SuiteResults,
    pairs: Sequence[tuple[ArmKey, ArmKey]],
    *,
    margin: float = MARGIN,
    alpha: float = ALPHA,
    is_early: bool = False,
    further_looks: int = 0,
    split: Split | None = None,
) -> tuple[ArmComparison, ...]:
    """The second arm of each pair compared with the first. `is_early`: the run could be ended at any look.

    The question of a suite is the selection: its p-values count among those of all arms, and among `further_looks` more
    that were looked at earlier. All other axes of all arms are a second family, so that looking at them too costs the
    question nothing, and a find among them has to be surer.
    """
    measured = [_measure(results, *pair, margin, is_early=is_early, split=split) for pair in pairs]
    everything = [each for own in measured for each in own]
    judged: dict[int, tuple[float, int]] = {}
    for is_question in (True, False):
        family = [each for each in everything if (each.axis is QUESTION) is is_question]
        further = further_looks if is_question else 0
        for each, p in zip(family, holm([each.difference.p for each in family], further=further), strict=True):
            judged[id(each)] = p, len(family) + further
    comparisons = []
    for (before, after), own in zip(pairs, measured, strict=True):
        verdicts = tuple(_verdict(each, *judged[id(each)], alpha) for each in own)
        one, other = (_of_split(results, arm, split).keys() for arm in (before, after))
        comparisons.append(ArmComparison(before, after, verdicts, len(one ^ other), split or ""))
    return tuple(comparisons)


def _measure(
    results: SuiteResults, before: ArmKey, after: ArmKey, margin: float, *, is_early: bool, split: Split | None
) -> list[_Measured]:
    one, other = _of_split(results, before, split), _of_split(results, after, split)
    found = []
    for axis in AXES:
        pairs = [
            (key, first, second)
            for key in one
            if key in other
            and (first := _mean(axis, one[key])) is not None
            and (second := _mean(axis, other[key])) is not None
        ]
        if not pairs:
            continue
        mean_before = sum(first for _, first, _ in pairs) / len(pairs)
        sign = -1.0 if axis.is_better_when_less else 1.0
        difference = difference_of(
            [sign * (second - first) for _, first, second in pairs],
            [results.unit(key) for key, _, _ in pairs],
            is_yes_no=axis.is_rate,
            is_early=is_early,
        )
        mean_after = sum(second for _, _, second in pairs) / len(pairs)
        own_margin = margin if axis.is_rate else margin * abs(mean_before)
        found.append(_Measured(axis, mean_before, mean_after, difference, own_margin))
    return found


def _of_split(results: SuiteResults, arm: ArmKey, split: Split | None) -> dict[str, CaseResult]:
    found = results.of_arm(arm.key)
    return {key: each for key, each in found.items() if split is None or results.split_of(key) == split}


def _mean(axis: Axis, result: CaseResult) -> float | None:
    return result.mean(axis.value)


def _verdict(measured: _Measured, adjusted_p: float, family: int, alpha: float) -> Verdict:
    difference = measured.difference
    judged = judge(difference, adjusted_p=adjusted_p, margin=measured.margin, alpha=alpha, family=family)
    low, high = difference.interval.low, difference.interval.high
    return Verdict(
        axis=measured.axis.name,
        word=judged.word,
        before=measured.before,
        after=measured.after,
        change=measured.after - measured.before,
        interval=Interval(-high, -low) if measured.axis.is_better_when_less else Interval(low, high),
        p=difference.p,
        adjusted_p=adjusted_p,
        family=family,
        test=difference.test,
        cases=difference.cases,
        clusters=difference.clusters,
        fixed=difference.fixed,
        broken=difference.broken,
        margin=measured.margin,
        more_cases=judged.more_cases,
    )
