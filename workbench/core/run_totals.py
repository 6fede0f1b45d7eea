"""The figures of a whole run."""

import msgspec

from workbench.core.exchange import Usage


class RunTotals(msgspec.Struct, frozen=True):
    """The run's summary. `saved_ms` is the tool time that running in parallel saved.

    `waiting_ms` is the time in which nothing happened but waiting for a person.
    """

    turns: int = 0
    rounds: int = 0
    requests: int = 0
    calls: int = 0
    usage: Usage = Usage()
    duration_ms: float = 0.0
    tool_ms: float = 0.0
    saved_ms: float = 0.0
    waiting_ms: float = 0.0
