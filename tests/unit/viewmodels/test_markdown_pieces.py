"""A growing text in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.markdown_pieces import FENCE_LINES, MarkdownPieces, whole_in_pieces


def test_paragraphs_are_pieces_as_soon_as_the_next_one_begins() -> None:
    cutter = MarkdownPieces()
    assert cutter.take("one\n\n") == []
    assert cutter.take("one\n\ntwo") == ["one\n\n"]
    assert cutter.tail("one\n\ntwo") == "two"


def test_what_is_indented_stays_with_what_is_above_it() -> None:
    assert whole_in_pieces("- one\n\n  more\n\n- two\n") == ["- one\n\n  more\n\n", "- two\n"]


def test_a_code_fence_is_a_piece_of_its_own_blank_lines_included() -> None:
    text = "before\n```python\na = 1\n\nb = 2\n```\nafter"
    assert whole_in_pieces(text) == ["before\n", "```python\na = 1\n\nb = 2\n```\n", "after"]


def test_an_open_fence_can_be_rendered_for_now() -> None:
    cutter = MarkdownPieces()
    text = "before\n\n```python\na = 1\n\nb ="
    assert cutter.take(text) == ["before\n\n"]
    assert cutter.tail(text) == "```python\na = 1\n\nb ="


def test_a_long_fence_is_cut_between_lines_and_every_piece_is_code() -> None:
    code = "".join(f"line {number}\n" for number in range(3 * FENCE_LINES + 1))
    pieces = whole_in_pieces(f"~~~py\n{code}~~~\n")
    assert len(pieces) == 4
    assert all(piece.startswith("~~~py\n") and piece.endswith("\n~~~\n") for piece in pieces)
    assert "".join(piece.removeprefix("~~~py\n").removesuffix("~~~\n") for piece in pieces) == code


def test_a_shorter_fence_does_not_close_a_longer_one() -> None:
    cutter = MarkdownPieces()
    text = "````\n```\n\nstill code\n"
    assert cutter.take(text) == []
    assert cutter.tail(text).endswith("still code\n")


def test_a_fence_inside_a_list_holds_the_list_together() -> None:
    text = "- one\n\n  ```\nx\n\ny\n  ```\n\nafter\n"
    assert whole_in_pieces(text) == ["- one\n\n  ```\nx\n\ny\n  ```\n\n", "after\n"]


@given(
    st.lists(
        st.sampled_from(["a", "\n", "```\n", "~~~\n", "\n\n", "- x\n", "  y\n", "````", "1. z\n", " "]), max_size=60
    )
)
def test_pieces_of_a_growing_text_are_those_of_the_whole(steps: list[str]) -> None:
    text, pieces, cutter = "", [], MarkdownPieces()
    for step in steps:
        text += step
        pieces += cutter.take(text)
        assert cutter.done <= len(text)
    rest = cutter.tail(text)
    assert ([*pieces, rest] if rest.strip() else pieces) == whole_in_pieces(text)
