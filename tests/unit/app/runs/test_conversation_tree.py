"""Runs as conversations."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow


def row(name: str, at: float, parent: str | None = None, fork_seq: int | None = None, named: str = "") -> RunRow:
    return RunRow(
        run_id=RunId(name),
        started_at=at,
        title=f"about {name}",
        provider="scripted",
        model="script",
        conversation=named,
        parent_run=RunId(parent) if parent else None,
        fork_seq=fork_seq,
        outcome="answered",
        ended_by="answer",
        calls=0,
        is_live=False,
    )


ROWS = [
    row("a", 1, named="Harbor"),
    row("b", 2, "a"),
    row("c", 3, "b"),
    row("b2", 4, "b", 1),
    row("b3", 5, "b2", 1),
    row("d", 6, "b2"),
    row("a2", 7, "a", 1),
    row("lone", 8),
    row("branch", 9, "c", 7),
]
TREE = ConversationTree(ROWS)


def test_a_chain_is_what_leads_to_a_run() -> None:
    assert TREE.chain(RunId("c")) == ["a", "b", "c"]


def test_a_message_sent_again_follows_what_the_first_one_followed() -> None:
    assert TREE.chain(RunId("b2")) == ["a", "b2"]
    assert TREE.chain(RunId("d")) == ["a", "b2", "d"]
    assert TREE.chain(RunId("a2")) == ["a2"]


def test_all_versions_of_a_message_are_found_from_any_of_them() -> None:
    assert [TREE.versions(RunId(name)) for name in ("b", "b3")] == [["b", "b2", "b3"]] * 2
    assert TREE.versions(RunId("a2")) == ["a", "a2"]
    assert TREE.versions(RunId("c")) == ["c"]


def test_a_version_leads_to_what_was_said_after_it() -> None:
    assert TREE.newest_after(RunId("b")) == "c"
    assert TREE.newest_after(RunId("b2")) == "d"
    assert TREE.newest_of(RunId("a")) == TREE.newest_of(RunId("b2"))
    assert TREE.newest_of(RunId("not listed")) == "not listed"


def test_a_conversation_holds_every_version_and_is_found_by_its_first_run() -> None:
    found = TREE.conversations()
    assert [(each.root, each.title, each.messages, each.newest) for each in found] == [
        ("branch", "about branch", 1, "branch"),
        ("lone", "about lone", 1, "lone"),
        ("a", "Harbor", 7, "a2"),
    ]
    assert TREE.root(RunId("d")) == "a"


def test_a_run_whose_parent_is_gone_begins_a_conversation() -> None:
    assert ConversationTree([row("x", 1, "gone")]).chain(RunId("x")) == ["x"]
    assert ConversationTree([]).versions(RunId("unknown")) == ["unknown"]
    assert ConversationTree([]).root(RunId("unknown")) == "unknown"


def everything(tree: ConversationTree, names: list[str]) -> object:
    """All that a tree says about these runs, and the list."""
    runs = [RunId(name) for name in names]
    told = [(tree.chain(run), tree.versions(run), tree.newest_after(run), tree.root(run)) for run in runs]
    return [told, [tree.forks_of(run) for run in runs], tree.newest(), tree.conversations()]


def test_only_so_many_as_are_seen_are_made() -> None:
    assert [each.root for each in TREE.conversations(2)] == ["branch", "lone"]
    assert [each.run_id for each in TREE.newest(3)] == ["branch", "lone", "a2"]
    assert TREE.conversations(99) == TREE.conversations()


def test_a_tree_that_is_carried_on_leaves_the_one_before_as_it_was() -> None:
    names = [each.run_id for each in ROWS]
    before = everything(TREE, names)
    later = TREE.changed([row("e", 10, "d"), row("d2", 11, "d", 1), row("d", 6, "b2", named="late")])
    assert later.chain(RunId("e")) == ["a", "b2", "d", "e"]
    assert later.versions(RunId("d")) == ["d", "d2"]
    assert [each.run_id for each in later.forks_of(RunId("d"))] == ["d2"]
    assert everything(TREE, names) == before


def test_runs_that_lead_in_a_circle_are_all_there() -> None:
    tree = ConversationTree([row("a", 1, "b"), row("b", 2, "a"), row("c", 3, "c"), row("d", 4, "a", 1)])
    assert sorted(run for each in tree.conversations() for run in each.runs) == ["a", "b", "c", "d"]
    assert all(tree.chain(RunId(name)) for name in "abcd")


ANY_ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 9), st.integers(0, 13), st.sampled_from([None, 0, 1, 5])), max_size=14
)


@given(ANY_ROWS, ANY_ROWS, st.sets(st.integers(0, 12), max_size=3))
def test_a_tree_that_is_carried_on_is_the_one_that_is_made_of_all_rows(
    first: list[tuple[int, int, int, int | None]],
    second: list[tuple[int, int, int, int | None]],
    gone: set[int],
) -> None:
    def made(values: list[tuple[int, int, int, int | None]]) -> dict[RunId, RunRow]:
        rows = (row(f"r{own}", at, f"r{parent}", seq) for own, at, parent, seq in values)
        return {each.run_id: each for each in rows}

    before, after = made(first), made(second)
    lost = [RunId(f"r{number}") for number in gone if RunId(f"r{number}") not in after]
    names = [f"r{number}" for number in range(13)]
    carried_on = ConversationTree(before.values()).changed([*after.values()], lost)
    whole = ConversationTree(each for run, each in (before | after).items() if run not in lost)
    assert everything(carried_on, names) == everything(whole, names)
