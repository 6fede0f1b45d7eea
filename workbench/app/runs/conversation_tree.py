"""Runs as conversations: which run continues which, which are versions of the same message, where each leads."""

from collections.abc import Iterable, Iterator

import msgspec

from workbench.core.ids import RunId
from workbench.core.run_row import RunRow


class ConversationRow(msgspec.Struct, frozen=True):
    """All runs that began with one message: what followed it, and what was said instead.

    `root` is its first run and its identity, `newest` the run that was started last, `messages` how many runs it has.
    """

    root: RunId
    newest: RunId
    title: str
    is_named: bool
    started_at: float
    last_at: float
    messages: int
    outcome: str | None
    is_live: bool
    runs: tuple[RunId, ...]


class ConversationTree:
    """Reads rows of the run list. A run whose parent is gone begins a conversation of its own."""

    def __init__(self, rows: Iterable[RunRow]) -> None:
        self._rows = {row.run_id: row for row in sorted(rows, key=lambda row: (row.started_at, row.run_id))}
        self._before = {run_id: self._predecessor(row) for run_id, row in self._rows.items()}
        self._after: dict[RunId | None, list[RunId]] = {}
        for run_id, before in self._before.items():
            self._after.setdefault(before, []).append(run_id)

    @property
    def rows(self) -> list[RunRow]:
        """All runs, the newest first."""
        return list(reversed(self._rows.values()))

    def chain(self, run_id: RunId) -> list[RunId]:
        """The runs that lead to this one by continuing each other, oldest first, this one included."""
        chain = [run_id]
        while (before := self._before.get(chain[-1])) is not None and before not in chain:
            chain.append(before)
        return chain[::-1]

    def versions(self, run_id: RunId) -> list[RunId]:
        """The runs that say something else in the same place, oldest first, this one included."""
        if run_id not in self._rows:
            return [run_id]
        origin = self._origin(run_id)
        return [other for other in self._after[self._before[run_id]] if self._origin(other) == origin]

    def newest_after(self, run_id: RunId) -> RunId:
        """Where the conversation goes on after a run, always with what was said last."""
        while followers := self._after.get(run_id):
            run_id = followers[-1]
        return run_id

    def root(self, run_id: RunId) -> RunId:
        """The first run of the conversation."""
        return self._origin(self.chain(run_id)[0])

    def conversations(self) -> list[ConversationRow]:
        """All of them, the one with the newest run first."""
        found: dict[RunId, list[RunRow]] = {}
        for run_id, row in self._rows.items():
            found.setdefault(self.root(run_id), []).append(row)
        rows = [_row(root, runs) for root, runs in found.items()]
        return sorted(rows, key=lambda row: row.last_at, reverse=True)

    def conversation_of(self, run_id: RunId) -> ConversationRow | None:
        """The conversation a run belongs to; None for a run that is not in the list."""
        if run_id not in self._rows:
            return None
        root = self.root(run_id)
        return _row(root, [row for other, row in self._rows.items() if self.root(other) == root])

    def _predecessor(self, row: RunRow) -> RunId | None:
        """The run that comes before; a run that says a message anew comes after what that message came after."""
        seen = {row.run_id}
        while row.parent_run is not None and row.parent_run in self._rows and row.parent_run not in seen:
            if row.fork_seq is None:
                return row.parent_run
            if not _is_from_the_start(row):
                return None
            row = self._rows[row.parent_run]
            seen.add(row.run_id)
        return None

    def _origin(self, run_id: RunId) -> RunId:
        """The run whose message was said anew first."""
        return next(reversed(list(self._originals(run_id))))

    def _originals(self, run_id: RunId) -> Iterator[RunId]:
        seen: set[RunId] = set()
        current: RunId | None = run_id
        while current is not None and current in self._rows and current not in seen:
            seen.add(current)
            yield current
            row = self._rows[current]
            current = row.parent_run if _is_from_the_start(row) else None
        if not seen:
            yield run_id


def _is_from_the_start(row: RunRow) -> bool:
    """Whether the run repeats its parent from before the parent's first message."""
    return row.fork_seq is not None and row.fork_seq <= 1


def _row(root: RunId, runs: list[RunRow]) -> ConversationRow:
    first = next((row for row in runs if row.run_id == root), runs[0])
    last = runs[-1]
    return ConversationRow(
        root=root,
        newest=last.run_id,
        title=first.conversation or first.title,
        is_named=bool(first.conversation),
        started_at=first.started_at,
        last_at=last.started_at,
        messages=len(runs),
        outcome=last.outcome,
        is_live=any(row.is_live for row in runs),
        runs=tuple(row.run_id for row in runs),
    )
