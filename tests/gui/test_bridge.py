"""The door between the log and the view-models."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from tests.support.window import until
from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.core.log import EventLog
from workbench.gui.bridge import LogBridge

Run = Callable[[Coroutine[Any, Any, None]], None]


def delta(seq: int) -> ResponseDelta:
    return ResponseDelta(
        run_id=RunId("r"), seq=seq, at=1.0, span=SpanPath("turn-1"), type="text", index=0, text=f"{seq} "
    )


def test_a_burst_arrives_whole_in_order_and_in_few_batches(run_on_qt: Run) -> None:
    async def scenario() -> None:
        log = EventLog([delta(1)])
        batches: list[list[RunEvent]] = []
        bridge = LogBridge(log, batches.append)
        for seq in range(2, 5_001):
            log.append(delta(seq))
        await until(lambda: sum(map(len, batches)) == 5_000)
        assert [event.seq for batch in batches for event in batch] == list(range(1, 5_001))
        assert len(batches) <= 3
        bridge.close()

    run_on_qt(scenario())


def test_closing_hands_over_the_rest_and_then_hears_nothing(run_on_qt: Run) -> None:
    async def scenario() -> None:
        log = EventLog()
        heard: list[RunEvent] = []
        bridge = LogBridge(log, heard.extend)
        log.append(delta(1))
        log.append(delta(2))
        bridge.close()
        log.append(delta(3))
        await asyncio.sleep(0)
        assert [event.seq for event in heard] == [1, 2]

    run_on_qt(scenario())
