"""Runs as conversations."""

from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow


def row(name: str, at: float, parent: str | None = None, fork_seq: int | None = None, named: str = "") -> RunRow:
    return RunRow(
        run_id=RunId(name),
        started_at=at,
        finished_at=at,
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


TREE = ConversationTree(
    [
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
)


def test_a_chain_is_what_leads_to_a_run() -> None:
    assert TREE.chain(RunId("c")) == ["a", "b", "c"]


def test_a_message_said_anew_follows_what_the_first_one_followed() -> None:
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
