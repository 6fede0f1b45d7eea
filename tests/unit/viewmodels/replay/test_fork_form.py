"""A fork being prepared: what may be chosen, what it says before anything is sent."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.content import ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import UsageError
from workbench.core.event import ResponseReceived, RunEvent, RunStarted
from workbench.core.json_text import JsonObject
from workbench.core.message import WireCopy
from workbench.replay.recording import Recording
from workbench.viewmodels.replay.fork_form import ForkForm

SAYS: list[JsonObject] = [
    {"calls": [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "look", "arguments": {}}]},
    {"text": "Marked."},
]


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(make_project(tmp_path / "marks", *SAYS), folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


@pytest.fixture
async def replays(session: Session) -> AsyncIterator[Replays]:
    made = Replays(session.runs, session.providers, session.prices)
    yield made
    await made.close()


async def recorded(session: Session) -> tuple[RunEvent, ...]:
    await session.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL)).finished()
    return tuple(session.runs.load(session.runs.find("last")))


async def a_form(session: Session, replays: Replays, point: str = "round-2") -> ForkForm:
    return ForkForm(session, replays, Recording(await recorded(session)), point)


async def test_every_point_is_offered_in_words(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays)
    assert [form.point_words(point) for point in form.points] == [
        "before message 1: Mark it.",
        "before round 1: ask the model again",
        "round 1, before call 1: touch",
        "round 1, before call 2: look",
        "before round 2: ask the model again",
    ]
    assert form.title == "Fork before round 2: ask the model again"


async def test_nothing_is_changed_unless_somebody_says_so(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays)
    form.choose_variant("project")
    form.choose_model(form.recorded_model)
    form.write_instructions(form.shown_instructions)
    preview = form.preview()
    assert (preview.lines, preview.trouble, preview.notices) == ((), "", ())
    assert preview.fork is not None
    assert preview.fork.setup.variant is None


async def test_changes_by_hand_come_on_top_of_a_variant_and_are_named_so(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays)
    form.write_instructions("Be brief.")
    form.choose_tool_choice("look")
    preview = form.preview()
    assert [line.place for line in preview.lines] == ["instructions", "tool_choice"]
    assert preview.fork is not None
    assert preview.fork.setup.variant == "edited"
    form.choose_tool_choice("gone")
    assert "gone" in form.preview().trouble
    with pytest.raises(UsageError, match="gone"):
        form.launch()
    form.choose_tool_choice("")
    form.write_instructions(form.recording.started.instructions)
    assert form.preview().lines == ()


async def test_a_message_is_sent_again_only_in_front_of_one(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays, "turn-1")
    form.write_message("Mark it twice.")
    assert form.shown_message == "Mark it twice."
    form.choose_point(form.points[1])
    assert (form.message, form.shown_message) == (None, "")
    assert form.preview().trouble == ""


async def test_tools_that_are_gone_and_tools_that_nothing_runs_are_named(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays)
    (session.project.folder / "tools" / "look.json").unlink()
    toml = session.project.folder / "workbench.toml"
    toml.write_text(toml.read_text().partition("[executors.look]")[0])
    await session.reload()
    gone, unrun = form.preview().notices
    assert gone.startswith("No longer in the project: look.")
    assert unrun.startswith("Nothing runs look now")
    form.serve("mock")
    assert len(form.preview().notices) == 1
    live = form.launch()
    assert (await live.finished()).text == "Marked."


async def test_a_missing_key_is_said_before_anything_is_launched(session: Session, replays: Replays) -> None:
    form = await a_form(session, replays)
    form.choose_model("openai:gpt-5")
    assert "OPENAI_API_KEY" in form.preview().trouble
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        form.launch()
    form.choose_model("openai-chat:qwen3@http://127.0.0.1:9/v1")
    assert form.preview().trouble == ""
    assert "without a key" in form.preview().notices[0]
    form.choose_model("nobody:knows")
    assert "is not a model" in form.preview().trouble


async def test_what_another_vendor_cannot_read_is_listed(session: Session, replays: Replays) -> None:
    """The answer was Anthropic's, with sealed thinking; the script stands for another vendor."""
    first, *rest = await recorded(session)
    assert isinstance(first, RunStarted)
    events: list[RunEvent] = [first]
    for event in rest:
        if isinstance(event, ResponseReceived) and event.response.calls:
            parts = (ReasoningPart("Which tool?"), TextPart("Now:"), *event.response.parts)
            blocks = [{"type": "thinking", "thinking": "", "signature": "sealed"}]
            copy = WireCopy("anthropic_messages", json.dumps(blocks))
            event = msgspec.structs.replace(
                event, response=msgspec.structs.replace(event.response, parts=parts, wire_copy=copy)
            )
            assert any(isinstance(part, ToolCallPart) for part in parts)
        events.append(event)
    form = ForkForm(session, replays, Recording(events), "round-2")
    preview = form.preview()
    assert preview.thinking == "exact: The other provider cannot read this."
    assert preview.losses == ("message 2: thinking sealed by anthropic_messages cannot be carried over",)
    form.keep_thinking("append_only")
    assert "append_only" in form.preview().trouble


async def test_a_recording_that_cannot_be_forked_is_refused_when_it_is_opened(
    session: Session, replays: Replays
) -> None:
    events = await recorded(session)
    with pytest.raises(UsageError, match="no beginning"):
        ForkForm(session, replays, Recording(events[1:]), "round-1")
    cut = next(number for number, event in enumerate(events) if isinstance(event, ResponseReceived))
    form = ForkForm(session, replays, Recording(events[: cut + 1]), "turn-1/round-1")
    assert form.preview().trouble == ""
    with pytest.raises(UsageError, match="cannot be forked"):
        ForkForm(session, replays, Recording(events[: cut + 1]), "round-2")
