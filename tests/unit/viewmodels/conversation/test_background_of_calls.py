"""What a conversation knows about a call that is to be decided: what was approved last, where its values are from."""

from pathlib import Path

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.approval import Decision, Question
from workbench.core.ids import call_id_for
from workbench.core.json_text import JsonObject
from workbench.viewmodels.conversation.conversation import ConversationViewModel

CALLS: JsonObject = {
    "calls": [{"tool": "touch", "arguments": {"mark": mark}} for mark in ("north", "south", "west")],
}


class Person:
    """Approves north, edits south, rejects west."""

    async def decide(self, question: Question) -> Decision:
        if "west" in question.arguments_json:
            return Decision("reject", "person")
        if "south" in question.arguments_json:
            return Decision("edit", "person", arguments_json='{"mark":"far south"}')
        return Decision("approve", "person")


async def test_the_last_call_that_was_let_through_is_found_with_the_arguments_that_ran(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    project = make_project(tmp_path / "project", CALLS, {"text": "Done."})
    session = Session(project, folders=folders, approver=Person(), trust_for_now=True)
    live = session.runs.start("Go.")
    await live.finished()
    conversation = ConversationViewModel(session)
    assert conversation.approved_before("touch") is None
    await conversation.show(live.run_id)
    await session.close()
    assert conversation.approved_before("touch") == '{"mark":"far south"}'
    assert conversation.approved_before("look") is None


async def test_no_value_comes_from_the_result_of_a_call_of_the_same_round(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    project = make_project(tmp_path / "project", CALLS, CALLS, {"text": "Done."})
    session = Session(project, folders=folders, approver=Person(), trust_for_now=True)
    live = session.runs.start("Go.")
    await live.finished()
    conversation = ConversationViewModel(session)
    await conversation.show(live.run_id)
    await session.close()
    first, second = (call_id_for(live.run_id, 1, number, 1) for number in (1, 2))
    assert [about for about, _ in conversation.sources(first)] == ["your message"]
    assert {about for about, _ in conversation.sources(second)} == {"your message", "touch's result"}
