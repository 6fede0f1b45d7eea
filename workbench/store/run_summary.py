"""The row of each run in the run database, kept in line with its events, so that listing runs reads none of them."""

import sqlite3
from typing import assert_never

from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
)
from workbench.store.approvals import record_approval
from workbench.store.redaction import Redactor

Ignored = (
    RoundStarted
    | ToolsRouted
    | RequestSent
    | ResponseDelta
    | ResponseReceived
    | RequestFailed
    | ToolCallChecked
    | ToolStarted
    | ServerAsked
    | ServerAnswered
    | LimitReached
    | NoteAdded
)
"""The kinds of events that change no row but their own."""

TITLE_CHARS = 120
NEXT_CHANGE = (
    "(SELECT max(newest) + 1 FROM (SELECT coalesce(max(changed), 0) AS newest FROM runs"
    " UNION ALL SELECT coalesce(max(changed), 0) FROM removed_runs))"
)
"""Numbers the changes of rows of runs, so that a reader finds what changed since the last number it knows."""


def summarize(connection: sqlite3.Connection, event: RunEvent, owner: str, redactor: Redactor) -> None:
    """Keep the row of the run up to date, so that listing runs reads no events."""
    if isinstance(event, Ignored):
        return
    match event:
        case RunStarted():
            connection.execute(
                "INSERT OR IGNORE INTO runs"
                " (run_id, started_at, provider, model, conversation, parent_run, fork_seq, owner, changed)"
                f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, {NEXT_CHANGE})",
                (
                    event.run_id,
                    event.at,
                    redactor.text(event.provider),
                    redactor.text(event.model),
                    event.conversation,
                    event.parent_run,
                    event.fork_seq,
                    owner,
                ),
            )
        case TurnStarted():
            title = redactor.text(" ".join(event.message.text.split()))[:TITLE_CHARS]
            change_run(connection, event.run_id, "title = ?", title, where="AND title = ''")
        case ToolCallProposed():
            change_run(connection, event.run_id, "calls = calls + 1")
        case RunFinished():
            ended = (event.outcome, event.ended_by, event.at)
            change_run(connection, event.run_id, "outcome = ?, ended_by = ?, finished_at = ?, owner = NULL", *ended)
        case ApprovalAsked() | ApprovalGiven() | ToolCallSettled():
            record_approval(connection, event)
        case _:
            assert_never(event)


def change_run(connection: sqlite3.Connection, run_id: str, change: str, *values: object, where: str = "") -> bool:
    """Change the row of a run, so that readers notice. Returns whether there was such a row."""
    query = f"UPDATE runs SET {change}, changed = {NEXT_CHANGE} WHERE run_id = ? {where}"
    return connection.execute(query, (*values, run_id)).rowcount == 1
