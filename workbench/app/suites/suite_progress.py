"""The progress of a suite run."""

from decimal import Decimal

import msgspec


class SuiteProgress(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of trials so far. `seconds` since it began, `left_s` if it can be estimated, `dollars` spent in this
    session (None: unknown). `stopped_by` says why it ended early, in a sentence."""

    wanted: int
    done: int = 0
    asked: int = 0
    """Run in this session; the others existed before or were reused."""
    right: int = 0
    wrong: int = 0
    failed: int = 0
    cached: int = 0
    seconds: float = 0.0
    left_s: float | None = None
    dollars: Decimal | None = Decimal(0)
    is_paused: bool = False
    stopped_by: str = ""

    @property
    def per_second(self) -> float:
        """Trials per second in this session."""
        return self.asked / self.seconds if self.seconds else 0.0
