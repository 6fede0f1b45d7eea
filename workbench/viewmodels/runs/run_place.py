"""A place in a run that has actions: fork from here, sample this decision, make a mock of this call.

Cards, bubbles, rows of the trace and of the explorer all represent one, so the same actions are offered everywhere.
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
    """`span` is the path of the place: empty for a run, `turn-1/round-2/call-1` for a call.

    `is_settled` says whether a call has its result; it means nothing for other places.
    """

    kind: RunPlaceKind
    run_id: RunId
    span: SpanPath = ROOT_SPAN
    call_id: CallId | None = None
    tool: str = ""
    is_settled: bool = False


def place_of_row(row: TraceRow) -> RunPlace | None:
    """The place of a row of the trace; None without actions."""
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
    """The place of an entry of the chat; None while it is not in a log."""
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
