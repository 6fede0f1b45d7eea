"""The child processes that a piece of code starts."""

import asyncio
from typing import Any

import pytest

from workbench.engine.child_process import spawn


def watch_spawn(monkeypatch: pytest.MonkeyPatch, place: str) -> list[asyncio.subprocess.Process]:
    """The processes that the name `place` of `spawn` starts from now on; the list grows."""
    started: list[asyncio.subprocess.Process] = []

    async def watched(*command: str, **options: Any) -> asyncio.subprocess.Process:
        started.append(await spawn(*command, **options))
        return started[-1]

    monkeypatch.setattr(place, watched)
    return started
