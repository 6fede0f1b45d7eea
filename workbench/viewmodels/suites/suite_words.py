"""What is said of suite runs: how far one is, what one would take, and which ones there are."""

from collections.abc import Sequence

from workbench.app.suites.suite_plan import Quote
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.core.suite.trial import SuiteRun
from workbench.viewmodels.shared import figures


def progress_words(found: SuiteProgress, *, is_running: bool) -> str:
    """`84 of 300 trials · 60 right · 2 failed · 3.1/s · 70 s left · $0.02`."""
    parts = [f"{found.done:,} of {figures.count(found.wanted, 'trial')}", f"{found.right:,} right"]
    if found.failed:
        parts.append(f"{found.failed:,} failed")
    if found.cached:
        parts.append(f"{found.cached:,} answered before")
    if is_running and found.asked:
        parts.append(f"{found.per_second:.1f}/s")
        if found.left_s:
            parts.append(f"{figures.duration(found.left_s * 1000)} left")
    if found.dollars:
        parts.append(f"${found.dollars:.4f}")
    if found.stopped_by:
        parts.append(found.stopped_by)
    return " · ".join(("paused", *parts) if found.is_paused else parts)


def quote_words(found: Quote) -> str:
    """What a run would take, in a sentence."""
    known = f", {found.cached:,} of them answered before" if found.cached else ""
    time = "unknown time" if found.seconds is None else f"about {figures.duration(found.seconds * 1000)}"
    price = "unknown price" if found.dollars is None else f"${found.dollars:.4f}"
    what = f"{figures.count(found.cases, 'case')} × {figures.count(found.arms, 'arm')}"
    return f"{what}: {figures.count(found.trials, 'trial')}{known}, {time}, {price} ({found.basis})."


def order_words(runs: Sequence[SuiteRun]) -> list[tuple[str, str]]:
    """Recorded runs as choices: id, and when, what and how many."""
    return [
        (
            run.suite_run_id,
            f"{figures.clock_time(run.at)} · {run.split} · {len(run.cases)} cases · "
            f"{', '.join(arm.title for arm in run.arms)}",
        )
        for run in runs
    ]
