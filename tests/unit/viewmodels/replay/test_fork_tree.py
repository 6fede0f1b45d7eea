"""Runs and their forks as a tree."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.ids import RunId
from workbench.store.runs import RunRow
from workbench.viewmodels.replay.fork_tree import ForkFacts, ForkNode, fork_trees, is_fork_row


def row(name: str, parent: str = "", seq: int | None = 5, *, at: float = 0.0, title: str = "Hello") -> RunRow:
    return RunRow(
        run_id=RunId(name),
        started_at=at,
        title=title,
        provider="scripted",
        model="script",
        conversation="",
        parent_run=RunId(parent) if parent else None,
        fork_seq=seq if parent else None,
        outcome="answered",
        ended_by="answer",
        calls=0,
        is_live=False,
    )


def facts(run_id: RunId) -> ForkFacts:
    return ForkFacts(RunId("a"), f"before {run_id}", "", "script")


def shape(node: ForkNode) -> object:
    return {str(node.run_id): [shape(fork) for fork in node.forks]}


def test_forks_of_forks_stand_below_what_they_were_forked_from() -> None:
    rows = [row("a"), row("b", "a", at=1), row("c", "b", at=2, title="Other"), row("d", "a", at=3), row("e", at=4)]
    (tree,) = fork_trees(rows, facts)
    assert shape(tree) == {"a": [{"b": [{"c": []}]}, {"d": []}]}
    labels = [node.label for node in tree.walk()]
    assert labels == ["Hello", "before b", "before c · Other", "before d"]
    assert "2 forks" in tree.words


def test_what_only_continues_a_run_is_no_fork() -> None:
    rows = [row("a"), row("b", "a", seq=None)]
    assert fork_trees(rows, facts) == ()


def test_a_fork_whose_parent_was_deleted_stands_for_itself() -> None:
    (tree,) = fork_trees([row("b", "gone"), row("c", "b", at=1)], facts)
    assert shape(tree) == {"b": [{"c": []}]}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-1, 30)), max_size=30, unique_by=lambda pair: pair[0]))
def test_every_fork_is_shown_exactly_once_whatever_the_records_say(pairs: list[tuple[int, int]]) -> None:
    rows = [row(f"r{own}", f"r{parent}" if parent >= 0 else "", at=float(own)) for own, parent in pairs]
    shown = [node.run_id for tree in fork_trees(rows, facts) for node in tree.walk()]
    assert len(shown) == len(set(shown))
    assert {each.run_id for each in rows if is_fork_row(each)} <= set(shown)


def test_a_chain_of_thousands_is_shown() -> None:
    rows = [row("r0"), *(row(f"r{number}", f"r{number - 1}", at=float(number)) for number in range(1, 3_000))]
    shown = [node.run_id for tree in fork_trees(rows, facts) for node in tree.walk()]
    assert len(shown) == 3_000
