"""What the card of a failed run offers: each button only where it fits the kind of failure. Pure."""

from dataclasses import dataclass
from typing import Literal

from workbench.core.errors import FailureKind
from workbench.core.event import RunFinished
from workbench.core.ids import RunId
from workbench.core.trace import Trace

FailureAction = Literal["try_again", "continue", "raise_limit", "replace_key", "open_connection", "copy_details"]
ACTION_TEXTS: dict[FailureAction, str] = {
    "try_again": "Try again",
    "continue": "Continue",
    "raise_limit": "Raise this limit",
    "replace_key": "Replace key",
    "open_connection": "Open connection",
    "copy_details": "Copy details",
}
CONTINUE = "Continue."
"""The message that goes on after a failed run. It has the run's calls and results before it and limits of its own."""
_OUTPUT_LIMIT = "request.max_output_tokens"
_OF_KIND: dict[FailureKind, tuple[FailureAction, ...]] = {
    "cut_off": ("try_again",),
    "malformed": ("try_again", "open_connection"),
    "rate_limit": ("try_again",),
    "overloaded": ("try_again",),
    "server": ("try_again",),
    "timeout": ("try_again",),
    "connection": ("try_again", "open_connection"),
    "authentication": ("replace_key", "try_again", "open_connection"),
    "permission": ("replace_key", "try_again", "open_connection"),
    "quota": ("replace_key", "try_again"),
    "not_found": ("open_connection", "try_again"),
    "invalid_request": ("try_again",),
    "refused": (),
    "unavailable": ("try_again",),
}
_OF_STATUS: dict[int, tuple[FailureAction, ...]] = {
    405: ("open_connection", "try_again"),
    413: (),
    501: ("open_connection", "try_again"),
}
"""Where the status says more than the kind."""
_GOES_ON: frozenset[FailureKind] = frozenset(_OF_KIND) - {"invalid_request", "refused"}
"""After these, the same conversation with one more message may succeed."""


@dataclass(frozen=True)
class Reach:
    """How the model of a run is reached. `has_connection`: over a server or vendor; `key_name`: its key, if any."""

    has_connection: bool = False
    key_name: str = ""


@dataclass(frozen=True)
class RunFailure:
    """The failure of a run, as far as a person can act on it.

    `setting` is the key of the limit that was reached; `again_at` is when the server may be asked again, in seconds
    since the epoch, 0 for at once.
    """

    run_id: RunId
    spec: str
    actions: tuple[FailureAction, ...]
    setting: str = ""
    again_at: float = 0.0

    def seconds_left(self, now: float) -> int:
        """How long the server asks to wait from now on."""
        return max(0, round(self.again_at - now))

    def text(self, action: FailureAction, now: float) -> str:
        """The words on a button."""
        left = self.seconds_left(now) if action == "try_again" else 0
        return f"{ACTION_TEXTS[action]} in {left} s" if left else ACTION_TEXTS[action]


def actions_for(
    kind: FailureKind, reach: Reach, *, status: int | None = None, has_progress: bool = False
) -> tuple[FailureAction, ...]:
    """The buttons for a failed request. `has_progress`: the run had complete answers before it failed."""
    fitting = _OF_STATUS.get(status or 0, _OF_KIND[kind])
    offered: list[FailureAction] = []
    if has_progress and kind in _GOES_ON:
        offered.append("continue")
    for action in fitting:
        if (action == "open_connection" and not reach.has_connection) or (
            action == "replace_key" and not (reach.has_connection and reach.key_name)
        ):
            continue
        offered.append(action)
    return (*offered, "copy_details")


def failure_of(trace: Trace, finished: RunFinished, reach: Reach) -> RunFailure | None:
    """What can be done about the end of a run; None where it did not fail."""
    spec = (trace.started.spec or trace.started.model) if trace.started else ""
    if finished.outcome == "limit":
        setting = f"limits.{trace.limits[-1].limit}" if trace.limits else ""
        raising: tuple[FailureAction, ...] = ("raise_limit",) if setting else ()
        return RunFailure(finished.run_id, spec, (*raising, "continue", "copy_details"), setting)
    if finished.ended_by == "interruption":
        return RunFailure(finished.run_id, spec, ("continue", "try_again", "copy_details"))
    if finished.outcome != "failed":
        return None
    current = trace.current_round
    if current is not None and current.response is not None:
        return _of_answer(finished, spec, current.response.response.stop_reason)
    failed = current.requests[-1].failed if current is not None and current.requests else None
    if failed is None:
        return RunFailure(finished.run_id, spec, ("try_again", "copy_details"))
    has_progress = any(round_span.response is not None for round_span in trace.rounds())
    actions = actions_for(failed.failure, reach, status=failed.status, has_progress=has_progress)
    again_at = failed.at + failed.retry_after_s if failed.retry_after_s else 0.0
    return RunFailure(finished.run_id, spec, actions, again_at=again_at)


def _of_answer(finished: RunFinished, spec: str, stop_reason: str) -> RunFailure:
    """An answer arrived, and did not end as a success."""
    if finished.ended_by == "provider" and stop_reason == "length":
        return RunFailure(
            finished.run_id, spec, ("raise_limit", "continue", "try_again", "copy_details"), _OUTPUT_LIMIT
        )
    if finished.ended_by == "provider" and stop_reason == "filtered":
        return RunFailure(finished.run_id, spec, ("copy_details",))
    return RunFailure(finished.run_id, spec, ("try_again", "copy_details"))
