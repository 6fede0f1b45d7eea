"""The approvals in the run database: which question is open, how it was decided, and the claim of the call it starts.

A row follows the events of its call. Letting a call start is one transaction: the decision is compared with the open
question and set, and the call is claimed; or nothing of that happens.
"""

import sqlite3
from typing import assert_never

from workbench.core.approval import RUNS, Approval
from workbench.core.event import ApprovalAsked, ApprovalGiven, ToolCallSettled
from workbench.core.ids import RunId
from workbench.engine.ports import Claim


def record_approval(connection: sqlite3.Connection, event: ApprovalAsked | ApprovalGiven | ToolCallSettled) -> None:
    """Keep the row of a call's question in line with its events."""
    match event:
        case ApprovalAsked():
            connection.execute(
                "INSERT INTO approvals (call_id, run_id, shown_hash, asked_at, expires_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (call_id) DO UPDATE SET shown_hash = excluded.shown_hash, asked_at = excluded.asked_at,"
                " expires_at = excluded.expires_at, decision = NULL, decided_by = NULL, decided_at = NULL,"
                " runs_hash = NULL WHERE call_id NOT IN (SELECT call_id FROM claims)",
                (event.call_id, event.run_id, event.shown_hash, event.at, event.expires_at),
            )
        case ApprovalGiven():
            if event.decision not in RUNS:
                _close(connection, event, event.decision, event.by)
        case ToolCallSettled():
            _close(connection, event, "withdrawn", "")
        case _:
            assert_never(event)


def claim(connection: sqlite3.Connection, run_id: RunId, approval: Approval) -> Claim:
    """Decide and claim, inside the transaction the caller has begun.

    `again`: the call was claimed before. `expired` and `refused`: this decision lets nothing run, because it came too
    late, is about something else than the open question, is not the first one, or relies on a grant that was revoked.
    """
    if connection.execute("SELECT 1 FROM claims WHERE call_id = ?", (approval.call_id,)).fetchone():
        return "again"
    if approval.decision not in RUNS or _is_revoked(connection, approval.grant_id):
        return "refused"
    answer = _decide(connection, run_id, approval)
    if answer == "claimed":
        connection.execute(
            "INSERT INTO claims VALUES (?, ?, ?, ?)", (approval.call_id, run_id, approval.runs_hash, approval.at)
        )
    return answer


def _decide(connection: sqlite3.Connection, run_id: RunId, approval: Approval) -> Claim:
    decided = (approval.decision, approval.by, approval.at, approval.runs_hash)
    if not approval.was_asked:  # by a rule or a grant; a question may be open from before an interruption
        cursor = connection.execute(
            "INSERT INTO approvals (decision, decided_by, decided_at, runs_hash, call_id, run_id, shown_hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (call_id) DO UPDATE SET decision = excluded.decision,"
            " decided_by = excluded.decided_by, decided_at = excluded.decided_at, runs_hash = excluded.runs_hash,"
            " shown_hash = excluded.shown_hash WHERE decision IS NULL",
            (*decided, approval.call_id, run_id, approval.asked_hash),
        )
        return "claimed" if cursor.rowcount == 1 else "refused"
    question = (approval.call_id, approval.asked_hash)
    cursor = connection.execute(
        "UPDATE approvals SET decision = ?, decided_by = ?, decided_at = ?, runs_hash = ? WHERE call_id = ?"
        " AND shown_hash = ? AND decision IS NULL AND (expires_at IS NULL OR expires_at >= ?)",
        (*decided, *question, approval.at),
    )
    if cursor.rowcount == 1:
        return "claimed"
    late = connection.execute(
        "SELECT 1 FROM approvals WHERE call_id = ? AND shown_hash = ? AND decision IS NULL", question
    ).fetchone()
    return "expired" if late else "refused"


def _close(connection: sqlite3.Connection, event: ApprovalGiven | ToolCallSettled, decision: str, by: str) -> None:
    connection.execute(
        "UPDATE approvals SET decision = ?, decided_by = ?, decided_at = ? WHERE call_id = ? AND decision IS NULL",
        (decision, by, event.at, event.call_id),
    )


def _is_revoked(connection: sqlite3.Connection, grant_id: str) -> bool:
    if not grant_id:
        return False
    row = connection.execute("SELECT revoked_at FROM grants WHERE grant_id = ?", (grant_id,)).fetchone()
    return row is not None and row[0] is not None
