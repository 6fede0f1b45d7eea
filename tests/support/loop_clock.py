"""The clock of the test's event loop, moved by the test."""

import asyncio

import pytest


class LoopClock:
    """Hours pass at once: every timer of the loop that is due by then goes off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._late_s = 0.0
        loop = asyncio.get_running_loop()
        now = loop.time
        monkeypatch.setattr(loop, "time", lambda: now() + self._late_s)

    async def push(self, seconds: float) -> None:
        """Let so much time pass."""
        self._late_s += seconds
        for _ in range(3):
            await asyncio.sleep(0)
