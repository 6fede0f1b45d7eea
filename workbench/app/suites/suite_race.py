"""The race of several variants: rounds on tune cases, then one confirmation on held-out ones."""

import random
from collections.abc import Callable

import msgspec

from workbench.app.suites.suite_runner import Listener
from workbench.app.suites.suites import SuiteOrder, Suites
from workbench.core.errors import UsageError
from workbench.core.suite.case import Case
from workbench.core.suite.comparing import ArmComparison
from workbench.core.suite.race import Standing, round_sizes, standings
from workbench.core.suite.results import SuiteResults


class RaceRound(msgspec.Struct, frozen=True):
    """One round: its suite run, and the candidates after it, the best first."""

    suite_run_id: str
    standings: tuple[Standing, ...]


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


async def run_race(
    suites: Suites,
    order: SuiteOrder,
    *,
    listener: Listener | None = None,
    told: Callable[[RaceRound], None] = lambda race_round: None,
) -> RaceReport:
    """Let the variants of an order race. Every round is a suite run of its own and opens like any other.

    Raises `UsageError` for fewer than two variants, several selectors, or a suite without cases of both splits.
    """
    candidates = [name for name in order.variants if name]
    if len(candidates) < 2:
        raise UsageError("a race needs at least two variants", hint="Name each with --variant.")
    if len(order.selectors) > 1:
        raise UsageError("variants race under one selector", hint="Name it in [routing], or leave out --race.")
    suite = suites.files.load(order.suite)
    tune = _shuffled(suite.of_split("tune"), suite.digest)
    if not tune or not suite.of_split("held-out"):
        raise UsageError("a race needs tune and held-out cases", hint='Give some cases "split": "held-out".')
    leads: dict[str, list[float]] = {name: [] for name in candidates}
    rounds: list[RaceRound] = []
    begun = 0
    sizes = round_sizes(len(candidates), len(tune))
    for number, size in enumerate(sizes, 1):
        if len(leads) == 1:
            break
        only = tuple(case.case_id for case in tune[begun : begun + size])
        begun += size
        own = msgspec.structs.replace(order, variants=("", *leads), split="tune", only=only)
        results = await suites.begin(own, listener=listener).run()
        _count(results, leads)
        found = standings(leads, is_last=number == len(sizes))
        rounds.append(RaceRound(results.run.suite_run_id, found))
        told(rounds[-1])
        leads = {standing.candidate: leads[standing.candidate] for standing in found if not standing.is_dropped}
    (winner,) = leads
    last = msgspec.structs.replace(order, variants=("", winner), split="held-out", only=())
    held_out = await suites.begin(last, listener=listener).run()
    (confirmation,) = suites.compare(held_out)
    return RaceReport(tuple(rounds), winner, held_out, confirmation)


def _count(results: SuiteResults, leads: dict[str, list[float]]) -> None:
    baseline, *arms = results.run.arms
    before = results.of_arm(baseline.key)
    for arm in arms:
        after = results.of_arm(arm.key)
        for key, result in before.items():
            if key in after and result.right is not None and (right := after[key].right) is not None:
                leads[arm.variant].append(right - result.right)


def _shuffled(cases: tuple[Case, ...], seed: str) -> list[Case]:
    shuffled = list(cases)
    random.Random(seed).shuffle(shuffled)
    return shuffled
