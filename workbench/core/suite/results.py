"""What the trials of a suite run add up to: totals of each arm, and what was chosen for what."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from workbench.core.interval import Interval
from workbench.core.statistics.rates import rate_interval
from workbench.core.suite.case import ASKS_BACK, NO_CALL, SPLITS, Case, Split
from workbench.core.suite.grade import NOT_OFFERED, WITHHELD, Grade
from workbench.core.suite.routing_total import RoutingTotal, routing_total
from workbench.core.suite.trial import AS_IT_IS, ArmKey, SuiteRun, Trial, cost_of

_LAST = (NO_CALL, ASKS_BACK, WITHHELD, NOT_OFFERED)


class CaseResult(msgspec.Struct, frozen=True, dict=True):
    """All trials of a case in one arm. Repeats are averaged here, before anything else is done with them."""

    case: str
    trials: tuple[Trial, ...]

    @cached_property
    def graded(self) -> tuple[Trial, ...]:
        """Those that say something about the arm."""
        return tuple([trial for trial in self.trials if trial.grade is not None])

    @cached_property
    def right(self) -> float | None:
        """The share of right trials; None when none was graded."""
        return _share([grade.is_right for grade in self.grades])

    @cached_property
    def grades(self) -> tuple[Grade, ...]:
        """The grades of these trials."""
        return tuple([trial.grade for trial in self.trials if trial.grade is not None])

    @property
    def is_flaky(self) -> bool:
        """Whether some trials were right and some wrong."""
        return self.right is not None and 0 < self.right < 1

    def mean(self, value: Callable[[Trial], float | None]) -> float | None:
        """The mean over the trials that have such a value."""
        found = [each for trial in self.graded if (each := value(trial)) is not None]
        return sum(found) / len(found) if found else None


class ArmTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of one arm. Shares and means are over cases; `interval` is of `right`. None: nothing to count."""

    arm: ArmKey
    cases: int
    """How many have at least one graded trial."""
    clusters: int
    trials: int
    failed: int
    missing: int
    """Trials that were not made: it was stopped, or the budget was used up."""
    cached: int
    right: float | None
    interval: Interval
    direct: float | None
    """The share whose first call was wanted already."""
    arguments: float | None
    """The share with right arguments, of those with the right tools and an expectation about arguments."""
    valid: float | None
    """The share whose calls all fit their schemas."""
    all_right: float | None
    """The share that was right in every trial (pass^k)."""
    flaky: int
    rounds: float | None
    extra_calls: float | None
    tokens: float | None
    seconds: float | None
    dollars: Decimal | None
    """What all trials came to; None where a price is not known."""
    wrong: dict[str, int] = {}
    """Wrong trials by kind."""
    routing: RoutingTotal | None = None
    """What routing did; None where nothing was routed."""


class SuiteResults:
    """Everything a suite run has brought so far."""

    def __init__(self, run: SuiteRun, cases: Mapping[str, Case], trials: Iterable[Trial]) -> None:
        """`cases` are by key; a case that is not in the suite anymore is shown by its key alone."""
        self.run = run
        self.cases = dict(cases)
        self._by_arm: dict[str, dict[str, CaseResult]] = {}
        trials = tuple(trials)
        self._trials = {(trial.case, trial.arm, trial.number): trial for trial in trials}
        if len(self._trials) < len(trials):  # a failed one and its later result
            self._trials = {}
            for trial in trials:
                self.add(trial)

    def add(self, trial: Trial) -> None:
        """Count one more; a trial that is there already counts once, and a failed one gives way."""
        known = self._trials.get(trial.place)
        if known is None or known.grade is None:
            self._trials[trial.place] = trial
            self._by_arm.pop(trial.arm, None)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._trials.values())

    def trial_at(self, place: tuple[str, str, int]) -> Trial | None:
        """The trial of that case, arm, and number."""
        return self._trials.get(place)

    @property
    def is_complete(self) -> bool:
        """Whether every trial was made and graded."""
        return sum(trial.grade is not None for trial in self._trials.values()) >= self.run.wanted

    def of_arm(self, arm: str) -> dict[str, CaseResult]:
        """The results of an arm by case, in the order of the run. Not to be changed by who gets it."""
        if arm not in self._by_arm:
            found: dict[str, list[Trial]] = defaultdict(list)
            for trial in self._trials.values():
                if trial.arm == arm:
                    found[trial.case].append(trial)
            self._by_arm[arm] = {key: CaseResult(key, tuple(found[key])) for key in self.run.cases if key in found}
        return self._by_arm[arm]

    def unit(self, case: str) -> str:
        """The cluster of a case, or the case itself."""
        found = self.cases.get(case)
        return found.unit if found is not None else case

    def split_of(self, case: str) -> Split | None:
        """The split of a case, where it is known."""
        found = self.cases.get(case)
        return found.split if found is not None else None

    @property
    def splits(self) -> tuple[Split, ...]:
        """The splits that have cases in this run."""
        there = {self.split_of(key) for key in self.run.cases}
        return tuple(split for split in SPLITS if split in there)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the cases of this run, in order."""
        return tuple(sorted({tag for key in self.run.cases if key in self.cases for tag in self.cases[key].tags}))

    def moved(self, before: ArmKey, after: ArmKey) -> tuple[int, int]:
        """How many clusters went up and down from one arm to the other, of those in which every trial is graded."""
        sums: dict[str, float] = {}
        is_open: set[str] = set()
        one, other = self.of_arm(before.key), self.of_arm(after.key)
        for key in self.run.cases:
            unit = self.unit(key)
            pair = [(one.get(key), self.run.trials_of(before)), (other.get(key), self.run.trials_of(after))]
            shares = [found.right for found, wanted in pair if found is not None and len(found.graded) >= wanted]
            if len(shares) < 2 or shares[0] is None or shares[1] is None:
                is_open.add(unit)
            else:
                sums[unit] = sums.get(unit, 0.0) + shares[1] - shares[0]
        closed = [total for unit, total in sums.items() if unit not in is_open]
        return sum(total > 1e-9 for total in closed), sum(total < -1e-9 for total in closed)

    def total(self, arm: ArmKey, *, only: Callable[[Case], bool] | None = None) -> ArmTotal:
        """The totals of an arm, of the cases for which `only` holds."""
        results = [each for each in self.of_arm(arm.key).values() if only is None or self._holds(only, each.case)]
        graded = [each for each in results if each.graded]
        trials = [trial for each in results for trial in each.trials]
        units = [self.unit(each.case) for each in graded]
        right = [each.right for each in graded if each.right is not None]
        wanted = sum(only is None or self._holds(only, key) for key in self.run.cases) * self.run.trials_of(arm)
        costs = Counter([trial.dollars for trial in trials if not trial.cached_from and trial.grade is not None])
        return ArmTotal(
            arm=arm,
            cases=len(graded),
            clusters=len(set(units)),
            trials=sum(len(each.graded) for each in graded),
            failed=sum([trial.grade is None for trial in trials]),
            missing=max(0, wanted - len(trials)),
            cached=sum([trial.cached_from != "" for trial in trials]),
            right=_mean(right),
            interval=rate_interval(right, units),
            direct=_mean([_share([grade.is_direct for grade in each.grades]) for each in graded]),
            arguments=_mean([_share(_judged(each.grades)) for each in graded]),
            valid=_mean([_share([grade.fits_schemas for grade in each.grades]) for each in graded]),
            all_right=_mean([float(value == 1) for value in right]),
            flaky=sum(each.is_flaky for each in graded),
            rounds=_mean([_share([trial.rounds for trial in each.graded]) for each in graded]),
            extra_calls=_mean([_share([grade.extra_calls for grade in each.grades]) for each in graded]),
            tokens=_mean([_share([one.input_tokens + one.output_tokens for one in each.graded]) for each in graded]),
            seconds=_mean([_share([trial.seconds for trial in each.graded]) for each in graded]),
            dollars=_sum_of(costs),
            wrong=dict(Counter([grade.kind for each in graded for grade in each.grades if not grade.is_right])),
            routing=routing_total(trials),
        )

    def matrix(self, arm: ArmKey, *, only: Callable[[Case], bool] | None = None) -> "ConfusionMatrix":
        """What was chosen in place of what was expected."""
        cells: dict[tuple[str, str], list[Trial]] = {}
        for result in self.of_arm(arm.key).values():
            if only is None or self._holds(only, result.case):
                for trial in result.graded:
                    assert trial.grade is not None
                    cells.setdefault((trial.grade.expected, trial.grade.chosen), []).append(trial)
        return ConfusionMatrix({place: tuple(trials) for place, trials in cells.items()})

    def reads_before(self, arm: ArmKey) -> dict[str, Counter[tuple[str, ...]]]:
        """What was called first where the right tool was reached: expected → the calls before it → how often."""
        found: dict[str, Counter[tuple[str, ...]]] = {}
        for result in self.of_arm(arm.key).values():
            for trial in result.graded:
                if trial.grade is not None and trial.grade.is_right and trial.grade.expected != NO_CALL:
                    found.setdefault(trial.grade.expected, Counter())[trial.grade.reads] += 1
        return found

    def _holds(self, only: Callable[[Case], bool], key: str) -> bool:
        case = self.cases.get(key)
        return case is not None and only(case)


def together(one: SuiteResults, other: SuiteResults) -> SuiteResults:
    """Two suite runs as one, the arms of the first coming first: to compare with what was measured before. An arm that
    both have stands for two, the second under a key of its own."""
    known = {arm.key for arm in one.run.arms}
    keys = {arm.key: f"{arm.key}@{other.run.suite_run_id}" if arm.key in known else arm.key for arm in other.run.arms}
    arms = tuple(
        msgspec.structs.replace(
            arm, key=keys[arm.key], variant=f"{arm.variant or AS_IT_IS}, later" if arm.key in known else arm.variant
        )
        for arm in other.run.arms
    )
    run = msgspec.structs.replace(
        one.run,
        arms=(*one.run.arms, *arms),
        cases=tuple(dict.fromkeys((*one.run.cases, *other.run.cases))),
        trials=max(one.run.trials, other.run.trials),
        split=one.run.split if one.run.split == other.run.split else "all",
        is_early=one.run.is_early or other.run.is_early,
    )
    moved = (msgspec.structs.replace(trial, arm=keys.get(trial.arm, trial.arm)) for trial in other.trials)
    return SuiteResults(run, {**other.cases, **one.cases}, (*one.trials, *moved))


class ConfusionMatrix(msgspec.Struct, frozen=True):
    """(expected, chosen) → the trials."""

    cells: dict[tuple[str, str], tuple[Trial, ...]]

    @property
    def rows(self) -> tuple[str, ...]:
        """What was expected, tools first."""
        return _ordered(expected for expected, _ in self.cells)

    @property
    def columns(self) -> tuple[str, ...]:
        """What was chosen: what was also expected first and in the same order, then other tools, then the rest."""
        return _ordered((*self.rows, *(chosen for _, chosen in self.cells)))

    def count(self, expected: str, chosen: str) -> int:
        """How many trials."""
        return len(self.cells.get((expected, chosen), ()))

    @property
    def worst(self) -> tuple[tuple[str, str, int], ...]:
        """The confusions, the most frequent first."""
        found = [(*place, len(trials)) for place, trials in self.cells.items() if place[0] != place[1]]
        return tuple(sorted(found, key=lambda cell: (-cell[2], cell[:2])))


def has_right_arguments(trial: Trial) -> float | None:
    """1 when the arguments were right; None where nothing was expected of them."""
    judged = trial.grade.has_right_arguments if trial.grade is not None else None
    return None if judged is None else float(judged)


def _share(values: Sequence[float]) -> float | None:
    """The mean of what is there for each trial of a case."""
    return sum(values) / len(values) if values else None


def _judged(grades: Sequence[Grade]) -> list[bool]:
    return [grade.has_right_arguments for grade in grades if grade.has_right_arguments is not None]


def _sum_of(costs: Mapping[str | None, int]) -> Decimal | None:
    """What this many trials of these costs come to; None where one is not known."""
    total = Decimal(0)
    for dollars, count in costs.items():
        cost = cost_of(dollars)
        if cost is None:
            return None
        total += cost * count
    return total


def _mean(values: Sequence[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return sum(found) / len(found) if found else None


def _ordered(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: _LAST.index(label) if label in _LAST else -1))
