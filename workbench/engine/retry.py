"""Which provider failures are tried again, and when. A pure schedule; the loop does the waiting."""

from workbench.core.errors import FailureKind, ProviderFailure

TRANSIENT: frozenset[FailureKind] = frozenset({"rate_limit", "overloaded", "server", "timeout", "connection"})
MOST_ATTEMPTS = 3
"""At most this many requests a round."""
_BASE_S, _CAP_S = 0.5, 8.0
"""Waits double from one up to the other, less up to a half by jitter."""
_PATIENCE_S = 60.0
"""A provider's own Retry-After is honored exactly; one longer than this ends the run instead, because a person would
rather know than wait that long in silence."""


def wait_before_retry(failure: ProviderFailure, *, attempt: int, jitter: float) -> float | None:
    """Seconds to wait before attempt number `attempt + 1`, or None when it must not be made.

    `jitter` is a random number from 0 to 1. Nothing is retried once a part of the answer has arrived: it was
    paid for and shown, and asking again would give a different one.
    """
    if failure.kind not in TRANSIENT or failure.has_partial or attempt >= MOST_ATTEMPTS:
        return None
    if failure.retry_after_s is not None:
        return failure.retry_after_s if failure.retry_after_s <= _PATIENCE_S else None
    backoff: float = min(_CAP_S, _BASE_S * 2 ** (attempt - 1))
    return backoff * (1 - jitter / 2)
