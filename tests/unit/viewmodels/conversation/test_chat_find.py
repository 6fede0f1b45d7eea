"""Finding a text in the entries of a conversation."""

import asyncio

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.app.search.search import HitKind, SearchHit
from workbench.core.event import ToolCallSettled
from workbench.core.ids import SpanPath
from workbench.core.tool import Tool
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_find import ChatFind

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


def conversation() -> tuple[ChatViewModel, ScriptedRun]:
    run = ScriptedRun(
        script(
            says("I **look** for the [raven](http://raven.example).", calls=(raw_call("look", '{"at":"raven"}'),)),
            says("One raven, `get_raven`."),
        ),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": "raven, raven"}},
    )
    asyncio.run(run.run("Any raven?"))
    chat = ChatViewModel()
    chat.apply(list(run.log))
    return chat, run


def parts(find: ChatFind) -> list[str]:
    return [place.part for place in find.places]


def test_every_place_is_counted_as_the_eye_meets_it() -> None:
    chat, _ = conversation()
    find = ChatFind(chat)
    find.look_for("raven")
    assert parts(find) == ["text", "text", "arguments", "result", "result", "text", "text"]
    assert find.count_words == "1 of 7"
    find.look_for("I look for")
    assert find.count_words == "1 of 1"
    find.look_for("**look**")
    assert find.count_words == "1 of 1"
    find.look_for('"at": "rav')
    assert parts(find) == ["arguments"]
    find.look_for("nothing of the kind")
    assert find.count_words == "No results"


def test_one_steps_around_the_corner_and_begins_near_the_reader() -> None:
    chat, _ = conversation()
    find = ChatFind(chat)
    find.look_for("raven", near=4)
    assert find.count_words == "6 of 7"
    find.step(1)
    find.step(1)
    assert find.at == 0
    find.step(-1)
    assert find.at == 6


def test_the_current_place_stays_when_the_conversation_goes_on() -> None:
    chat, _ = conversation()
    find = ChatFind(chat)
    find.look_for("raven")
    find.step(-1)
    current = find.current
    chat.tell("warn", "A raven has come")
    find.recount()
    assert find.current == current
    assert find.count_words == "7 of 8"


def test_what_search_everywhere_found_is_the_current_place() -> None:
    chat, run = conversation()
    settled = next(event for event in run.log if isinstance(event, ToolCallSettled))

    def hit(kind: HitKind, seq: int, span: SpanPath, call_id: object = None) -> SearchHit:
        return SearchHit(kind, settled.run_id, seq, span, 0.0, "", call_id=call_id)  # type: ignore[arg-type]

    find = ChatFind(chat)
    assert find.look_for_hit("rav", hit("result", settled.seq, settled.span, settled.call_id))
    assert find.current is not None
    assert find.current.part == "result"
    assert find.look_for_hit("rav", hit("prompt", 2, SpanPath("turn-1")))
    assert find.at == 0
    assert not find.look_for_hit("kind", hit("instructions", 1, SpanPath("")))
