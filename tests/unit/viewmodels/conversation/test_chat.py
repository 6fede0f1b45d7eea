"""Entries folded from logs."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, fails, raw_call, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import ResponseDelta, RunEvent, is_durable
from workbench.core.tool import Tool
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import CallEntry, HeadEntry, NoticeEntry, TextEntry, UserEntry

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
BODIES = {"look": lambda arguments: {"seen": arguments["at"]}}


async def finished_run() -> ScriptedRun:
    run = ScriptedRun(
        script(
            says(
                "Two at once.",
                reasoning="They do not depend on each other.",
                calls=(call("look", at="a"), call("look", at="b")),
            ),
            says("Both are **quiet**."),
        ),
        tools=(LOOK,),
        bodies=BODIES,
    )
    await run.run("Look twice.")
    return run


def shown(chat: ChatViewModel) -> list[tuple[str, str]]:
    found = []
    for entry in chat.entries:
        match entry:
            case UserEntry() | TextEntry():
                found.append((type(entry).__name__, entry.text))
            case CallEntry():
                found.append((entry.tool, f"{entry.shown_arguments} → {entry.result_text}"))
            case HeadEntry():
                found.append(("head", entry.state))
            case NoticeEntry():
                found.append((entry.tone, entry.title))
    return found


async def test_a_conversation_reads_in_the_order_in_which_it_happened() -> None:
    chat = ChatViewModel()
    chat.apply((await finished_run()).log)
    assert shown(chat) == [
        ("UserEntry", "Look twice."),
        ("head", "done"),
        ("TextEntry", "They do not depend on each other."),
        ("TextEntry", "Two at once."),
        ("look", '{"at":"a"} → {"seen":"a"}'),
        ("look", '{"at":"b"} → {"seen":"b"}'),
        ("head", "done"),
        ("TextEntry", "Both are **quiet**."),
        ("ok", "Answered"),
    ]
    assert all("parallel" in entry.caption for entry in chat.entries if isinstance(entry, CallEntry))


async def test_durable_events_alone_give_the_same_chat() -> None:
    log = list((await finished_run()).log)
    assert any(isinstance(event, ResponseDelta) for event in log)
    live, stored = ChatViewModel(), ChatViewModel()
    live.apply(log)
    stored.apply([event for event in log if is_durable(event)])
    assert shown(live) == shown(stored)


async def test_batches_of_any_size_give_the_same_chat_and_truthful_signals() -> None:
    log = list((await finished_run()).log)
    whole = ChatViewModel()
    whole.apply(log)

    @given(st.lists(st.integers(1, 12), min_size=1))
    def check(sizes: list[int]) -> None:
        chat = ChatViewModel()
        mirror: list[str] = []
        chat.inserted.connect(lambda place: mirror.insert(place, chat.entries[place].key))
        start = 0
        for size in [*sizes, len(log)]:
            chat.apply(log[start : start + size])
            start += size
        assert shown(chat) == shown(whole)
        assert mirror == [entry.key for entry in chat.entries]

    check()


async def test_any_beginning_of_a_log_is_a_legal_chat() -> None:
    log = list((await finished_run()).log)
    for end in range(len(log)):
        ChatViewModel().apply(log[:end])


async def test_text_is_seen_to_stream_before_the_answer_is_whole() -> None:
    log = list((await finished_run()).log)
    chat = ChatViewModel()
    states: list[tuple[str, bool]] = []
    for event in log:
        chat.apply([event])
        states += [(entry.text, entry.is_streaming) for entry in chat.entries if isinstance(entry, TextEntry)]
    assert any(streaming and text and text != "Two at once." for text, streaming in states)
    assert not any(entry.is_streaming for entry in chat.entries if isinstance(entry, TextEntry))


async def test_a_waiting_call_says_so_and_then_how_it_ended() -> None:
    run = ScriptedRun(
        script(calls(call("look", at="a")), says("Fine.")),
        tools=(LOOK,),
        bodies=BODIES,
        policy=ASK_ALL,
        approver=Answers(Decision("reject", by="person", note="no")),
    )
    await run.run()
    chat = ChatViewModel()
    captions: list[str] = []
    for event in run.log:
        chat.apply([event])
        captions += [entry.caption for entry in chat.entries if isinstance(entry, CallEntry)]
    assert any("needs approval" in caption for caption in captions)
    assert captions[-1].startswith("rejected")


async def test_arguments_that_do_not_fit_are_shown_with_their_problems() -> None:
    run = ScriptedRun(script(calls(raw_call("look", '{"at": 7}')), says("Fine.")), tools=(LOOK,), bodies=BODIES)
    await run.run()
    chat = ChatViewModel()
    chat.apply(run.log)
    card = next(entry for entry in chat.entries if isinstance(entry, CallEntry))
    assert card.tone == "error"
    assert card.problems == ("/at: 7 is not of type string",)


async def test_a_failed_attempt_is_told_with_what_follows() -> None:
    run = ScriptedRun(script(fails("rate_limit", status=429, retry_after_s=1.0), says("Here.")))
    await run.run()
    chat = ChatViewModel()
    chat.apply(run.log)
    notice = next(entry for entry in chat.entries if isinstance(entry, NoticeEntry))
    assert (notice.tone, notice.hint) == ("warn", "Retrying in 1.0 s.")
    assert "HTTP 429" in notice.figures


async def test_an_answer_that_was_cut_off_keeps_its_text_and_is_marked() -> None:
    run = ScriptedRun(script(says("Half of a sentence", cut_off=True)))
    await run.run()
    chat = ChatViewModel()
    chat.apply(run.log)
    texts = [entry for entry in chat.entries if isinstance(entry, TextEntry)]
    assert texts
    assert all(entry.is_cut_off and not entry.is_streaming for entry in texts)


async def test_a_call_whose_arguments_were_still_arriving_when_the_run_ended_is_marked_as_cut_off() -> None:
    log = list((await finished_run()).log)
    last = next(place for place, event in enumerate(log) if isinstance(event, ResponseDelta) and event.tool == "look")
    chat = ChatViewModel()
    chat.apply(log[: last + 1])
    assert [entry.caption for entry in chat.entries if isinstance(entry, CallEntry)] == ["arguments are arriving"]
    chat.apply([log[-1]])
    assert [entry.caption for entry in chat.entries if isinstance(entry, CallEntry)] == ["cut off, not run"]
    assert [entry.state for entry in chat.entries if isinstance(entry, HeadEntry)] == ["stopped"]


async def test_twenty_thousand_pieces_in_one_batch_touch_an_entry_once() -> None:
    log = list((await finished_run()).log)
    place = next(index for index, event in enumerate(log) if isinstance(event, ResponseDelta) and event.type == "text")
    piece = log[place]
    chat = ChatViewModel()
    chat.apply(log[: place + 1])
    changes: list[int] = []
    chat.changed.connect(changes.append)
    many: list[RunEvent] = [piece] * 20_000
    chat.apply(many)
    assert len(changes) == 1


async def test_tokens_nobody_counted_are_not_shown_as_none() -> None:
    chat = ChatViewModel()
    chat.apply((await finished_run()).log)
    told = [figure for entry in chat.entries if isinstance(entry, HeadEntry | NoticeEntry) for figure in entry.figures]
    assert told
    assert not any("token" in figure for figure in told)


async def test_an_injected_failure_and_an_edited_call_carry_no_plain_tick() -> None:
    asked = [says("", calls=(call("look", at=at),)) for at in ("a", "c", "d")]
    run = ScriptedRun(
        script(*asked, says("Done.")),
        tools=(LOOK,),
        bodies=BODIES,
        policy=ASK_ALL,
        approver=Answers(
            Decision("mock", by="person", result_text="overloaded", is_error=True),
            Decision("edit", by="person", arguments_json='{"at": "b"}'),
            Decision("approve", by="person"),
        ),
    )
    await run.run("Look.")
    chat = ChatViewModel()
    chat.apply(list(run.log))
    cards = [entry for entry in chat.entries if isinstance(entry, CallEntry)]
    assert [card.tone for card in cards] == ["error", "warn", "ok"]
    assert "injected error" in cards[0].caption
    assert "arguments edited" in cards[1].caption
    assert "edited" not in cards[2].caption
