"""The arguments of a tool's earlier calls, by people and by models."""

import msgspec

from workbench.app.runs.runs import Runs
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunStarted, ToolCallProposed

_MOST_RUNS = 200
_MOST_CALLS = 20


class PastCall(msgspec.Struct, frozen=True):
    """One set of arguments, when it was last used, and whether a person chose it."""

    arguments_json: str
    at: float
    by_hand: bool


def past_calls(runs: Runs, tool: str) -> tuple[PastCall, ...]:
    """Distinct arguments, newest first. Reads the newest runs; unreadable ones are skipped."""
    found: dict[str, PastCall] = {}
    rows = [row for row in runs.recorded() if row.calls]
    for row in rows[:_MOST_RUNS]:
        try:
            events = list(runs.load(row.run_id))
        except WorkbenchError:
            continue
        by_hand = any(isinstance(event, RunStarted) and event.by_hand for event in events[:1])
        for event in reversed(events):
            if isinstance(event, ToolCallProposed) and event.tool == tool:
                found.setdefault(event.arguments_json, PastCall(event.arguments_json, event.at, by_hand))
        if len(found) >= _MOST_CALLS:
            break
    return tuple(found.values())[:_MOST_CALLS]
