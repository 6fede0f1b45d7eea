"""Checking recorded calls on a separate loop and thread, which start on first use."""

import asyncio
import time
from collections.abc import Collection, Mapping

from workbench.app.costs.prices import Prices
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.recorded_calls.recorded_call_check import OnProgress, RecordedCallCheck, RecordedCallReport
from workbench.app.runs.runs import Runs
from workbench.core.tool import Toolset

_TELL_S = 0.05


class BackgroundCheck:
    """One per window. Close it before the session."""

    def __init__(self, runs: Runs, prices: Prices) -> None:
        self._runs = runs
        self._prices = prices
        self._background = BackgroundLoop()
        self._judge: RecordedCallCheck | None = None

    async def judge(
        self,
        toolset: Toolset,
        *,
        renames: Mapping[str, str] | None = None,
        tools: Collection[str] | None = None,
        on_progress: OnProgress = lambda done, total: None,
    ) -> RecordedCallReport:
        """See `RecordedCallCheck.judge`; `on_progress` is called on the caller's loop. Canceling ends the work."""
        if self._judge is None:
            self._judge = RecordedCallCheck(self._runs, self._prices)
        judge, reports = self._judge, list[RecordedCallReport]()
        tell = _Teller(asyncio.get_running_loop(), on_progress)

        async def work() -> None:
            reports.append(await judge.judge(toolset, renames=renames, tools=tools, on_progress=tell))

        await self._background.run(work())
        return reports[0]

    async def close(self) -> None:
        """End the work in progress, the checker's process, and the thread."""
        judge, self._judge = self._judge, None
        if judge is not None:
            await self._background.run(judge.close())
        await self._background.close()


class _Teller:
    """Reports progress to another loop, a few times a second."""

    def __init__(self, target: asyncio.AbstractEventLoop, on_progress: OnProgress) -> None:
        self._target = target
        self._told = on_progress
        self._next_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next_at:
            self._next_at = now + _TELL_S
            self._target.call_soon_threadsafe(self._told, done, total)
