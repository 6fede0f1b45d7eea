"""A place in a run that something can be done with: fork from here, sample this decision, make a mock of this call.

Cards, bubbles, rows of the trace and of the explorer all stand for one, so that the same acts are offered everywhere.
"""

from dataclasses import dataclass
from typing import Literal

from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.viewmodels.conversation.chat_entry import CallEntry, HeadEntry, UserEntry
from workbench.viewmodels.trace.trace_row import RowKind, TraceRow

RunPlaceKind = Literal["run", "message", "round", "call"]
_KINDS: dict[RowKind, RunPlaceKind] = {
    "run": "run",
    "turn": "message",
    "round": "round",
    "request": "round",
    "first token": "round",
    "retry": "round",
    "routing": "round",
    "call": "call",
    "approval": "call",
}
_DEPTHS: dict[RunPlaceKind, int] = {"run": 0, "message": 1, "round": 2, "call": 3}


@dataclass(frozen=True)
class RunPlace:
    """`span` is the path of what it stands for: empty for a run, `turn-1/round-2/call-1` for a call.

    `is_settled` says of a call that its result is there, and of everything else nothing.
    """

    kind: RunPlaceKind
    run_id: RunId
    span: SpanPath = ROOT_SPAN
    call_id: CallId | None = None
    tool: str = ""
    is_settled: bool = False


def place_of_row(row: TraceRow) -> RunPlace | None:
    """What a row of the trace stands for; None where nothing can be done."""
    kind = _KINDS.get(row.kind)
    if kind is None:
        return None
    is_call = kind == "call"
    span = _cut(row.span, kind)
    tool = row.label if row.kind == "call" else ""
    return RunPlace(
        kind, row.run_id, span, row.call_id if is_call else None, tool, is_call and row.ended_at is not None
    )


def place_of_entry(entry: UserEntry | HeadEntry | CallEntry) -> RunPlace | None:
    """What an entry of the chat stands for; None while it has no place in a log."""
    match entry:
        case UserEntry():
            return RunPlace("message", entry.run_id, entry.span) if entry.seq else None
        case HeadEntry():
            return RunPlace("round", entry.run_id, _cut(entry.span, "round"))
        case CallEntry():
            if entry.call is None:
                return None
            settled = entry.call.settled is not None
            return RunPlace("call", entry.run_id, entry.call.span, entry.call_id, entry.tool, settled)


def _cut(span: SpanPath, kind: RunPlaceKind) -> SpanPath:
    return SpanPath("/".join(span.split("/")[: _DEPTHS[kind]]))
