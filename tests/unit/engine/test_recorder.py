"""The recorder: numbers and times without gaps, whichever way a fact comes in."""

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.exchange import Delta
from workbench.core.ids import RunId, request_span
from workbench.core.log import EventLog
from workbench.engine.recorder import Recorder

SPAN = request_span(1, 1, 1)


class BackwardClock:
    """A clock that was set back after each look."""

    def __init__(self) -> None:
        self._now = 10.0

    def now(self) -> float:
        self._now -= 1.0
        return self._now

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits here")


def piece(text: str) -> Delta:
    return Delta("call", 3, text, "look")


def test_a_streamed_piece_is_recorded_like_any_other_event() -> None:
    short, long = (Recorder(RunId("r"), EventLog(), BackwardClock()) for _ in range(2))
    for text in ("a", "b"):
        short.add_delta(SPAN, piece(text))
        long.add(ResponseDelta(**long.stamp(SPAN), type="call", index=3, text=text, tool="look"))
    assert list(short.log) == list(long.log)
    assert [event.seq for event in short.log] == [1, 2]


def test_pieces_and_other_events_share_one_line_of_time() -> None:
    recorder = Recorder(RunId("r"), EventLog(), BackwardClock())
    heard: list[RunEvent] = []
    recorder.log.subscribe(heard.append)
    recorder.add_delta(SPAN, piece("a"))
    recorder.add(ResponseDelta(**recorder.stamp(SPAN), type="text", index=0, text="b"))
    recorder.add_delta(SPAN, piece("c"))
    assert [event.seq for event in heard] == [1, 2, 3]
    assert [event.at for event in heard] == [9.0, 9.0, 9.0]
