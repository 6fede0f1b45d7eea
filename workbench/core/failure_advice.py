"""What a person can do about a failed request when neither the server nor the place that failed says it. Pure."""

import re

from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.http_rules import wait_words

_WAITING: frozenset[FailureKind] = frozenset({"rate_limit", "overloaded", "server", "timeout", "connection", "quota"})
_ADVICE: dict[FailureKind, str] = {
    "cut_off": "Nothing in it was run. Send the message again.",
    "malformed": "The server does not follow its format: try another model, or another kind of connection.",
    "rate_limit": "Wait a moment, then send the message again.",
    "overloaded": "Send the message again in a few minutes, or choose another model.",
    "server": "The problem is on the server's side. Send the message again later, or choose another model.",
    "timeout": "The server may be busy, or still loading the model. Send the message again.",
    "connection": "Check the network, then send the message again.",
    "authentication": "Check the key.",
    "permission": "Ask the account's administrator for access, or choose another model.",
    "quota": "Check the plan and the billing of the account.",
    "not_found": "Check the name of the model and the base URL.",
    "invalid_request": "Change what the server objects to: the message, the tools, the settings or the model.",
    "refused": "Change the message, or choose another model.",
    "unavailable": "Choose another model.",
}
_NO_PICTURES = "pictures = false under [request] in workbench.toml"
_ABOUT_PICTURES = re.compile(r"\b(?:image|picture|vision|multi-?modal)", re.IGNORECASE)
_OF_STATUS = {
    405: "Check the base URL: nothing at this address accepts such requests.",
    407: "A proxy requires a user name and a password: put them in HTTPS_PROXY.",
    413: f"The request is too large: start a new conversation, offer fewer tools, or set {_NO_PICTURES}.",
    501: "Check the base URL: nothing at this address accepts such requests.",
    511: "The network requires you to sign in first: open any web page in a browser.",
}


def advice_for(failure: ProviderFailure) -> str:
    """One or two sentences; never empty."""
    if failure.retry_after_s and failure.kind in _WAITING:
        return f"Wait {wait_words(failure.retry_after_s)}, as the server asks, then send the message again."
    if failure.has_partial and failure.kind in ("malformed", "timeout", "server", "overloaded", "connection"):
        return _ADVICE["cut_off"]
    if failure.kind == "invalid_request" and failure.status != 413 and _ABOUT_PICTURES.search(failure.message):
        return f"If the model takes no pictures, send it none: {_NO_PICTURES}."
    return _OF_STATUS.get(failure.status or 0) or _ADVICE[failure.kind]
