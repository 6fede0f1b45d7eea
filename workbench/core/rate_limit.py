"""Rate limits: how often a tool may be called, whatever the model asks."""

from collections import deque
from typing import Literal

import msgspec

WINDOW_S = 60.0
WhenFull = Literal["wait", "error"]


class RateLimit(msgspec.Struct, frozen=True):
    """At most `per_minute` calls start within any minute. `when_full`: the next one waits, or fails."""

    per_minute: int
    when_full: WhenFull = "wait"


class StartTimes:
    """When the calls of one tool started, or will start, as far as they still count."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def wait_s(self, limit: RateLimit, now: float) -> float:
        """Seconds until the next call may start."""
        while self._times and self._times[0] <= now - WINDOW_S:
            self._times.popleft()
        if len(self._times) < limit.per_minute:
            return 0.0
        return max(0.0, self._times[-limit.per_minute] + WINDOW_S - now)

    def add(self, at: float) -> None:
        """A call starts at that time."""
        self._times.append(at)
