"""A growing text in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.conversation.markdown_pieces import FENCE_LINES, LIST_LINES, MarkdownPieces, whole_in_pieces


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


def test_a_long_list_is_cut_between_items_and_nested_ones_stay_with_theirs() -> None:
    text = "".join(f"- item {number}\n  - inner\n" for number in range(2 * LIST_LINES))
    pieces = whole_in_pieces(text)
    assert "".join(pieces) == text
    assert len(pieces) == 4
    assert all(piece.startswith("- item") and piece.count("\n") <= LIST_LINES for piece in pieces)


def test_items_of_a_numbered_list_keep_their_number_in_the_whole() -> None:
    pieces = whole_in_pieces("1. item\n" * (LIST_LINES + 2) + "\n1. late\n\nwords\n\n7. another list\n")
    assert pieces[1].startswith(f"{LIST_LINES + 1}. item\n")
    assert pieces[2:] == [f"{LIST_LINES + 3}. late\n\n", "words\n\n", "7. another list\n"]


def test_a_number_at_the_beginning_of_a_line_of_prose_is_no_item() -> None:
    text = "It was in\n1986. Then came\n" + "1987. And so on\n" * 2 * LIST_LINES
    assert whole_in_pieces(text) == [text]


def test_code_between_two_numbered_lists_keeps_them_apart() -> None:
    assert whole_in_pieces("1. a\n2. b\n```\nx\n```\n5. c\n")[-1] == "5. c\n"


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
        st.sampled_from(
            ["a", "\n", "```\n", "~~~\n", "\n\n", "- x\n" * 5, "  y\n", "````", "1. z\n", "1. z\n" * 9, " "]
        ),
        max_size=60,
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
