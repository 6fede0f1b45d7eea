"""The recorder and the store without anything else: streamed pieces and events as fast as they can be made."""

import sqlite3
import time
from pathlib import Path

from benchmark.programs.cost import order, report
from workbench.app.clock import SystemClock
from workbench.core.event import ResponseDelta, encode_event, kind_of
from workbench.core.exchange import Delta
from workbench.core.ids import RunId, SpanPath
from workbench.core.log import EventLog
from workbench.engine.recorder import Recorder
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

_SPAN = SpanPath("turn-1/round-1/request-1")
_BATCH = 1000
_WORDS = [f"word{number} " for number in range(97)]


def taken_in(folder: Path, count: int) -> float:
    """Seconds on this thread to record `count` streamed pieces, the store busy beside it."""
    store = RunStore(folder, Redactor())
    log = EventLog()
    recorder = Recorder(RunId("bench"), log, SystemClock())
    store.follow(log)
    own = time.thread_time()
    for number in range(count):
        recorder.add_delta(_SPAN, Delta("text", 0, _WORDS[number % len(_WORDS)]))
    recorder.flush()
    own = time.thread_time() - own
    store.close()
    assert sum(len(event.pieces()) for event in log if isinstance(event, ResponseDelta)) == count
    return own


def ready_made(count: int) -> list[ResponseDelta]:
    """So many events, a piece each."""
    begun = time.time()
    return [
        ResponseDelta(
            run_id=RunId("bench"),
            seq=number,
            at=begun + number / 1000,
            span=_SPAN,
            type="text",
            index=0,
            text=_WORDS[number % len(_WORDS)],
        )
        for number in range(1, count + 1)
    ]


def handed_over(folder: Path, events: list[ResponseDelta]) -> tuple[float, float]:
    """Seconds on this thread to hand events to the store, and seconds until the last one was on disk."""
    store = RunStore(folder, Redactor())
    log = EventLog()
    store.follow(log)
    begun, own = time.perf_counter(), time.thread_time()
    for event in events:
        log.append(event)
    own = time.thread_time() - own
    store.flush()
    whole = time.perf_counter() - begun
    store.close()
    return own, whole


def by_hand(folder: Path, events: list[ResponseDelta]) -> float:
    """The floor: the same rows encoded and written in batches, on one thread, by nothing but `sqlite3`."""
    connection = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE events (run_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL,"
        " line BLOB NOT NULL, PRIMARY KEY (run_id, seq)) STRICT, WITHOUT ROWID"
    )
    begun = time.perf_counter()
    for first in range(0, len(events), _BATCH):
        rows = [(e.run_id, e.seq, kind_of(e), e.at, encode_event(e)) for e in events[first : first + _BATCH]]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    whole = time.perf_counter() - begun
    connection.close()
    return whole


def main() -> None:
    """Measure as ordered."""
    told = order()
    folders = [Path(told["folder"]) / name for name in ("warm", "taken in", "handed over")]
    taken_in(folders[0], 2000)
    count = told["events"]
    own = taken_in(folders[1], count)
    events = ready_made(count)
    hand_over, whole = handed_over(folders[2], events)
    floor = by_hand(Path(told["folder"]), events)
    report(
        own_us=own / count * 1e6, hand_over_us=hand_over / count * 1e6, per_s=count / whole, floor_per_s=count / floor
    )


if __name__ == "__main__":
    main()
