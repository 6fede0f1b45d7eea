"""One run in a few words and numbers."""

from typing import Literal

import msgspec

from workbench.core.event import RunOutcome
from workbench.core.ids import RunId
from workbench.core.price import NO_PRICES, Cost, PriceList, trace_cost
from workbench.core.trace import Trace

BY_FORK = "fork"
"""The author of the note at the end of the inherited part of a fork."""


class RunTotal(msgspec.Struct, frozen=True):
    """One run in a few words and numbers. `inherited_rounds` were not asked again but come from the run it forks.

    `first_token_ms` is the mean over the answers that streamed, None where none did; `waiting_ms` is the time in which
    a person was waited for.
    """

    run_id: RunId
    model: str
    provider: str
    variant: str | None
    parent_run: RunId | None
    outcome: RunOutcome | Literal["interrupted"]
    message: str
    answer: str
    rounds: int
    inherited_rounds: int
    requests: int
    calls: int
    input_tokens: int
    output_tokens: int
    latency_ms: float
    tool_ms: float
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    first_token_ms: float | None = None
    waiting_ms: float = 0.0
    cost: Cost = Cost()
    uncounted: int = 0
    """How many answers came without a count of tokens."""

    @property
    def is_counted(self) -> bool:
        """Whether the tokens of every answer are known."""
        return not self.uncounted


def total_of(trace: Trace, prices: PriceList = NO_PRICES) -> RunTotal:
    """The totals of a run, also of one that is not over."""
    started, finished = trace.started, trace.finished
    rounds = list(trace.rounds())
    received = [current.response for current in rounds if current.response is not None]
    first = [response.first_delta_ms for response in received if response.first_delta_ms is not None]
    usage = trace.usage
    return RunTotal(
        run_id=started.run_id if started is not None else RunId(""),
        model=started.model if started is not None else "",
        provider=started.provider if started is not None else "",
        variant=started.variant if started is not None else None,
        parent_run=started.parent_run if started is not None else None,
        outcome=finished.outcome if finished is not None else "interrupted",
        message=" / ".join(turn.started.message.text for turn in trace.turns),
        answer=trace.answer,
        rounds=len(rounds),
        inherited_rounds=inherited_rounds(trace),
        requests=sum(len(current.requests) for current in rounds),
        calls=sum(len(current.calls) for current in rounds),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        latency_ms=sum(response.latency_ms for response in received),
        tool_ms=sum(current.tool_ms for current in rounds),
        cached_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        first_token_ms=sum(first) / len(first) if first else None,
        waiting_ms=trace.waiting_s * 1000,
        cost=trace_cost(prices, trace),
        uncounted=sum(response.response.usage is None for response in received),
    )


def inherited_rounds(trace: Trace) -> int:
    """How many rounds come before the note that a fork writes where its own part begins."""
    note = next((note for note in trace.notes if note.by == BY_FORK), None)
    return sum(current.started.seq < note.seq for current in trace.rounds()) if note is not None else 0
