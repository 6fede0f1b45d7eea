"""The race of several variants: rounds on tune cases, then one confirmation on held-out ones."""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.app.suites.arm import Arm
from workbench.app.suites.batch_rounds import Told
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_plan import SuiteEstimate
from workbench.app.suites.suite_runner import OnTrial, SuiteRunner, made_in_thread
from workbench.app.suites.suites import Suites
from workbench.core.errors import UsageError
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.suite.case import Case, Split
from workbench.core.suite.comparing import ArmComparison
from workbench.core.suite.race import Standing, round_sizes, standings
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suite import Suite
from workbench.core.suite.trial import ArmKey, SuiteRun

LEAST_CANDIDATES = 2


class RaceRound(msgspec.Struct, frozen=True):
    """One round: its suite run, and the candidates after it, the best first. `number` counts from 1 up to `of`."""

    suite_run_id: str
    standings: tuple[Standing, ...]
    number: int = 1
    of: int = 1


class RaceReport(msgspec.Struct, frozen=True):
    """How a race went. `confirmation` compares the winner with the project as it is, on held-out cases only."""

    rounds: tuple[RaceRound, ...]
    winner: str
    held_out: SuiteResults
    confirmation: ArmComparison

    @property
    def is_accepted(self) -> bool:
        """Whether the winner is better on cases that had no part in choosing it."""
        selection = self.confirmation.axis("selection")
        return selection is not None and selection.word == "improvement"


class RaceListeners(msgspec.Struct, frozen=True):
    """Who hears of a race: each trial, each suite run that begins, each round that ends, and the progress of batches
    or a cluster."""

    trial: OnTrial | None = None
    begun: Callable[[SuiteRunner], None] = lambda runner: None
    round_over: Callable[[RaceRound], None] = lambda race_round: None
    told: Told = lambda words: None


NOBODY = RaceListeners()


def arms_of_race(suites: Suites, order: SuiteOrder) -> tuple[Arm, ...]:
    """The project as it is and every candidate, made once for the estimates and all rounds: a variant that is edited
    meanwhile races as it was. Raises `UsageError` as `run_race`."""
    suite = suites.files.load(order.suite)
    return suites.arms(suite, msgspec.structs.replace(order, variants=("", *_candidates(order, suite))))


async def run_race(
    suites: Suites, order: SuiteOrder, listeners: RaceListeners = NOBODY, arms: Sequence[Arm] = ()
) -> RaceReport:
    """Let the variants of an order race. Every round is a suite run of its own and opens like any other. A race that
    was stopped goes on where it was when `order.race` names it: what was asked is not asked again. `arms` are those of
    `arms_of_race`, where they are there.

    Raises `UsageError` for fewer than two variants, several models or selectors, a suite without cases of both splits,
    and when the budget is used up or the model cannot be asked before the race is over.
    """
    suite = await asyncio.to_thread(suites.files.load, order.suite)
    candidates = _candidates(order, suite)
    arms = arms or await asyncio.to_thread(arms_of_race, suites, order)
    known = list(reversed(await asyncio.to_thread(runs_of_race, suites, order.race)))
    spent: list[Decimal] = []
    order = msgspec.structs.replace(order, race=order.race or new_race_id(), stop_early=False, per_cluster=None)

    async def run(own: SuiteOrder) -> SuiteResults:
        if own.budget is not None:
            own = msgspec.structs.replace(own, budget=own.budget - sum(spent))
        earlier = known.pop(0).suite_run_id if known else ""

        def make() -> SuiteRunner:
            heard, told = listeners.trial, listeners.told
            if earlier:
                return suites.resume(earlier, own, listener=heard, told=told)
            return suites.begin(suites.prepare(own, arms), listener=heard, told=told)

        runner = await made_in_thread(make)
        listeners.begun(runner)
        results = await runner.run()
        if runner.progress.stopped_by:
            raise UsageError(f"the race is not over: {runner.progress.stopped_by}", hint="What is done is kept.")
        spent.append(runner.progress.dollars or Decimal(0))
        return results

    tune = _shuffled(suite.of_split("tune"), suite.digest)
    leads: dict[str, list[float]] = {name: [] for name in candidates}
    rounds: list[RaceRound] = []
    begun = 0
    sizes = round_sizes(len(candidates), len(tune))
    for number, size in enumerate(sizes, 1):
        if len(leads) == 1:
            break
        only = tuple(case.case_id for case in tune[begun : begun + size])
        begun += size
        results = await run(msgspec.structs.replace(order, variants=("", *leads), split="tune", only=only))
        rounds.append(_round(results, leads, number, len(sizes)))
        listeners.round_over(rounds[-1])
    (winner,) = leads
    held_out = await run(msgspec.structs.replace(order, variants=("", winner), split="held-out", only=()))
    (confirmation,) = await asyncio.to_thread(suites.compare, held_out)
    return RaceReport(tuple(rounds), winner, held_out, confirmation)


def race_estimates(suites: Suites, order: SuiteOrder, arms: Sequence[Arm] = ()) -> tuple[SuiteEstimate, SuiteEstimate]:
    """What the rounds of a race take at most, and what its confirmation takes. Of one that goes on, answers that it has
    are known, and candidates that were dropped are left out. Raises `UsageError` as `run_race`."""
    arms = arms or arms_of_race(suites, order)
    left = [arm.arm.variant for arm in arms[1:]]
    order = msgspec.structs.replace(order, stop_early=False, per_cluster=None)
    earlier = [suites.results(run.suite_run_id) for run in runs_of_race(suites, order.race)]
    done = {trial.place: trial for results in earlier for trial in results.trials if trial.grade is not None}
    over = {results.run.suite_run_id for results in earlier if results.is_complete}
    for each in recorded_rounds(suites, order.race):
        if each.suite_run_id in over:
            left = [name for name in left if name not in _dropped(each.standings)]

    def estimated(variants: Iterable[str], split: Split) -> SuiteEstimate:
        made = suites.prepare(msgspec.structs.replace(order, variants=("", *variants), split=split), arms)
        cases, keys = {case.key for case in made.cases}, {arm.arm.key for arm in made.arms}
        known = {place: trial for place, trial in done.items() if trial.case in cases and trial.arm in keys}
        return suites.estimate(msgspec.structs.replace(made, known={**made.known, **known}))

    return estimated(left, "tune"), estimated(left[-1:], "held-out")


def runs_of_race(suites: Suites, race: str) -> tuple[SuiteRun, ...]:
    """The suite runs of a race, newest first; none for the empty name."""
    return tuple(run for run in suites.recorded() if race and run.race == race)


def order_of_race(suites: Suites, race: str, order: SuiteOrder) -> SuiteOrder:
    """The order a recorded race was begun with; concurrency and budget are those of `order`. Raises `UsageError` when
    there is no such race."""
    runs = runs_of_race(suites, race)
    if not runs:
        raise UsageError(f"there is no race {race!r}")
    first = runs[-1]
    return msgspec.structs.replace(
        order,
        suite=first.suite,
        variants=tuple(arm.variant for arm in first.arms),
        models=(first.arms[0].model,),
        selectors=(first.arms[0].selector or ALL_TOOLS,),
        trials=first.trials,
        race=race,
    )


def recorded_rounds(suites: Suites, race: str) -> tuple[RaceRound, ...]:
    """The rounds of a recorded race, in order, with everything that was dropped. Raises `StoreError`."""
    runs = [run for run in reversed(runs_of_race(suites, race)) if run.split == "tune"]
    if not runs:
        return ()
    leads: dict[str, list[float]] = {arm.variant: [] for arm in runs[0].arms[1:]}
    of = len(round_sizes(len(leads), sum(len(run.cases) for run in runs)))
    every = (suites.results(run.suite_run_id) for run in runs)
    return tuple(_round(results, leads, number, max(of, len(runs))) for number, results in enumerate(every, 1))


def new_race_id() -> str:
    """An id that sorts by time."""
    return f"race-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


def _candidates(order: SuiteOrder, suite: Suite) -> list[str]:
    candidates = [name for name in order.variants if name]
    if len(candidates) < LEAST_CANDIDATES:
        raise UsageError("a race needs at least two variants", hint="Name each with --variant.")
    if len(order.models) != 1:
        raise UsageError("a race uses one model", hint="Choose one, and run another race for the next.")
    if len(order.selectors) > 1:
        raise UsageError("variants race under one selector", hint="Name it in [routing], or leave out --race.")
    if not suite.of_split("tune") or not suite.of_split("held-out"):
        raise UsageError("a race needs tune and held-out cases", hint='Give some cases "split": "held-out".')
    return candidates


def _round(results: SuiteResults, leads: dict[str, list[float]], number: int, of: int) -> RaceRound:
    """Count a round's cases, and take the candidates that are dropped after it out of `leads`."""
    baseline, *arms = results.run.arms
    before = results.of_arm(baseline.key)
    for arm in arms:
        after = results.of_arm(arm.key)
        for key, result in before.items():
            if key in after and result.right is not None and (right := after[key].right) is not None:
                leads[arm.variant].append(right - result.right)
    costs = {arm.variant: (_more(results, arm, "rounds"), _more(results, arm, "tokens")) for arm in arms}
    found = tuple(
        msgspec.structs.replace(each, steps=costs[each.candidate][0], tokens=costs[each.candidate][1])
        for each in standings(leads, is_last=number == of)
    )
    for name in _dropped(found):
        del leads[name]
    return RaceRound(results.run.suite_run_id, found, number, of)


def _more(results: SuiteResults, arm: ArmKey, what: Literal["rounds", "tokens"]) -> float | None:
    """How many rounds or tokens an arm takes for a case more than the baseline."""
    before, after = (getattr(results.total(each), what) for each in (results.run.arms[0], arm))
    return after - before if before is not None and after is not None else None


def _dropped(found: Iterable[Standing]) -> list[str]:
    return [standing.candidate for standing in found if standing.is_dropped]


def _shuffled(cases: tuple[Case, ...], seed: str) -> list[Case]:
    shuffled = list(cases)
    random.Random(seed).shuffle(shuffled)
    return shuffled
