"""Stored runs, run again: with no socket, no tool and no person in reach."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from tests.support.runs import Answers, Bodies, Body, DirectChecker, MemoryGate, PushedClock
from workbench.app.replay.forked_run import ForkedRun
from workbench.app.routing.project_router import ProjectRouter
from workbench.core.approval import ALLOW_ALL, Policy
from workbench.core.event import RunEvent, RunFinished, ToolCallSettled, decode_event, encode_event
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.trace import Trace, fold
from workbench.core.variant import Variant, apply_variant
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.ports import Approver, Provider
from workbench.engine.setup import RunSetup
from workbench.providers.registry import thinking_of
from workbench.providers.scripted import Script, ScriptedAdapter
from workbench.replay.fork import ChosenAnswer, make_fork
from workbench.replay.fork_point import parse_point
from workbench.replay.fork_tools import ForkTools
from workbench.replay.recording import Recording
from workbench.replay.rerun import Rerun, rerun
from workbench.replay.setup_offer import offer_of, with_offer
from workbench.replay.thinking import KeepThinking

FORK_ID = RunId("run-2")


@contextmanager
def no_sockets() -> Iterator[None]:
    """Nothing in here can make a socket, not even to this machine."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("something wanted a socket")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


def stored(events: Iterable[RunEvent]) -> tuple[RunEvent, ...]:
    """The events as they come back from a file."""
    return tuple(decode_event(encode_event(event)) for event in events)


async def rerun_of(events: Iterable[RunEvent], encoder: Provider | None = None) -> Rerun:
    """The rerun of a run that was made over a script, whose answers are no longer there."""
    with no_sockets():
        return await rerun(stored(events), encoder=encoder or ScriptedAdapter(Script(())), checker=DirectChecker())


class ForkOfRun:
    """A fork in memory, over a script that holds what the model says from the point on."""

    def __init__(
        self,
        events: Iterable[RunEvent],
        at: str,
        says: Script,
        *,
        variant: Variant | None = None,
        tools: ForkTools = "mock",
        bodies: dict[str, Body] | None = None,
        approver: Approver | None = None,
        policy: Policy = ALLOW_ALL,
        message: str | None = None,
        answer: ChosenAnswer | None = None,
        keep: KeepThinking | None = None,
        provider: Provider | None = None,
        to_wire: str = "scripted",
    ) -> None:
        recording = Recording(stored(events))
        setup = RunSetup.from_started(recording.started, policy)
        if variant is not None:
            offer = apply_variant(variant, offer_of(setup))
            setup = with_offer(setup, offer, model=variant.model or setup.model, variant=variant.name)
        self.provider = provider or ScriptedAdapter(says)
        fork = make_fork(
            recording,
            parse_point(at, recording),
            setup,
            to=thinking_of(to_wire),
            keep=keep,
            message=message,
            answer=answer,
        )
        renames = variant.renames if variant is not None else None
        self.forked = ForkedRun(fork, provider=self.provider.name, tools=tools, renames=renames)
        self.log = EventLog()
        self.bodies = Bodies(bodies or {})
        self._approver = approver or Answers()

    async def run(self) -> RunFinished:
        forked = self.forked
        clock = PushedClock()
        recorder = forked.recorder(FORK_ID, self.log, clock)
        dispatcher = Dispatcher(
            forked.setup,
            recorder,
            CallServices(
                executors=forked.executors(self.bodies),
                approver=forked.approver(self._approver, self.bodies),
                gate=MemoryGate(),
                checker=DirectChecker(),
            ),
        )
        asker = Asker(forked.setup, recorder, provider=self.provider, clock=clock, jitter=lambda: 0.0)
        router = ProjectRouter(DirectChecker())
        loop = Loop(forked.setup, recorder, provider=self.provider, asker=asker, dispatcher=dispatcher, router=router)
        return await loop.run(forked.prompts)

    @property
    def trace(self) -> Trace:
        return fold(self.log)

    @property
    def settled(self) -> list[ToolCallSettled]:
        return [event for event in self.log if isinstance(event, ToolCallSettled)]
