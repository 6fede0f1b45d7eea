"""From a status, a header, an error body or an SDK's exception to one `ProviderFailure`. Pure.

What is the same for every vendor is here; each vendor's own words for its errors are in its `failures.py`.
Keys are taken out and advice is added afterwards, at one place: `account.Account.present`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from workbench.core.body_wait import wait_in_body
from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.http_rules import REDIRECTS, kind_of_status, retry_after_s, status_words
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.secret import shown_address
from workbench.core.server_words import error_object, words_of_body, words_of_json
from workbench.providers.answer import cut_off
from workbench.providers.door import json_value
from workbench.providers.sse import SseEvent
from workbench.providers.transport import TransportErrors

_REFINES: frozenset[FailureKind] = frozenset(
    {"authentication", "permission", "quota", "rate_limit", "not_found", "refused"}
)
"""The kinds to which a vendor's word may change a status. The others are less exact than the status, and differ by
vendor.
"""


class ErrorDetail(msgspec.Struct, frozen=True):
    """What a provider said about an error, in whatever part of its answer."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""
    request_id: str = ""
    wait_s: float | None = None


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


def error_detail(document: JsonValue) -> ErrorDetail:
    """The error in an answer's JSON, in whatever place the server has put it."""
    error = error_object(document)
    details = error.get("details")
    code = error.get("code") or (details.get("error_code") if isinstance(details, dict) else None)
    said = next((error[key] for key in ("message", "detail") if error.get(key)), None)
    status = error.get("status")
    return ErrorDetail(
        message=words_of_json(document) or (compact(said) if said is not None else ""),
        type=_text(error.get("type")) or (status if isinstance(status, str) else ""),
        code=_text(code),
        param=_text(error.get("param")),
        request_id=_text(document.get("request_id")) if isinstance(document, dict) else "",
        wait_s=wait_in_body(document),
    )


def error_in(document: JsonValue, *, name: str = "") -> ErrorDetail | None:
    """The error that an answer with status 200, or one event of it called `name`, is instead of being an answer.

    Servers do not agree on how to say so: under `error`, in a list, as an object of kind "error", or as bare words.
    """
    if isinstance(document, list):
        return next((found for item in document if isinstance(item, dict) and (found := error_in(item))), None)
    if not isinstance(document, dict):
        return error_detail(document) if name == "error" else None
    kind = document.get("type") or ("" if name == "message" else name)
    if "error" in (kind, name, document.get("object")):
        return error_detail({**document, "type": None} if kind == "error" else document)
    is_event = isinstance(kind, str) and kind and not kind.lower().endswith("error")
    if not is_event and any(document.get(key) for key in ("error", "errors")):
        return error_detail(document)
    if is_event or "choices" in document or not any(_says(document.get(key)) for key in ("message", "msg", "detail")):
        return None
    return error_detail(document)


def event_document(event: SseEvent, kind_of: KindOf) -> JsonObject:
    """The JSON object of one event. Raises `ProviderFailure` for an error in its place, and for anything else."""
    try:
        document = json_value(event.data)
        is_json = True
    except ValueError:
        document, is_json = words_of_body(event.data[:65_536]), False
    error = error_in(document, name=event.name)
    if error is not None:
        raise failure_of_detail(error, kind_of)
    if not isinstance(document, dict):
        words = compact(document)[:65_536] if is_json else document
        raise ProviderFailure(f"The answer contains an event that is not a JSON object: {words}", kind="malformed")
    return document


def body_error(body: bytes, kind_of: KindOf) -> ProviderFailure | None:
    """The failure that a whole body with status 200 is instead of an answer."""
    try:
        error = error_in(json_value(body))
    except ValueError:
        return None
    return failure_of_detail(error, kind_of) if error is not None else None


def failure_of_status(answer: HttpAnswer, kind_of: KindOf) -> ProviderFailure:
    """The failure an HTTP error status stands for. The status says what kind it is, unless a word is more precise."""
    status, headers = answer.status_code, answer.headers
    if status in REDIRECTS:
        return redirected(status, headers.get("location", ""))
    try:
        document = msgspec.json.decode(answer.content)
        detail = error_detail(document)
        words = detail.message or (compact(document) if document else "")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        words = words_of_body(answer.content, headers.get("content-type", ""))
        detail = ErrorDetail(message=words)
    finer = kind_of(detail)
    wait_s = retry_after_s(headers, datetime.now(UTC))
    return ProviderFailure(
        f"The provider answered with status {f'{status}: {words}' if words else status_words(status)}",
        kind=finer if finer in _REFINES else kind_of_status(status),
        status=status,
        code=detail.code or detail.type,
        request_id=headers.get("x-request-id") or headers.get("request-id") or detail.request_id,
        retry_after_s=detail.wait_s if wait_s is None else wait_s,
        hint=_hint(detail),
    )


def failure_of_detail(detail: ErrorDetail, kind_of: KindOf, *, default: FailureKind = "server") -> ProviderFailure:
    """The failure an error inside an answer with status 200 stands for."""
    said = detail.message or detail.code or detail.type or "no reason given"
    return ProviderFailure(
        f"The provider ended the answer with an error: {said}",
        kind=kind_of(detail) or _kind_of_number(detail.code) or default,
        status=200,
        code=detail.code or detail.type,
        request_id=detail.request_id,
        retry_after_s=detail.wait_s,
        hint=_hint(detail),
    )


def redirected(status: int, place: str) -> ProviderFailure:
    """The failure for a redirect that is not followed. The request stays with the server it was sent to."""
    where = shown_address(place) if place else "a place it does not name"
    return ProviderFailure(
        f"The provider redirects to {where} (status {status}). The request was not sent there.",
        kind="malformed",
        status=status,
        hint="If that is where the server is now, enter its address as the base URL.",
    )


def failure_of_exception(
    error: Exception, known: TransportErrors, kind_of: KindOf, *, has_begun: bool
) -> ProviderFailure | None:
    """The failure behind what a transport, the HTTP library or the JSON decoder raised; None for what is a bug of ours.

    `has_begun` says that the status line had arrived: from then on a broken connection is an answer cut off.
    """
    import httpx2  # loaded by the transport already; keep it out of the program's start

    if isinstance(error, known.status):
        return failure_of_status(error.response, kind_of)  # type: ignore[attr-defined]
    if isinstance(error, (known.timeout, TimeoutError)):
        error = httpx2.TimeoutException("")
    plain = (ProviderFailure, httpx2.TimeoutException, httpx2.DecodingError, httpx2.TooManyRedirects)
    for found in (error, error.__cause__):
        if isinstance(found, plain):
            return failure_of_transport(found, has_begun=has_begun)
    if has_begun and isinstance(error, (httpx2.TransportError, OSError)):
        return cut_off("the connection broke")
    if isinstance(error, (ValueError, AssertionError)):
        return ProviderFailure(
            f"The provider sent something that is not an answer ({type(error).__name__}).", kind="malformed"
        )
    if not isinstance(error, (known.other, httpx2.HTTPError, httpx2.InvalidURL, OSError, RuntimeError)):
        return None
    return failure_of_transport(error)


def failure_of_transport(error: BaseException, *, has_begun: bool = False) -> ProviderFailure:
    """The failure behind what the HTTP library raised."""
    import httpx2

    match error:
        case ProviderFailure():
            return error
        case httpx2.TimeoutException():
            what = "stopped sending in mid-answer" if has_begun else "did not answer in time"
            return ProviderFailure(f"The provider {what}.", kind="timeout")
        case httpx2.DecodingError():
            return not_decompressed(str(error))
        case httpx2.TooManyRedirects():
            return ProviderFailure("The provider redirects in a loop.", kind="malformed", hint="Check the base URL.")
        case _:
            cause = error.__cause__ or error
            reason = str(cause).rstrip(".") or type(cause).__name__
            return ProviderFailure(f"The provider could not be reached: {reason}.", kind="connection")


def not_decompressed(reason: str, status: int = 200) -> ProviderFailure:
    """The failure for a body that is not compressed as its header says. Asking again would bring the same."""
    of_status = f" of its answer with status {status_words(status)}" if status >= 300 else ""
    return ProviderFailure(
        f"The provider sent a body{of_status} that cannot be decompressed: {reason}.",
        kind="malformed",
        status=status,
        hint="The server, or a proxy in front of it, labels its answers wrongly: turn its compression off.",
    )


def _hint(detail: ErrorDetail) -> str:
    return f"The provider objects to {detail.param!r}." if detail.param else ""


def _says(value: JsonValue) -> bool:
    return isinstance(value, str) or (isinstance(value, dict | list) and bool(words_of_json(value)))


def _kind_of_number(code: str) -> FailureKind | None:
    """Gateways put the status of the server behind them into `code`."""
    return kind_of_status(int(code)) if len(code) == 3 and code.isdigit() and code[0] in "45" else None


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
