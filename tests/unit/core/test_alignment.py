"""Putting sequences side by side."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.alignment import align


def cost(one: str, other: str) -> float:
    return 0.0 if one == other else 0.5 if one.lower() == other.lower() else 3.0


def test_an_insertion_moves_what_follows_and_changes_nothing_else() -> None:
    assert align("abc", "axbc", cost) == [(0, 0), (None, 1), (1, 2), (2, 3)]
    assert align("abc", "ac", cost) == [(0, 0), (1, None), (2, 1)]
    assert align("ab", "aB", cost) == [(0, 0), (1, 1)]
    assert align("a", "x", cost) == [(0, None), (None, 0)]


@given(st.text("abAB", max_size=12), st.text("abAB", max_size=12))
def test_every_item_is_in_exactly_one_row_and_in_order(one: str, other: str) -> None:
    pairs = align(one, other, cost)
    assert [place for place, _ in pairs if place is not None] == list(range(len(one)))
    assert [place for _, place in pairs if place is not None] == list(range(len(other)))


@given(st.text("abAB", max_size=12))
def test_a_sequence_lies_straight_beside_itself(one: str) -> None:
    assert align(one, one, cost) == [(place, place) for place in range(len(one))]
