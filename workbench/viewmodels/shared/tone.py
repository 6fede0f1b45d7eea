"""Tones of states. The theme gives each a color, every view adds an icon and a word."""

from typing import Literal, assert_never

from workbench.core.event import CallOutcome, RunOutcome
from workbench.core.trace import CallSpan
from workbench.viewmodels.shared.plain import one_line

State = Literal["busy", "wait", "ok", "warn", "error"]
Tone = Literal["plain"] | State

_OUTCOME_WORDS: dict[CallOutcome, str] = {
    "ok": "done",
    "error": "error result",
    "invalid": "not run: arguments do not fit",
    "rejected": "rejected",
    "expired": "expired without an answer",
    "cancelled": "stopped",
    "mocked": "mock result",
    "replayed": "replayed",
    "unknown": "outcome unknown",
}
_OUTCOME_TONES: dict[CallOutcome, State] = {
    "ok": "ok",
    "error": "error",
    "invalid": "error",
    "rejected": "warn",
    "expired": "warn",
    "cancelled": "warn",
    "mocked": "ok",
    "replayed": "ok",
    "unknown": "error",
}

_RUN_WORDS: dict[RunOutcome, str] = {
    "answered": "answered",
    "limit": "stopped at a limit",
    "cancelled": "stopped",
    "failed": "failed",
}
_RUN_TONES: dict[RunOutcome, State] = {"answered": "ok", "limit": "warn", "cancelled": "warn", "failed": "error"}


def run_words(outcome: RunOutcome | None, *, is_live: bool) -> str:
    """How a run ended, or that it has not."""
    return _RUN_WORDS[outcome] if outcome is not None else "running" if is_live else "interrupted"


def run_tone(outcome: RunOutcome | None, *, is_live: bool) -> State:
    """The tone of a run, or of a conversation with its last outcome."""
    return "busy" if is_live else "warn" if outcome is None else _RUN_TONES[outcome]


def call_tone(call: CallSpan) -> State:
    """The tone of a call in its present state. Only a call that went as the model requested is plainly good."""
    if call.settled is not None:
        if call.settled.outcome in ("mocked", "replayed") and call.settled.is_error:
            return "error"
        tone = _OUTCOME_TONES[call.settled.outcome]
        return "warn" if tone == "ok" and call.is_edited else tone
    return "wait" if call.state == "waiting" or call.question is not None else "busy"


def call_status(call: CallSpan) -> str:
    """The state of a call in one word, by which the trace is filtered; while it runs, the tool's last progress."""
    if call.settled is not None:
        return call.settled.outcome
    match call.state:
        case "proposed":
            return "running"
        case "checked":
            return "valid" if call.is_valid else "invalid"
        case "running":
            return "waiting" if call.question is not None else one_line(call.reported, 60) or "running"
        case "waiting" | "decided" | "settled":
            return call.state
        case _:
            assert_never(call.state)


def call_words(call: CallSpan) -> str:
    """The state of a call in words."""
    if call.settled is not None:
        if call.settled.outcome == "invalid" and call.checked is not None and not call.checked.is_known:
            return "not run: no such tool"
        words = _OUTCOME_WORDS[call.settled.outcome]
        if call.settled.outcome == "mocked" and call.settled.is_error:
            words = "injected error"
        return f"{words}, arguments edited" if call.is_edited else words
    match call.state:
        case "waiting":
            return "needs your result" if call.wants == "result" else "needs approval"
        case "running":
            return "its server asks you" if call.question is not None else "running"
        case "decided":
            return "decided"
        case "proposed" | "checked" | "settled":
            return "checking"
        case _:
            assert_never(call.state)
