"""A stored run shown again."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.runs import HandClock, PushedClock, ScriptedRun, settle_down
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.core.errors import UsageError
from workbench.core.event import NoteAdded, RunEvent, kind_of
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.tool import Tool
from workbench.core.trace import fold
from workbench.replay.playback import Playback, schedule

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))


def note(seq: int, at: float) -> RunEvent:
    return NoteAdded(run_id=RunId("r"), seq=seq, at=at, span=ROOT_SPAN, text=str(seq), by="test")


async def a_run() -> ScriptedRun:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo")), says("Cold.")),
        tools=(WEATHER,),
        bodies={"get_weather": lambda arguments: "3"},
    )
    await run.run()
    return run


async def test_playback_shows_every_event_in_order_and_runs_nothing() -> None:
    run = await a_run()
    ran = list(run.bodies.ran)
    shown = [event async for event in Playback(run.log, PushedClock())]
    assert shown == list(run.log)
    assert run.bodies.ran == ran


async def test_playback_keeps_the_recorded_time() -> None:
    clock = PushedClock()
    events = [note(1, 10.0), note(2, 10.5), note(3, 10.5), note(4, 12.0)]
    assert [event.seq async for event in Playback(events, clock, speed=2.0)] == [1, 2, 3, 4]
    assert clock.slept == [0.25, 0.75]


def test_a_long_pause_is_cut_short() -> None:
    beats = schedule([note(1, 0.0), note(2, 3_600.0)], longest_wait_s=3.0)
    assert [beat.wait_s for beat in beats] == [0.0, 3.0]


def test_a_speed_that_stands_still_is_refused() -> None:
    with pytest.raises(UsageError, match="not possible"):
        schedule([], speed=0.0)


@given(st.lists(st.floats(0, 1e9), max_size=20), st.floats(0.01, 100))
def test_no_event_is_due_before_the_one_before_it_whatever_the_times_say(times: list[float], speed: float) -> None:
    beats = schedule([note(seq, at) for seq, at in enumerate(times, 1)], speed=speed, longest_wait_s=None)
    assert all(beat.wait_s >= 0 for beat in beats)
    assert [beat.event.seq for beat in beats] == list(range(1, len(times) + 1))


async def test_a_paused_playback_goes_step_by_step_and_then_on_by_itself() -> None:
    run = await a_run()
    playback = Playback(run.log, PushedClock(), is_paused=True)
    shown: list[RunEvent] = []

    async def watch() -> None:
        async for event in playback:
            shown.append(event)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    assert shown == []
    playback.step()
    playback.step()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [kind_of(event) for event in shown] == ["run.started", "turn.started"]
    playback.resume()
    await watching
    assert len(shown) == len(run.log) == len(playback)


async def test_a_pause_holds_from_the_next_event_on() -> None:
    run = await a_run()
    playback = Playback(run.log, PushedClock())
    shown = []
    async for event in playback:
        shown.append(event)
        if len(shown) == 3:
            playback.pause()
            playback.step()
        if len(shown) == 4:
            break
    assert playback.is_paused
    assert playback.shown == 4


async def test_the_durable_events_that_are_shown_fold_to_the_stored_trace() -> None:
    run = await a_run()
    shown = fold([event async for event in Playback(run.log, PushedClock())])
    assert shown.finished == run.trace.finished
    assert [call.settled for call in shown.calls()] == [call.settled for call in run.trace.calls()]


async def test_the_speed_can_change_in_the_middle_of_a_pause() -> None:
    clock = HandClock()
    playback = Playback([note(1, 0.0), note(2, 3.0)], clock)
    shown: list[RunEvent] = []

    async def watch() -> None:
        async for event in playback:
            shown.append(event)

    watching = asyncio.create_task(watch())
    await settle_down()
    assert len(shown) == 1
    playback.set_speed(math.inf)
    await watching
    assert len(shown) == 2
    with pytest.raises(UsageError, match="not possible"):
        playback.set_speed(0.0)


async def test_it_goes_on_from_wherever_one_went() -> None:
    events = [note(seq, float(seq)) for seq in range(1, 6)]
    playback = Playback(events, PushedClock(), is_paused=True)
    assert (playback.length_s, playback.shown_s) == (4.0, 0.0)
    playback.seek(3)
    assert playback.shown_s == 2.0
    playback.resume()
    assert [event.seq async for event in playback] == [4, 5]
    playback.seek(-7)
    assert playback.shown == 0
    assert [event.seq async for event in playback] == [1, 2, 3, 4, 5]
    playback.seek(99)
    assert playback.shown == len(playback)
