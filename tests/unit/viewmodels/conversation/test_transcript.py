"""A conversation as Markdown."""

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, call, says, schema, script
from workbench.core.tool import Tool
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.transcript import markdown

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


async def told(result: object = "quiet") -> str:
    run = ScriptedRun(
        script(says("Looking.", reasoning="Hm.\nYes.", calls=(call("look", at="a"),)), says("It is **quiet**.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: result},  # type: ignore[dict-item,return-value]
    )
    await run.run("Look at a.")
    chat = ChatViewModel()
    chat.apply(run.log)
    return markdown("The gate\nat night", chat.entries)


async def test_everything_is_told_in_order() -> None:
    text = await told()
    wanted = ["# The gate at night", "## You", "Look at a.", "> Hm.", "> Yes.", "Looking.", '"at": "a"', "Result:"]
    places = [text.index(words) for words in (*wanted, "```\nquiet", "It is **quiet**.", "*Answered")]
    assert places == sorted(places)


async def test_a_result_cannot_leave_its_block() -> None:
    text = await told("```\n# Not a heading")
    assert "````\n```\n# Not a heading\n````" in text


async def test_messages_know_what_else_was_said_in_their_place() -> None:
    run = ScriptedRun(script(says("Yes.")))
    await run.run("One.")
    chat = ChatViewModel()
    chat.apply(run.log)
    [message] = [entry for entry in chat.entries if isinstance(entry, UserEntry)]
    assert (message.seq, message.version_words) == (2, "")
    changes: list[int] = []
    chat.changed.connect(changes.append)
    chat.show_versions(lambda run_id: ["run-0", run_id, "run-2"])  # type: ignore[list-item]
    assert changes == [0]
    assert message.version_words == "2 of 3"
    assert [message.neighbor(step) for step in (-1, 1, 2)] == ["run-0", "run-2", None]
