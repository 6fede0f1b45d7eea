"""Anthropic's error types. Pure."""

from workbench.core.errors import FailureKind
from workbench.providers.wire_failure import ErrorDetail

_KINDS: dict[str, FailureKind] = {
    "authentication_error": "authentication",
    "billing_error": "quota",
    "permission_error": "permission",
    "not_found_error": "not_found",
    "request_too_large": "invalid_request",
    "rate_limit_error": "rate_limit",
    "timeout_error": "timeout",
    "overloaded_error": "overloaded",
    "api_error": "server",
    "conflict_error": "server",
}


def kind_of(detail: ErrorDetail) -> FailureKind | None:
    """The kind behind an error's type; None leaves it to the status.

    An empty account is reported as an invalid request, and only its message distinguishes the two.
    """
    if "credit balance is too low" in detail.message:
        return "quota"
    if detail.type == "invalid_request_error":
        return None
    return _KINDS.get(detail.type)
