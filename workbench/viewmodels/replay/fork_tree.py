"""Runs and their forks as a tree: a run, what was forked from it, what was forked from that."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.core.event import NoteAdded, RunEvent, RunStarted
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.core.run_total import BY_FORK
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import Tone, run_tone, run_words

_DEEPEST = 100


@dataclass(frozen=True)
class ForkFacts:
    """Where a fork comes from. `point` is where it departs from its parent, in words; empty before it has started."""

    parent: RunId
    point: str
    variant: str
    model: str

    @property
    def words(self) -> str:
        """`before round 2 · variant clear · on gpt-5`."""
        parts = [self.point, f"variant {self.variant}" if self.variant else "no variant", f"on {self.model}"]
        return " · ".join(part for part in parts if part)


def fork_facts(events: Iterable[RunEvent]) -> ForkFacts | None:
    """The fork point according to a run's log; None for a run that is not a fork."""
    started: RunStarted | None = None
    has_note = False
    for event in events:
        if isinstance(event, RunStarted):
            if event.parent_run is None or event.fork_seq is None:
                return None
            started = event
        elif isinstance(event, NoteAdded) and event.by == BY_FORK:
            has_note = True
        elif has_note and started is not None and event.span:
            return _facts(started, _place(event.span))
    return _facts(started, "") if started is not None and has_note else None


def _facts(started: RunStarted, point: str) -> ForkFacts | None:
    if started.parent_run is None:
        return None
    variant = one_line(started.variant or "", 60)
    return ForkFacts(started.parent_run, point, variant, one_line(model_words(started.model), 60))


def _place(span: str) -> str:
    steps = [step.replace("-", " ") for step in span.split("/")]
    match steps:
        case [turn]:
            return f"before {turn.replace('turn', 'message')}"
        case [_, current]:
            return f"before {current}"
        case [_, current, call, *_] if call.startswith("call"):
            return f"{current}, before {call}"
        case [_, current, *_]:
            return f"before {current}"
        case _:
            return ""


@dataclass(frozen=True)
class ForkNode:
    """A run in the tree, with its forks, oldest first."""

    run_id: RunId
    title: str
    point: str
    variant: str
    model: str
    outcome: str
    tone: Tone
    when: str
    forks: "tuple[ForkNode, ...]" = ()
    is_same_message: bool = False
    """Whether its parent began with the same message."""

    @property
    def label(self) -> str:
        """The first cell: a fork's point, with the message if it is a different one."""
        if not self.point:
            return self.title
        return self.point if self.is_same_message else f"{self.point} · {self.title}"

    @property
    def words(self) -> str:
        """The whole row, for a screen reader."""
        parts = (self.title, self.point, self.variant, self.model, self.outcome, self.when)
        forks = figures.count(len(self.forks), "fork") if self.forks else ""
        return ", ".join(part for part in (*parts, forks) if part)

    def walk(self) -> Iterator["ForkNode"]:
        """This node and everything below it."""
        yield self
        for fork in self.forks:
            yield from fork.walk()


def is_fork_row(row: RunRow) -> bool:
    """Whether the run repeats a part of another one. A run that only continues another is not a fork."""
    return row.parent_run is not None and row.fork_seq is not None


def fork_trees(rows: Sequence[RunRow], facts_of: Callable[[RunId], ForkFacts | None]) -> tuple[ForkNode, ...]:
    """The runs that have forks, newest first, each with all its forks.

    A fork whose parent was deleted is a root, so that nothing is hidden.
    """
    known = {row.run_id: row for row in rows}
    below: dict[RunId, list[RunRow]] = {}
    roots: list[RunRow] = []
    for row in sorted(rows, key=lambda row: row.started_at):
        if is_fork_row(row) and row.parent_run is not None and row.parent_run in known:
            below.setdefault(row.parent_run, []).append(row)
        elif is_fork_row(row):
            roots.append(row)
    roots += [row for row in rows if row.run_id in below and not (is_fork_row(row) and row.parent_run in known)]
    seen: set[RunId] = set()

    def node(row: RunRow, depth: int = 0) -> ForkNode:
        seen.add(row.run_id)
        forks = below.get(row.run_id, ()) if depth < _DEEPEST else ()
        nodes = tuple(node(fork, depth + 1) for fork in forks if fork.run_id not in seen)
        parent = known.get(row.parent_run) if row.parent_run is not None else None
        is_same = parent is not None and parent.title == row.title
        return _node(row, facts_of(row.run_id) if is_fork_row(row) else None, nodes, is_same_message=is_same)

    newest_first = sorted({row.run_id: row for row in roots}.values(), key=lambda row: row.started_at, reverse=True)
    trees = [node(row) for row in newest_first]
    lost = [row for row in known.values() if is_fork_row(row) and row.run_id not in seen]
    trees += [node(row) for row in lost if row.run_id not in seen]  # too deep, or their own ancestors
    return tuple(trees)


def _node(row: RunRow, facts: ForkFacts | None, forks: tuple[ForkNode, ...], *, is_same_message: bool) -> ForkNode:
    point = facts.point if facts is not None else ("message changed" if is_fork_row(row) else "")
    return ForkNode(
        row.run_id,
        one_line(row.title, 80) or "(empty message)",
        point,
        facts.variant if facts is not None else "",
        one_line(model_words(row.model), 60),
        run_words(row.outcome, is_live=row.is_live),
        run_tone(row.outcome, is_live=row.is_live),
        figures.clock_time(row.started_at),
        forks,
        is_same_message,
    )
