"""Words, not letters; and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.word_diff import Piece, changed_words, word_diff

TEXT = st.text(alphabet="ab c.\né", max_size=40)


@given(TEXT, TEXT)
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


def test_a_changed_word_is_one_piece_out_and_one_in() -> None:
    pieces = word_diff("Get the weather in one city.", "Get the forecast in one city.")
    assert pieces == (
        Piece("same", "Get the "),
        Piece("removed", "weather"),
        Piece("added", "forecast"),
        Piece("same", " in one city."),
    )
    assert changed_words(pieces) == (1, 1)


def test_a_rewritten_phrase_stays_together() -> None:
    pieces = word_diff("use one city", "use many towns")
    assert pieces == (Piece("same", "use "), Piece("removed", "one city"), Piece("added", "many towns"))


def test_a_huge_text_is_compared_by_lines_or_as_a_whole() -> None:
    lines = "".join(f"line {number} of many words in a row\n" for number in range(900))
    pieces = word_diff(lines, lines.replace("line 7 ", "row 7 "))
    assert [piece.kind for piece in pieces] == ["same", "removed", "added", "same"]
    assert pieces[1].text == "line 7 of many words in a row\n"
    short_lines = "a\n" * 4_000
    assert [piece.kind for piece in word_diff(short_lines, short_lines + "b")] == ["removed", "added"]
    assert word_diff(short_lines, short_lines) == (Piece("same", short_lines),)
