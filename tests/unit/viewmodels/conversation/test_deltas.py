"""Thousands of deltas become a handful."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.event import ResponseDelta, RunEvent, TurnStarted
from workbench.core.ids import RunId, SpanPath
from workbench.core.message import UserMessage
from workbench.viewmodels.conversation.deltas import joined

RUN = RunId("r")


def delta(index: int, text: str) -> ResponseDelta:
    return ResponseDelta(run_id=RUN, seq=1, at=1.0, span=SpanPath("turn-1"), type="text", index=index, text=text)


def test_neighboring_pieces_of_one_part_become_one() -> None:
    batch = joined([delta(0, "a"), delta(0, "b"), delta(1, "c"), delta(0, "d")])
    assert [(event.index, event.text) for event in batch if isinstance(event, ResponseDelta)] == [
        (0, "ab"),
        (1, "c"),
        (0, "d"),
    ]


def test_facts_between_pieces_keep_their_place() -> None:
    turn = TurnStarted(run_id=RUN, seq=2, at=1.0, span=SpanPath("turn-1"), turn=1, message=UserMessage("x"))
    batch: list[RunEvent] = [delta(0, "a"), turn, delta(0, "b")]
    assert joined(batch) == batch


@given(st.lists(st.tuples(st.integers(0, 2), st.text(max_size=3))))
def test_joining_loses_and_moves_nothing(pieces: list[tuple[int, str]]) -> None:
    result = [(e.index, e.text) for e in joined([delta(*piece) for piece in pieces]) if isinstance(e, ResponseDelta)]
    expected = [(index, "".join(text for _, text in run)) for index, run in groupby(pieces, key=lambda piece: piece[0])]
    assert result == expected
