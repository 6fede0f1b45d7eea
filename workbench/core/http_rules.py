"""What HTTP itself says about failures, read in one way for providers, HTTP tools and MCP servers. Pure."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from workbench.core.errors import FailureKind

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
"""Redirects after which a POST stays a POST, with its body."""

_KINDS: dict[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    405: "not_found",  # a path that does not know our method is not the one that was meant
    407: "permission",
    408: "timeout",
    409: "server",  # a conflict with another request of the same account; passes by itself
    410: "not_found",
    425: "server",
    429: "rate_limit",
    501: "not_found",
    503: "overloaded",
    504: "timeout",
    505: "invalid_request",
    511: "permission",
    522: "timeout",
    524: "timeout",
    529: "overloaded",
}


def kind_of_status(status: int) -> FailureKind:
    """The kind of failure a status stands for when the body says nothing better."""
    if status in _KINDS:
        return _KINDS[status]
    if status < 400:
        return "malformed"
    return "server" if status >= 500 else "invalid_request"


def status_words(status: int) -> str:
    """`502 Bad Gateway`; only the number where it has no name."""
    return f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """How many seconds from now the server wants us to wait; None when it does not say.

    A date counts from the server's own `date`, where it gives one: its clock may differ from ours.
    """
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    due = _moment(headers.get("retry-after", ""))
    return max(0.0, (due - (_moment(headers.get("date", "")) or now)).total_seconds()) if due else None


def key_place(*, header: str, query: str, cookie: str) -> str:
    """Where a key is sent, in words: in a header, unless a parameter of the query or a cookie is named."""
    if query:
        return f"as {query} in the query"
    return f"in the cookie {cookie}" if cookie else f"in the header {header}"


def wait_words(seconds: float) -> str:
    """A wait as people say it: `0.5 s`, `40 s`, `1 min 40 s`, `5 h 0 min`."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    minutes = math.ceil(whole / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 48 * 60 else f"{minutes // 1_440} days"


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
