"""Stored runs, run again: with no socket, no tool and no person in reach."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from tests.support.runs import DirectChecker
from workbench.core.event import RunEvent, decode_event, encode_event
from workbench.engine.ports import Provider
from workbench.providers.scripted import Script, ScriptedAdapter
from workbench.replay.rerun import Rerun, rerun


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
