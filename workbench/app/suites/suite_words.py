"""What is said of suite runs, in the window and in the terminal: how far one is, and what one would take."""

from workbench.app.suites.suite_plan import Quote
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.core.http_rules import wait_words


def progress_words(found: SuiteProgress, *, is_running: bool) -> str:
    """`84 of 300 trials · 60 right · 2 failed · 3.1/s · 1 min 10 s left · $0.02`."""
    parts = [f"{found.done:,} of {_count(found.wanted, 'trial')}", f"{found.right:,} right"]
    if found.failed:
        parts.append(f"{found.failed:,} failed")
    if found.cached:
        parts.append(f"{found.cached:,} answered before")
    if is_running and found.asked:
        parts.append(f"{found.per_second:.1f}/s")
        if found.left_s:
            parts.append(f"{wait_words(found.left_s)} left")
    if found.dollars:
        parts.append(f"${found.dollars:.4f}")
    if found.stopped_by:
        parts.append(found.stopped_by)
    return " · ".join(("paused", *parts) if found.is_paused else parts)


def quote_words(found: Quote) -> str:
    """What a run would take, in a sentence."""
    known = f", {found.cached:,} of them answered before" if found.cached else ""
    time = "unknown time" if found.seconds is None else f"about {wait_words(found.seconds)}"
    price = "unknown price" if found.dollars is None else f"${found.dollars:.4f}"
    what = f"{_count(found.cases, 'case')} × {_count(found.arms, 'arm')}"
    return f"{what}: {_count(found.trials, 'trial')}{known}, {time}, {price} ({found.basis})."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
