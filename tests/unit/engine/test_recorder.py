"""The recorder: numbers and times without gaps, whichever way a fact comes in."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.event import NoteAdded, ResponseDelta
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


class SetClock(BackwardClock):
    """A clock that is set by hand."""

    at = 100.0

    def now(self) -> float:
        return self.at


def recorder_and_clock() -> tuple[Recorder, SetClock]:
    clock = SetClock()
    return Recorder(RunId("r"), EventLog(), clock), clock


def deltas(recorder: Recorder) -> list[ResponseDelta]:
    return [event for event in recorder.log if isinstance(event, ResponseDelta)]


def test_the_first_piece_is_recorded_at_once_and_further_ones_once_a_frame() -> None:
    recorder, clock = recorder_and_clock()
    for number in range(1000):
        clock.at = 100.0 + number / 1000
        recorder.add_delta(SPAN, Delta("text", 0, f"{number} "))
    recorder.flush()
    texts = [event.text for event in deltas(recorder)]
    assert texts[0] == "0 "
    assert 30 <= len(texts) <= 32, "a second is thirty frames"
    assert "".join(texts) == "".join(f"{number} " for number in range(1000))
    assert [event.seq for event in recorder.log] == list(range(1, len(texts) + 1))


def test_each_piece_keeps_its_time_and_its_text() -> None:
    recorder, clock = recorder_and_clock()
    given = [(100.0, "a"), (100.004, "bc"), (100.01, ""), (100.02, "d")]
    for clock.at, text in given:
        recorder.add_delta(SPAN, Delta("text", 0, text))
    recorder.flush()
    pieces = [piece for event in deltas(recorder) for piece in event.pieces()]
    assert [(round(piece.at, 3), piece.text) for piece in pieces] == given
    assert all(piece.pieces() == [piece] for piece in pieces)


def test_what_is_recorded_next_comes_after_the_pieces_before_it() -> None:
    recorder, clock = recorder_and_clock()
    recorder.add_delta(SPAN, piece("a"))
    clock.at += 0.001
    recorder.add_delta(SPAN, piece("b"))
    assert recorder.has_waiting
    recorder.add(NoteAdded(**recorder.stamp(SPAN), text="n", by="test"))
    assert not recorder.has_waiting
    assert [(event.seq, type(event)) for event in recorder.log] == [
        (1, ResponseDelta),
        (2, ResponseDelta),
        (3, NoteAdded),
    ]


def test_parts_that_come_by_turns_are_an_event_each_a_frame() -> None:
    recorder, clock = recorder_and_clock()
    recorder.add_delta(SPAN, Delta("call", 0, "", "first"))
    for number in range(20):
        clock.at += 0.001
        recorder.add_delta(SPAN, Delta("arguments", number % 2, str(number)))
    recorder.flush()
    assert [(event.type, event.index, event.tool, event.text) for event in deltas(recorder)] == [
        ("call", 0, "first", ""),
        ("arguments", 0, "", "024681012141618"),
        ("arguments", 1, "", "135791113151719"),
    ]
    times = [event.at for event in recorder.log]
    assert times == sorted(times)


def test_another_attempt_does_not_join_the_pieces_of_the_one_before() -> None:
    recorder, _ = recorder_and_clock()
    for attempt in (1, 2):
        for text in "ab":
            recorder.add_delta(request_span(1, 1, attempt), Delta("text", 0, text))
    recorder.flush()
    assert [(event.span[-1], event.text) for event in deltas(recorder)] == [("1", "a"), ("1", "b"), ("2", "ab")]


def test_a_clock_that_goes_back_does_not_take_the_log_with_it() -> None:
    recorder = Recorder(RunId("r"), EventLog(), BackwardClock())
    recorder.add_delta(SPAN, piece("a"))
    recorder.add(NoteAdded(**recorder.stamp(SPAN), text="b", by="test"))
    recorder.add_delta(SPAN, piece("c"))
    recorder.flush()
    assert [event.at for event in recorder.log] == [9.0, 9.0, 9.0]


@given(st.lists(st.tuples(st.integers(0, 1), st.text(max_size=5), st.integers(0, 40)), max_size=40))
def test_pieces_put_together_are_the_pieces_that_came(given: list[tuple[int, str, int]]) -> None:
    recorder, clock = recorder_and_clock()
    for index, text, wait_ms in given:
        clock.at += wait_ms / 1000
        recorder.add_delta(SPAN, Delta("text", index, text))
    recorder.flush()
    for index in (0, 1):
        came = [piece.text for event in deltas(recorder) if event.index == index for piece in event.pieces()]
        assert came == [text for place, text, _ in given if place == index]
