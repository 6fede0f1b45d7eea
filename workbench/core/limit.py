"""What a run may use up before it is stopped."""

from typing import Literal

import msgspec

LimitName = Literal["rounds", "calls", "seconds", "tokens"]


class RunLimits(msgspec.Struct, frozen=True):
    """Bounds on one run. `rounds` counts within a turn; the others count over the whole run.

    `concurrency` is how many calls run at the same time, `tool_seconds` how long one call may take,
    `result_chars` how much of a result is sent to the model, `approval_seconds` how long a question to the person
    stays open (None: for as long as it takes).
    """

    rounds: int = 8
    calls: int = 64
    seconds: float = 600.0
    tokens: int = 500_000
    concurrency: int = 4
    tool_seconds: float = 30.0
    result_chars: int = 50_000
    approval_seconds: float | None = None


class Spent(msgspec.Struct, frozen=True):
    """What a run has used so far. Time spent waiting for a person does not count as seconds."""

    rounds: int = 0
    calls: int = 0
    seconds: float = 0.0
    tokens: int = 0


def exceeded(limits: RunLimits, spent: Spent) -> LimitName | None:
    """The first limit that leaves no room for another round."""
    if spent.rounds >= limits.rounds:
        return "rounds"
    if spent.calls >= limits.calls:
        return "calls"
    if spent.seconds >= limits.seconds:
        return "seconds"
    if spent.tokens >= limits.tokens:
        return "tokens"
    return None
