"""Runs as conversations: which run continues which, which are versions of the same message, where each leads."""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from workbench.core.event import RunOutcome
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow


class ConversationRow(msgspec.Struct, frozen=True):
    """All runs that began with one message: what followed it, and what was said instead.

    `root` is its first run and its identity, `newest` the run that was started last, `messages` how many runs it has.
    """

    root: RunId
    newest: RunId
    title: str
    started_at: float
    last_at: float
    messages: int
    outcome: RunOutcome | None
    is_live: bool
    runs: tuple[RunId, ...]


class ConversationTree:
    """Made of rows of the run list in one pass, on whichever thread; then every question costs what its answer holds.

    A run whose parent is gone begins a conversation of its own.
    """

    def __init__(self, rows: Iterable[RunRow], before: "ConversationTree | None" = None) -> None:
        """`before`: the tree until now, which these rows only carry on; see `changed`."""
        ordered = sorted(rows, key=_order)
        self._rows: dict[RunId, RunRow] = {}
        self._before: dict[RunId, RunId | None] = {}
        """The run that comes before; a run that edits a message comes after what that message came after."""
        self._origin: dict[RunId, RunId] = {}
        """The run whose message was changed first."""
        self._root: dict[RunId, RunId] = {}
        self._versions: dict[RunId, list[RunId]] = {}
        self._newest_follower: dict[RunId, RunId] = {}
        self._runs: dict[RunId, list[RunId]] = {}
        self._forks: dict[RunId, list[RunId]] = {}
        self._absent: set[RunId] = set()
        """Parents that are gone."""
        if before is not None:
            for name, value in vars(before).items():
                setattr(self, name, value.copy())
        new = [row for row in ordered if row.run_id not in self._rows]
        self._rows |= {row.run_id: row for row in ordered}
        for row in new:
            self._place(row)
        if before is not None:  # it keeps its own lists
            for runs, key in (place for row in new for place in self._lists_of(row)):
                runs[key] = [*runs.get(key, ())]
        for row in new:
            self._join(row)

    def changed(self, rows: list[RunRow], gone: Iterable[RunId] = ()) -> "ConversationTree":
        """The tree with these rows new or other than before, and without those runs. Where known runs stay in their
        places and new ones follow them, only the new ones are placed."""
        lost = set(gone) & self._rows.keys()
        if not lost and all(map(self._carries_on, rows)):
            return ConversationTree(rows, self)
        merged = self._rows | {row.run_id: row for row in rows}
        return ConversationTree(row for run_id, row in merged.items() if run_id not in lost)

    def _carries_on(self, row: RunRow) -> bool:
        known, newest = self._rows.get(row.run_id), next(reversed(self._rows.values()), None)
        if known is not None:
            place = (row.started_at, row.parent_run, row.fork_seq)
            return place == (known.started_at, known.parent_run, known.fork_seq)
        return row.run_id not in self._absent and (newest is None or _order(newest) < _order(row))

    def __len__(self) -> int:
        return len(self._rows)

    def newest(self, most: int | None = None) -> list[RunRow]:
        """The runs, newest first."""
        return list(islice(reversed(self._rows.values()), most))

    def row(self, run_id: RunId) -> RunRow | None:
        """The run in the list, if it is there."""
        return self._rows.get(run_id)

    def chain(self, run_id: RunId) -> list[RunId]:
        """The runs that lead to this one by continuing each other, oldest first, this one included."""
        chain = [run_id]
        while (before := self._before.get(chain[-1])) is not None:
            chain.append(before)
        return chain[::-1]

    def versions(self, run_id: RunId) -> list[RunId]:
        """The runs that say something else in the same place, oldest first, this one included."""
        return self._versions.get(self._origin.get(run_id, run_id), [run_id])

    def newest_after(self, run_id: RunId) -> RunId:
        """Where the conversation goes on after a run, always with what was said last."""
        while (follower := self._newest_follower.get(run_id)) is not None:
            run_id = follower
        return run_id

    def forks_of(self, run_id: RunId) -> list[RunRow]:
        """The runs that were forked from this one, oldest first; an edited message is one of them."""
        return [self._rows[fork] for fork in self._forks.get(run_id, ())]

    def root(self, run_id: RunId) -> RunId:
        """The first run of the conversation."""
        return self._root.get(run_id, run_id)

    def conversations(self, most: int | None = None) -> list[ConversationRow]:
        """The conversations, the one with the newest run first."""
        roots = dict.fromkeys(self._root[run_id] for run_id in self._upwards(most))
        return [self._row(root) for root in islice(roots, most)]

    @property
    def conversation_count(self) -> int:
        """How many conversations there are."""
        return len(self._runs)

    def conversation_of(self, run_id: RunId) -> ConversationRow | None:
        """The conversation a run belongs to; None for a run that is not in the list."""
        root = self._root.get(run_id)
        return self._row(root) if root is not None else None

    def newest_of(self, run_id: RunId) -> RunId:
        """The newest run of the conversation a run belongs to; itself where it is not in the list."""
        row = self.conversation_of(run_id)
        return row.newest if row is not None else run_id

    def _upwards(self, most: int | None) -> Iterable[RunId]:
        """The runs, newest first, until they belong to this many conversations."""
        seen: set[RunId] = set()
        for run_id in reversed(self._rows):
            seen.add(self._root[run_id])
            if most is not None and len(seen) > most:
                return
            yield run_id

    def _row(self, root: RunId) -> ConversationRow:
        runs = [self._rows[run_id] for run_id in self._runs[root]]
        first, last = self._rows[root], runs[-1]
        return ConversationRow(
            root=root,
            newest=last.run_id,
            title=first.conversation or first.title,
            started_at=first.started_at,
            last_at=last.started_at,
            messages=len(runs),
            outcome=last.outcome,
            is_live=any(row.is_live for row in runs),
            runs=tuple(row.run_id for row in runs),
        )

    def _lists_of(self, row: RunRow) -> Iterator[tuple[dict[RunId, list[RunId]], RunId]]:
        """Where a run that has its place comes in order of time, beside others."""
        yield self._versions, self._origin[row.run_id]
        yield self._runs, self._root[row.run_id]
        if row.fork_seq is not None and row.parent_run is not None:
            yield self._forks, row.parent_run

    def _join(self, row: RunRow) -> None:
        for runs, key in self._lists_of(row):
            runs.setdefault(key, []).append(row.run_id)
        if (before := self._before[row.run_id]) is not None:
            self._newest_follower[before] = row.run_id

    def _place(self, row: RunRow) -> None:
        """Find what comes before a run. Parents are placed first, and those that lead in a circle have none."""
        if row.run_id in self._root:
            return
        waiting = {row.run_id: row}
        while (parent := self._rows.get(row.parent_run or row.run_id)) is not None:
            if parent.run_id in waiting or parent.run_id in self._root:
                break
            waiting[parent.run_id] = row = parent
        if row.parent_run is not None and row.parent_run not in self._rows:
            self._absent.add(row.parent_run)
        for run_id, each in reversed(waiting.items()):
            known = each.parent_run if each.parent_run in self._root else None
            if known is None or (each.fork_seq is not None and each.fork_seq > 1):
                self._before[run_id], self._origin[run_id], self._root[run_id] = None, run_id, run_id
            elif each.fork_seq is None:
                self._before[run_id], self._origin[run_id], self._root[run_id] = known, run_id, self._root[known]
            else:  # it repeats its parent from before the parent's first message
                self._before[run_id], self._origin[run_id] = self._before[known], self._origin[known]
                self._root[run_id] = self._root[known]


def _order(row: RunRow) -> tuple[float, RunId]:
    return row.started_at, row.run_id
