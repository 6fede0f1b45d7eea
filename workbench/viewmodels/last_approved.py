"""The arguments with which a person last let a tool run, read backwards from a log."""

from collections.abc import Sequence

from workbench.core.approval import RUNS
from workbench.core.event import ApprovalGiven, RunEvent, ToolCallChecked, ToolCallProposed
from workbench.core.ids import CallId
from workbench.viewmodels.approval_card import BY


def last_approved(events: Sequence[RunEvent], tool: str) -> str | None:
    """The arguments as JSON, as they ran; None when nobody approved a call of this tool."""
    given: dict[CallId, ApprovalGiven] = {}
    sanitized: dict[CallId, str] = {}
    for event in reversed(events):
        match event:
            case ApprovalGiven(decision=decision, by=by) if decision in RUNS and by == BY:
                given.setdefault(event.call_id, event)
            case ToolCallChecked(arguments_json=str(text)):
                sanitized[event.call_id] = text
            case ToolCallProposed(tool=name) if name == tool and event.call_id in given:
                edited = given[event.call_id].arguments_json
                return edited if edited is not None else sanitized.get(event.call_id, event.arguments_json)
            case _:
                pass
    return None
