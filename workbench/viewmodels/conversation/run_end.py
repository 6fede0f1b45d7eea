"""How a run ended, in words for the chat. Pure."""

from typing import NamedTuple

from workbench.core.event import RequestFailed, RunFinished
from workbench.core.price import Cost
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone


class EndWords(NamedTuple):
    """The tone and the title of a notice."""

    tone: Tone
    title: str


def end_words(event: RunFinished) -> EndWords:
    """What the notice of a run's end is called."""
    match event.outcome:
        case "answered":
            return EndWords("ok", "Answered")
        case "limit":
            return EndWords("warn", "Stopped at a limit")
        case "failed":
            return EndWords("error", "The run failed")
        case "cancelled":
            titles = {"rejection": "Stopped by your rejection", "interruption": "Interrupted"}
            return EndWords("warn", titles.get(event.ended_by, "Stopped"))


def failed_words(event: RequestFailed) -> EndWords:
    """What the notice of a failed request is called."""
    title = "The answer was cut off" if event.failure == "cut_off" else "The request failed"
    return EndWords("error" if event.retry_in_s is None else "warn", title)


def failed_figures(event: RequestFailed) -> tuple[str, ...]:
    """The status and the attempt."""
    return (*((f"HTTP {event.status}",) if event.status else ()), f"attempt {event.attempt}")


def end_figures(event: RunFinished, cost: Cost) -> tuple[str, ...]:
    """How long the run took, what it did and what it cost."""
    totals = event.totals
    return (
        figures.duration(totals.duration_ms),
        figures.count(totals.rounds, "round"),
        figures.count(totals.calls, "call"),
        *((figures.tokens(totals.usage),) if totals.usage.total_tokens else ()),
        *cost_words(cost),
        *((f"parallel saved {figures.duration(totals.saved_ms)}",) if totals.saved_ms >= 1 else ()),
        *((f"waited for you {figures.duration(totals.waiting_ms)}",) if totals.waiting_ms >= 1 else ()),
    )


def cost_words(cost: Cost) -> tuple[str, ...]:
    """Only an amount is worth a place in a line; what is not known is said where the sums are."""
    return (str(cost),) if cost.is_known and cost.dollars else ()
