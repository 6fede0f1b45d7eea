"""The door between the log and the view-models."""

import asyncio

from pytestqt.exceptions import capture_exceptions

from tests.support.window import until
from workbench.core.event import LimitReached, ResponseDelta, RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.core.log import EventLog
from workbench.gui.kit.bridge import LogBridge


def delta(seq: int) -> ResponseDelta:
    return ResponseDelta(
        run_id=RunId("r"), seq=seq, at=1.0, span=SpanPath("turn-1"), type="text", index=0, text=f"{seq} "
    )


def fact(seq: int) -> LimitReached:
    return LimitReached(run_id=RunId("r"), seq=seq, at=1.0, span=SpanPath(""), limit="rounds", value=1.0)


async def test_a_burst_arrives_whole_in_order_and_in_few_batches() -> None:
    log = EventLog([delta(1)])
    batches: list[list[RunEvent]] = []
    bridge = LogBridge(log, batches.append)
    for seq in range(2, 5_001):
        log.append(delta(seq))
    await until(lambda: sum(map(len, batches)) == 5_000)
    assert [event.seq for batch in batches for event in batch] == list(range(1, 5_001))
    assert len(batches) <= 3
    bridge.close()


async def test_closing_hands_over_the_rest_and_then_hears_nothing() -> None:
    log = EventLog()
    heard: list[RunEvent] = []
    bridge = LogBridge(log, heard.extend)
    log.append(delta(1))
    log.append(delta(2))
    bridge.close()
    log.append(delta(3))
    await asyncio.sleep(0)
    assert [event.seq for event in heard] == [1, 2]


async def test_facts_come_in_small_parts_so_that_the_window_gets_its_turn_between() -> None:
    log = EventLog()
    batches: list[list[RunEvent]] = []
    bridge = LogBridge(log, batches.append)
    for seq in range(1, 101):
        log.append(fact(seq))
    await until(lambda: sum(map(len, batches)) == 100)
    assert [event.seq for batch in batches for event in batch] == list(range(1, 101))
    assert max(map(len, batches)) < 20
    bridge.close()


async def test_what_nobody_sees_waits_longer_and_comes_whole_when_asked_for() -> None:
    seen, unseen = EventLog(), EventLog()
    heard: dict[str, list[RunEvent]] = {"seen": [], "unseen": []}
    bridges = [
        LogBridge(seen, heard["seen"].extend),
        LogBridge(unseen, heard["unseen"].extend, is_seen=lambda: False),
    ]
    for log in (seen, unseen):
        log.append(delta(1))
    await until(lambda: all(heard.values()))  # the first thing is handed over at once
    for log in (seen, unseen):
        log.append(delta(2))
    await until(lambda: len(heard["seen"]) == 2)
    assert len(heard["unseen"]) == 1
    bridges[1].flush()
    assert len(heard["unseen"]) == 2
    unseen.append(delta(3))
    unseen.append(fact(4))
    for seq in range(3, 10):
        seen.append(delta(seq))
        await until(lambda: len(heard["seen"]) == len(seen))
    assert len(heard["unseen"]) == 4  # a fact does not wait, and takes along what came before it
    for bridge in bridges:
        bridge.close()


async def test_a_view_that_fails_once_hears_what_comes_after() -> None:
    log = EventLog()
    heard: list[RunEvent] = []

    def take(events: list[RunEvent]) -> None:
        heard.extend(events)
        if len(heard) == 1:
            raise ValueError

    bridge = LogBridge(log, take)
    with capture_exceptions() as failures:
        log.append(delta(1))
        await until(lambda: len(heard) == 1)
        log.append(delta(2))
        await until(lambda: len(heard) == 2)
    assert [kind for kind, _, _ in failures] == [ValueError]
    bridge.close()
