"""Every recorded call of some tools, newest first."""

from collections.abc import Callable

import msgspec

from workbench.app.runs.runs import Runs
from workbench.core.errors import WorkbenchError
from workbench.core.event import ToolCallProposed, ToolStarted
from workbench.core.ids import CallId, RunId

MOST_RUNS = 500
MOST_CALLS = 500
"""Of more runs, only the newest are read."""


class ToolCall(msgspec.Struct, frozen=True):
    """A call as it was proposed. `number` counts the calls of its tool that ran in its run, this one included, from 1;
    `at` is when it was proposed, in seconds since the epoch."""

    run_id: RunId
    call_id: CallId
    tool: str
    arguments_json: str
    number: int
    at: float


def tool_calls(runs: Runs, is_wanted: Callable[[str], bool]) -> tuple[ToolCall, ...]:
    """The calls of the newest runs whose tool's name is wanted. Reads the store, so not on the event loop. Unreadable
    runs are skipped."""
    found: list[ToolCall] = []
    for row in [row for row in runs.recorded() if row.calls][:MOST_RUNS]:
        try:
            found += reversed(_calls_of(runs, row.run_id, is_wanted))
        except WorkbenchError:
            continue
        if len(found) >= MOST_CALLS:
            break
    return tuple(found[:MOST_CALLS])


def _calls_of(runs: Runs, run_id: RunId, is_wanted: Callable[[str], bool]) -> list[ToolCall]:
    started: dict[str, int] = {}
    found: dict[CallId, ToolCall] = {}
    for event in runs.load(run_id):
        match event:
            case ToolCallProposed() if is_wanted(event.tool):
                number = started.get(event.tool, 0) + 1
                found[event.call_id] = ToolCall(
                    run_id, event.call_id, event.tool, event.arguments_json, number, event.at
                )
            case ToolStarted() if (call := found.get(event.call_id)) is not None:
                number = started[call.tool] = started.get(call.tool, 0) + 1
                found[event.call_id] = msgspec.structs.replace(call, number=number)
            case _:
                pass
    return list(found.values())
