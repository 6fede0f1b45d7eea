"""Google's error codes: the names of `google.rpc.Code`. Pure."""

from workbench.core.errors import FailureKind
from workbench.providers.wire_failure import ErrorDetail

_KINDS: dict[str, FailureKind] = {
    "UNAUTHENTICATED": "authentication",
    "PERMISSION_DENIED": "permission",
    "NOT_FOUND": "not_found",
    "RESOURCE_EXHAUSTED": "rate_limit",
    "DEADLINE_EXCEEDED": "timeout",
    "UNAVAILABLE": "overloaded",
    "INTERNAL": "server",
    "UNKNOWN": "server",
    "ABORTED": "server",
    "INVALID_ARGUMENT": "invalid_request",
    "FAILED_PRECONDITION": "invalid_request",
    "OUT_OF_RANGE": "invalid_request",
    "UNIMPLEMENTED": "invalid_request",
}
_WRONG_KEY = ("API_KEY_INVALID", "API key not valid", "API key expired")


def kind_of(detail: ErrorDetail) -> FailureKind | None:
    """The kind behind an error's status; None leaves it to the HTTP status.

    A wrong key is reported as an invalid argument, and only the message distinguishes the two.
    """
    if any(words in detail.message for words in _WRONG_KEY):
        return "authentication"
    return _KINDS.get(detail.type) or _KINDS.get(detail.code)
