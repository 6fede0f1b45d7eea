"""Where a growing text may be cut."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.markdown_cut import last_cut


def test_the_cut_is_after_the_last_blank_line() -> None:
    text = "one\n\ntwo\n\nthree"
    assert text[last_cut(text) :] == "three"


def test_a_blank_line_inside_a_fence_is_no_cut() -> None:
    text = "before\n\n```python\na = 1\n\nb = 2\n"
    assert text[last_cut(text) :] == "```python\na = 1\n\nb = 2\n"


def test_a_closed_fence_can_be_left_behind() -> None:
    text = "```\na\n\nb\n```\n\nafter"
    assert text[last_cut(text) :] == "after"


def test_a_shorter_fence_does_not_close_a_longer_one() -> None:
    text = "````\n```\n\nstill code\n"
    assert last_cut(text) == 0


@given(st.lists(st.sampled_from(["a", "\n", "```\n", "~~~\n", "\n\n", "- x\n"]), max_size=40))
def test_cutting_while_it_grows_ends_where_one_look_at_the_whole_ends(pieces: list[str]) -> None:
    text, cut = "", 0
    for piece in pieces:
        text += piece
        cut = last_cut(text, cut)
    assert cut == last_cut(text)
