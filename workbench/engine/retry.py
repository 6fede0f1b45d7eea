"""Which provider failures are tried again, and when. A pure schedule; the loop does the waiting."""

import msgspec

from workbench.core.errors import FailureKind, ProviderFailure

TRANSIENT: frozenset[FailureKind] = frozenset({"rate_limit", "overloaded", "server", "timeout", "connection"})


class RetrySchedule(msgspec.Struct, frozen=True):
    """At most `attempts` requests a round; waits double from `base_s` up to `cap_s`, less up to a half by jitter.

    A provider's own Retry-After is honored exactly; one longer than `patience_s` ends the run instead, because
    a person would rather know than wait that long in silence.
    """

    attempts: int = 3
    base_s: float = 0.5
    cap_s: float = 8.0
    patience_s: float = 60.0


def wait_before_retry(
    schedule: RetrySchedule, failure: ProviderFailure, *, attempt: int, jitter: float
) -> float | None:
    """Seconds to wait before attempt number `attempt + 1`, or None when it must not be made.

    `jitter` is a random number from 0 to 1. Nothing is retried once a part of the answer has arrived: it was
    paid for and shown, and asking again would give a different one.
    """
    if failure.kind not in TRANSIENT or failure.has_partial or attempt >= schedule.attempts:
        return None
    if failure.retry_after_s is not None:
        return failure.retry_after_s if failure.retry_after_s <= schedule.patience_s else None
    backoff: float = min(schedule.cap_s, schedule.base_s * 2 ** (attempt - 1))
    return backoff * (1 - jitter / 2)
