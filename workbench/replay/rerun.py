"""Rerun: the same loop over recorded answers, results and decisions. Offline, and the same every time."""

import asyncio
import time
from collections.abc import Sequence

import msgspec

from workbench.core.approval import Policy
from workbench.core.event import RunEvent
from workbench.core.handling import Handling
from workbench.core.sanitizer import IsInside
from workbench.engine.ask import Asker
from workbench.engine.loop import Loop
from workbench.engine.ports import Checker, Provider
from workbench.engine.setup import RunSetup
from workbench.replay.recorded_dispatch import RecordedDispatcher
from workbench.replay.recorded_provider import RecordedProvider
from workbench.replay.recorded_router import RecordedRouter
from workbench.replay.recording import Recording
from workbench.replay.recording_end import RecordingEnd
from workbench.replay.replay_recorder import RerunRecorder
from workbench.replay.sameness import Divergence, first_divergence


class Rerun(msgspec.Struct, frozen=True):
    """What a rerun did; `rounds` and `calls` are those that it did itself.

    `divergence` is the first difference from the recorded run, None when they are identical.
    """

    events: tuple[RunEvent, ...]
    divergence: Divergence | None
    rounds: int
    calls: int
    took_s: float

    @property
    def is_identical(self) -> bool:
        """Whether everything except times and ids is as it was."""
        return self.divergence is None


async def rerun(
    events: Sequence[RunEvent],
    *,
    encoder: Provider,
    checker: Checker,
    handling: Handling | None = None,
    is_inside: IsInside | None = None,
) -> Rerun:
    """Run a recorded run again and compare. Nothing is sent, executed, asked or stored.

    A fork is run again from where it was forked: what it inherited is its parent's, made with the parent's setup.

    `encoder` writes the requests, and does nothing else. `handling` and `is_inside` are the project's current ones:
    what it does to arguments before they are checked. Raises `UsageError` for a log that cannot be run.
    """
    recording = await asyncio.to_thread(Recording, events)
    begun = time.perf_counter()
    recorder = await _again(recording, encoder, checker, handling or Handling(), is_inside)
    took_s = time.perf_counter() - begun
    again = tuple(recorder.log)
    inherited = recording.inherited[-1].seq if recording.inherited else 0
    return Rerun(
        again,
        await asyncio.to_thread(first_divergence, recording.events, again),
        rounds=sum(current.started.seq > inherited for current in recorder.trace.rounds()),
        calls=sum(call.settled is None or call.settled.seq > inherited for call in recorder.trace.calls()),
        took_s=took_s,
    )


async def _again(
    recording: Recording, encoder: Provider, checker: Checker, handling: Handling, is_inside: IsInside | None
) -> RerunRecorder:
    end = RecordingEnd()
    recorder = RerunRecorder(recording)
    recorder.log.subscribe(end.apply)
    for event in recording.inherited:
        end.apply(event)
    timeless = msgspec.structs.replace(handling, rates={})
    setup = RunSetup.from_started(recording.started, Policy(), timeless)
    provider = RecordedProvider(recording, encoder, end)
    asker = Asker(setup, recorder, provider=provider, clock=recorder.clock, jitter=lambda: 0.0)
    dispatcher = RecordedDispatcher(setup, recorder, recording, end, checker=checker, is_inside=is_inside)
    router = RecordedRouter(recording, recorder.trace)
    loop = Loop(setup, recorder, provider=provider, asker=asker, dispatcher=dispatcher, router=router)
    await _until_the_end(loop, recording, end)
    return recorder


async def _until_the_end(loop: Loop, recording: Recording, end: RecordingEnd) -> None:
    """Run to the recorded end; where the recording breaks off, stop the run there as it was stopped then."""
    running = asyncio.create_task(loop.run(recording.own_prompts), name="rerun")
    breaking_off = asyncio.create_task(end.reached(), name="end of the recording")
    try:
        await asyncio.wait((running, breaking_off), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            running.cancel()
            await asyncio.wait((running,))
        if not running.cancelled():
            running.result()  # a bug of the workbench is raised
    finally:
        for task in (running, breaking_off):
            task.cancel()
        await asyncio.gather(running, breaking_off, return_exceptions=True)
