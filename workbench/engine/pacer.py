"""Keeps calls of a tool as far apart as its rate limit requires, across all runs that share the pacer."""

from workbench.core.rate_limit import RateLimit, StartTimes
from workbench.engine.ports import Clock


class Pacer:
    """Gives every call the time at which it may start. Times that were given out are never reclaimed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: dict[str, StartTimes] = {}

    def wait_s(self, tool: str, limit: RateLimit) -> float | None:
        """Seconds this call has to wait; None when it may not start, because the limit says not to wait."""
        times = self._times.setdefault(tool, StartTimes())
        now = self._clock.now()
        wait = times.wait_s(limit, now)
        if wait > 0 and limit.when_full == "error":
            return None
        times.add(now + wait)
        return wait
