"""A recorded run as a list shows it."""

import msgspec

from workbench.core.event import EndedBy, RunOutcome
from workbench.core.ids import RunId


class RunRow(msgspec.Struct, frozen=True):
    """A run in a list. `outcome` is None while it runs, or when it was interrupted."""

    run_id: RunId
    started_at: float
    title: str
    provider: str
    model: str
    conversation: str
    parent_run: RunId | None
    fork_seq: int | None
    outcome: RunOutcome | None
    ended_by: EndedBy | None
    calls: int
    is_live: bool
