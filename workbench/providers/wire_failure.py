"""From a status, a header, an error body or an SDK's exception to one `ProviderFailure`. Pure.

What is the same for every vendor stands here; each vendor's own words for its errors stand in its `failures.py`.
Keys are taken out and advice is added afterwards, at one place: `account.Account.present`.
"""

import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Protocol

import msgspec

from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.answer import cut_off

_KIND_OF_STATUS: dict[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    408: "timeout",
    409: "server",  # a conflict with another request of the same account; passes by itself
    429: "rate_limit",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}


class ErrorDetail(msgspec.Struct, frozen=True):
    """What a provider said about an error, in whatever place of its answer it said it."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""
    request_id: str = ""


KindOf = Callable[[ErrorDetail], FailureKind | None]
"""A vendor's own reading of its error types; None leaves it to the status."""


class HttpAnswer(Protocol):
    """The part of an HTTP response that is read for errors."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names are found in any case."""
        ...

    @property
    def content(self) -> bytes:
        """The body, read to its end."""
        ...


def error_detail(body: JsonValue) -> ErrorDetail:
    """The error in an answer's JSON: nested under `error`, or at the top as small servers do it."""
    if not isinstance(body, dict):
        return ErrorDetail(message=body if isinstance(body, str) else "")
    inner = body.get("error")
    error: JsonObject = inner if isinstance(inner, dict) else body
    details = error.get("details")
    code = error.get("code") or (details.get("error_code") if isinstance(details, dict) else None)
    message = error.get("message") or error.get("detail") or (inner if isinstance(inner, str) else "")
    return ErrorDetail(
        message=message if isinstance(message, str) else msgspec.json.encode(message).decode(),
        type=_text(error.get("type")),
        code=_text(code),
        param=_text(error.get("param")),
        request_id=_text(body.get("request_id")),
    )


def kind_of_status(status: int) -> FailureKind:
    """The kind of failure an HTTP status stands for when the body says nothing better."""
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    return "server" if status >= 500 else "invalid_request"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The provider's wish in seconds, from `retry-after-ms` or `retry-after`; dates are not used by these vendors."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def failure_of_status(answer: HttpAnswer, kind_of: KindOf) -> ProviderFailure:
    """The failure an HTTP error status stands for."""
    try:
        detail = error_detail(msgspec.json.decode(answer.content))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        detail = ErrorDetail()
    said = f": {detail.message}" if detail.message else ""
    headers = answer.headers
    return ProviderFailure(
        f"The provider answered with status {answer.status_code}{said}",
        kind=kind_of(detail) or kind_of_status(answer.status_code),
        status=answer.status_code,
        code=detail.code or detail.type,
        request_id=headers.get("x-request-id") or headers.get("request-id") or detail.request_id,
        retry_after_s=retry_after_s(headers),
        mend=_mend(detail),
    )


def failure_of_detail(detail: ErrorDetail, kind_of: KindOf, *, default: FailureKind = "server") -> ProviderFailure:
    """The failure an error inside an answer with status 200 stands for."""
    said = detail.message or detail.code or detail.type or "no reason given"
    return ProviderFailure(
        f"The provider ended the answer with an error: {said}",
        kind=kind_of(detail) or default,
        status=200,
        code=detail.code or detail.type,
        request_id=detail.request_id,
        mend=_mend(detail),
    )


def failure_of_exception(
    error: Exception, sdk: ModuleType, kind_of: KindOf, *, has_begun: bool
) -> ProviderFailure | None:
    """The failure behind what the SDK, the HTTP library or the JSON decoder raised; None for what is a bug of ours.

    `has_begun` says that the status line had arrived: from then on a broken connection is an answer cut off.
    """
    import httpx2  # loaded by the SDK already; not wanted at program start

    if isinstance(error, sdk.APIStatusError):
        return failure_of_status(error.response, kind_of)
    if isinstance(error, (sdk.APITimeoutError, httpx2.TimeoutException, TimeoutError)):
        what = "stopped sending in mid-answer" if has_begun else "did not answer in time"
        return ProviderFailure(f"The provider {what}.", kind="timeout")
    if has_begun and isinstance(error, (httpx2.TransportError, OSError)):
        return cut_off("the connection broke")
    if isinstance(error, (ValueError, AssertionError)):
        return ProviderFailure(
            f"The provider sent something that is not an answer ({type(error).__name__}).", kind="malformed"
        )
    if not isinstance(error, (sdk.APIError, httpx2.HTTPError, httpx2.InvalidURL, OSError, RuntimeError)):
        return None
    cause = error.__cause__ or error
    reason = str(cause) or type(cause).__name__
    return ProviderFailure(f"The provider could not be reached: {reason}.", kind="connection")


def _mend(detail: ErrorDetail) -> str:
    return f"The provider objects to {detail.param!r}." if detail.param else ""


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
