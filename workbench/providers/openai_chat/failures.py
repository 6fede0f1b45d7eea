"""OpenAI's error types and codes. Pure; used by both OpenAI wires."""

from workbench.core.errors import FailureKind
from workbench.providers.wire_failure import ErrorDetail

_KINDS: dict[str, FailureKind] = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "rate_limit_exceeded": "rate_limit",
    "rate_limit_error": "rate_limit",
    "requests": "rate_limit",
    "tokens": "rate_limit",
    "server_error": "server",
    "internal_error": "server",
    "overloaded_error": "overloaded",
    "server_overloaded": "overloaded",
    "engine_overloaded": "overloaded",
    "slow_down": "overloaded",
    "timeout": "timeout",
    "invalid_api_key": "authentication",
    "authentication_error": "authentication",
    "permission_error": "permission",
    "permission_denied": "permission",
    "model_not_found": "not_found",
    "not_found_error": "not_found",
    "invalid_request_error": "invalid_request",
    "invalid_prompt": "invalid_request",
    "context_length_exceeded": "invalid_request",
    "content_policy_violation": "refused",
    "misalignment_policy_violation": "refused",
    "content_filter": "refused",
    "cyber_policy": "refused",
    "bio_policy": "refused",
}
_STATUS_SPEAKS_BETTER = frozenset({"invalid_request_error"})
"""OpenAI calls a wrong key and an unknown model by this type too; the code decides where there is one, else the
status.
"""


def kind_of(detail: ErrorDetail) -> FailureKind | None:
    """The kind behind an error's code, or else its type; None leaves it to the status."""
    if detail.code in _KINDS:
        return _KINDS[detail.code]
    if detail.type in _STATUS_SPEAKS_BETTER:
        return None
    return _KINDS.get(detail.type)
