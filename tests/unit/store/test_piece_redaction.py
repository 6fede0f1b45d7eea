"""A key that is streamed in pieces leaves in no piece."""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.history_file import everything_in, reader_of
from workbench.core.event import NoteAdded, ResponseDelta, RunEvent
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.store.piece_redaction import PieceRedactor
from workbench.store.redaction import Redactor
from workbench.store.writer import Writer

KEY = "canary-a0h1o2v3c4j5q6x7e8l9s0"
RUN = RunId("r")


def piece(
    seq: int, text: str, *, run: str = RUN, type_: Literal["text", "arguments"] = "text", index: int = 0
) -> ResponseDelta:
    return ResponseDelta(run_id=RunId(run), seq=seq, at=1.0, span=ROOT_SPAN, type=type_, index=index, text=text)


def end(seq: int, run: str = RUN) -> NoteAdded:
    return NoteAdded(run_id=RunId(run), seq=seq, at=1.0, span=ROOT_SPAN, text="n", by="test")


def knowing(*keys: str) -> Redactor:
    redactor = Redactor()
    for key in keys or (KEY,):
        redactor.add(key)
    return redactor


def through(events: list[RunEvent], redactor: Redactor | None = None) -> list[RunEvent]:
    """The events as they come out, each redacted by itself as well."""
    redactor = redactor or knowing()
    pieces = PieceRedactor(redactor)
    taken = [one for event in events for one in pieces.take(event)]
    return [redactor.event(one) for one in (*taken, *pieces.rest())]


def words(events: list[RunEvent], index: int = 0) -> str:
    return "".join(event.text for event in events if isinstance(event, ResponseDelta) and event.index == index)


def streamed(*texts: str) -> list[RunEvent]:
    return [*(piece(number, text) for number, text in enumerate(texts, 1)), end(len(texts) + 1)]


def test_a_key_in_pieces_is_replaced_and_the_text_around_it_stays() -> None:
    out = through(streamed("before ", KEY[:9], KEY[9:16], KEY[16:], " after"))
    assert [event.seq for event in out] == [1, 2, 3, 4, 5, 6]
    assert [event.text for event in out if isinstance(event, ResponseDelta)] == [
        "before ",
        "[key …l9s0]",
        "",
        "",
        " after",
    ]


@given(st.data())
def test_a_key_is_found_however_the_text_is_cut_and_nothing_else_changes(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([KEY, "canary", "c", "can", "s0", " and ", "ü", KEY[:12]]), max_size=8))
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    texts = [text[start:stop] for start, stop in pairwise([0, *cuts, len(text)])]
    out = through(streamed(*texts))
    assert words(out) == knowing().text(text)
    assert [event.seq for event in out] == list(range(1, len(texts) + 2))


def test_a_key_is_found_in_letters_one_by_one_in_several_streams_and_runs_at_once() -> None:
    events: list[RunEvent] = []
    for number, letter in enumerate(KEY):
        events += [
            piece(3 * number + 1, letter),
            piece(3 * number + 2, letter, type_="arguments", index=1),
            piece(number + 1, letter, run="other"),
        ]
    out = through([*events, end(99), end(98, "other")])
    assert words(out) == "[key …l9s0][key …l9s0]"
    assert words(out, index=1) == "[key …l9s0]"


def test_a_key_in_a_spelling_of_its_own_is_found_in_pieces() -> None:
    out = through(streamed('{"at":"', KEY.encode().hex()[:9], KEY.encode().hex()[9:], '"}'))
    assert words(out) == '{"at":"[key …l9s0]"}'


def test_a_stream_that_ends_inside_a_key_shows_less_than_half_of_it() -> None:
    assert words(through(streamed("it is ", *KEY[:20]))) == "it is [key …l9s0]"
    assert words(through(streamed("it is ", *KEY[:9]))) == f"it is {KEY[:9]}"


def test_pieces_wait_no_longer_than_they_could_be_the_beginning_of_a_key() -> None:
    pieces = PieceRedactor(knowing())
    assert pieces.take(piece(1, "a c")) == []
    assert [event.seq for event in pieces.take(piece(2, "alm day"))] == [1, 2]
    assert pieces.take(piece(3, "a c")) == []
    assert [event.seq for event in pieces.take(end(4))] == [3, 4]
    assert pieces.rest() == []


def test_a_stream_that_has_stopped_growing_does_not_hold_up_the_others_for_good() -> None:
    pieces = PieceRedactor(knowing())
    assert pieces.take(piece(1, "c")) == []
    later = [pieces.take(piece(seq, "word", type_="arguments", index=1)) for seq in range(2, 1000)]
    assert max(map(len, later)) < 300
    assert [event.seq for events in later for event in events] == list(range(1, 1000))


def test_the_history_holds_no_key_that_came_in_pieces(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "runs.sqlite", knowing(), "me")
    for event in streamed("before ", KEY[:9], KEY[9:16], KEY[16:], " after"):
        writer.append(event)
    writer.append(piece(7, "and again c"))
    writer.close()
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection:
        assert words([*reader_of(connection).of_run(RUN)]) == "before [key …l9s0] afterand again c"
    assert KEY.encode() not in everything_in(tmp_path / "runs.sqlite")


@pytest.mark.parametrize("key", ["x", "EMPTY", "ollama"])
def test_a_word_that_is_no_secret_holds_nothing_up(key: str) -> None:
    pieces = PieceRedactor(knowing(key))
    assert [event.seq for event in pieces.take(piece(1, key[:1]))] == [1]
