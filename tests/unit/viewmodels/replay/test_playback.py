"""Going anywhere in a playback, as fast as one likes: what is shown is what the run was up to there."""

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.app.clock import SystemClock
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.event import RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.replay.playback import Playback
from workbench.viewmodels.replay.playback import PlaybackViewModel

LOOK = Tool.make("look", "Look.", schema("at", at=TEXT))
ROUNDS = 40


class Reader:
    """Takes what the view-model opens, at once, as a bridge would a little later."""

    def __init__(self, playback: PlaybackViewModel) -> None:
        self._conversation = playback.conversation
        self._forget = lambda: None
        playback.conversation.log_opened.connect(self._follow)
        self._follow(playback.conversation.tail)

    def _follow(self, log: EventLog) -> None:
        self._forget()
        self._forget = log.subscribe(lambda event: self._conversation.apply([event]))


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(make_project(tmp_path / "marks"), folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


async def a_run() -> list[RunEvent]:
    rounds = [calls(call("look", at=str(number))) for number in range(ROUNDS)]
    run = ScriptedRun(
        script(*rounds, says("Seen.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: "seen"},
        limits=RunLimits(rounds=ROUNDS + 1),
    )
    await run.run("Look.")
    return list(run.log)


def calls_in(events: list[RunEvent]) -> int:
    return len({event.span for event in events if "call-" in event.span})


async def arrived(playback: PlaybackViewModel) -> None:
    for _ in range(200):
        await asyncio.sleep(0)
        shown = list(playback.conversation.events_of(RunId("run-1")))
        rows = sum(row.kind == "call" for row in playback.conversation.trace.rows)
        if len(shown) == playback.playback.shown and rows == calls_in(shown):
            return
    raise AssertionError("it does not arrive")


async def ended(playback: PlaybackViewModel) -> None:
    for _ in range(2_000):
        if playback.is_at_end:
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not end")


async def test_wherever_one_goes_the_run_is_shown_as_it_was_there(session: Session) -> None:
    events = await a_run()
    playback = PlaybackViewModel(session, RunId("run-1"), Playback(events, SystemClock(), is_paused=True))
    Reader(playback)
    playing = asyncio.create_task(playback.play())
    try:
        for place in (3, len(events), 200, 199, 10, 240, 0, 65, len(events) + 7):
            playback.seek(place)
            await arrived(playback)
            shown = list(playback.conversation.events_of(RunId("run-1")))
            assert shown == events[: min(place, len(events))]
        playback.seek(5)
        playback.seek(len(events))
        playback.seek(7)
        await arrived(playback)
        assert list(playback.conversation.events_of(RunId("run-1"))) == events[:7]
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def test_it_plays_to_the_end_and_again_from_the_beginning(session: Session) -> None:
    events = await a_run()
    playback = PlaybackViewModel(session, RunId("run-1"), Playback(events, SystemClock(), speed=math.inf))
    Reader(playback)
    playing = asyncio.create_task(playback.play())
    try:
        await ended(playback)
        await arrived(playback)
        assert playback.words.startswith(f"event {len(events)} of {len(events)}")
        playback.toggle()
        assert playback.playback.shown == 0
        await ended(playback)
        await arrived(playback)
        assert list(playback.conversation.events_of(RunId("run-1"))) == events
        assert not playback.is_playing
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def test_a_span_is_found_and_what_is_not_there_leaves_everything_as_it_is(session: Session) -> None:
    events = await a_run()
    playback = PlaybackViewModel(session, RunId("run-1"), Playback(events, SystemClock(), is_paused=True))
    playback.seek_span(SpanPath("turn-1/round-7"))
    assert events[playback.playback.shown].span == "turn-1/round-7"
    playback.seek_span(SpanPath("turn-9"))
    assert events[playback.playback.shown].span == "turn-1/round-7"


async def test_nothing_can_be_said_resumed_or_decided_in_a_playback(session: Session) -> None:
    events = await a_run()
    playback = PlaybackViewModel(session, RunId("run-1"), Playback(events[:-1], SystemClock(), is_paused=True))
    conversation = playback.conversation
    conversation.composer.write("Something.")
    assert not conversation.send()
    assert not conversation.resume()
    assert not conversation.is_interrupted
    assert not conversation.holds(RunId("run-1"))
    assert session.runs.live == {}
