"""What is said of suite runs, in the window and in the terminal: how far one is, and what one would take."""

from collections.abc import Sequence

from workbench.app.suites.suite_order import BATCH, HERE
from workbench.app.suites.suite_plan import PRICE_SHARE, Prospect, SuiteEstimate
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_race import RaceReport, RaceRound
from workbench.core.http_rules import wait_words
from workbench.core.statistics.paired_counts import e_value
from workbench.core.statistics.verdict import ALPHA
from workbench.core.suite.results import SuiteResults


def progress_words(found: SuiteProgress, *, is_running: bool) -> str:
    """`84 of 300 trials · 60 right · 2 failed · 3.1/s · 1 min 10 s left · $0.02`."""
    parts = [f"{found.done:,} of {_count(found.wanted, 'trial')}", f"{found.right:,} right"]
    if found.failed:
        parts.append(f"{found.failed:,} failed")
    if found.cached:
        parts.append(f"{found.cached:,} answered before")
    if is_running and found.asked and not found.is_paused:
        parts.append(f"{found.per_second:.1f}/s")
        if found.left_s:
            parts.append(f"{wait_words(found.left_s)} left")
    if found.dollars:
        parts.append(f"${found.dollars:.4f}")
    if found.stopped_by:
        parts.append(found.stopped_by)
    return " · ".join(("paused", *parts) if found.is_paused and is_running else parts)


def estimate_words(found: SuiteEstimate) -> str:
    """What a run would take, in a sentence."""
    known = f", {found.cached:,} of them answered before" if found.cached else ""
    unknown = {HERE: "unknown time", BATCH: "up to 24 hours a round"}.get(found.on, "as fast as its workers are")
    time = unknown if found.seconds is None else f"about {wait_words(found.seconds)}"
    price = "unknown price" if found.dollars is None else f"${found.dollars:.4f}{_batch_words(found)}"
    what = f"{_count(found.cases, 'case')} × {_count(found.arms, 'arm')}"
    return f"{what}: {_count(found.trials, 'trial')}{known}, {time}, {price} ({found.basis})."


def race_estimate_words(rounds: SuiteEstimate, confirmation: SuiteEstimate) -> str:
    """What a race would take, in two sentences."""
    return f"At most {estimate_words(rounds)} Then, on held-out cases, {estimate_words(confirmation)}"


def _batch_words(found: SuiteEstimate) -> str:
    """What batches change about the price, where there is one."""
    if not found.dollars or not found.has_batches or found.on not in (HERE, BATCH):
        return ""
    if found.on == BATCH:
        return f" instead of ${found.dollars / PRICE_SHARE:.4f}"
    return f", ${found.dollars * PRICE_SHARE:.4f} in batches"


def prospect_words(found: Prospect) -> str:
    """Whether the question could be settled, in a sentence."""
    needed = "not even thousands of cases" if found.needed is None else _count(found.needed, "case")
    change = f"{found.fixed:.0%} of cases fixed and {found.broken:.0%} broken ({found.basis})"
    return (
        f"With {change}, {needed} would show the difference in four of five runs; "
        f"{_count(found.cases, 'case')} would show it in {found.power:.0%}."
    )


def interim_words(results: SuiteResults) -> str:
    """What can be said while a run goes on: `shorter: 8 fixed, 1 broken so far`. The test behind “decided” stays valid
    however often one looks."""
    run, said = results.run, []
    for before, arm in run.pairs:
        fixed, broken = results.moved(before, arm)
        end = "decided" if e_value(fixed, broken) >= len(run.pairs) / ALPHA else "not decided yet"
        name = arm.variant if arm.variant and run.varies_variants_alone else arm.title
        said.append(f"{name}: {fixed} fixed, {broken} broken so far, {end}")
    return " · ".join(said)


def race_words(rounds: Sequence[RaceRound], race: RaceReport | None) -> str:
    """How a race stands, in a sentence."""
    if race is not None:
        end = "is better on held-out cases, too" if race.is_accepted else "is not shown to be better on held-out cases"
        return f"{race.winner} won on tune cases, and {end}."
    if not rounds:
        return "The race begins."
    left = sum(not standing.is_dropped for standing in rounds[-1].standings)
    if left == 1:
        return "The winner is now compared on held-out cases."
    return f"Round {rounds[-1].number} of {rounds[-1].of} is over; {_count(left, 'candidate')} left."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
