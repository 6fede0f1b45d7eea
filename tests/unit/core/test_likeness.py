"""How alike texts are, without asking a model to choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.similarity import VectorScale, WordScale, map_of_vectors, map_of_words

NAMES = ("track", "details", "refund")
TEXTS = ("Find out where an order is.", "Get the items of an order.", "Pay money for an order back.")


def test_a_text_is_wholly_like_itself_and_not_at_all_like_one_without_a_shared_word() -> None:
    scale = WordScale(TEXTS)
    assert scale.similarity(TEXTS[0], TEXTS[0]) == pytest.approx(1.0)
    assert scale.similarity(TEXTS[0], "Boots, waterproof") == 0.0
    assert scale.similarity("", "") == 0.0


def test_a_word_that_every_text_has_counts_less_than_one_that_few_have() -> None:
    scale = WordScale(TEXTS)
    assert scale.similarity("items", TEXTS[1]) > scale.similarity("order", TEXTS[1])


def test_the_map_names_the_nearest_text_and_the_closest_pair() -> None:
    found = map_of_words(NAMES, TEXTS, "Where is my order?")
    assert found.nearest[0][0] == "track"
    assert len(found.closest_pairs) == 3
    assert found.pair("track", "refund") == found.pair("refund", "track")
    assert map_of_words(NAMES, TEXTS).nearest == ()


def test_vectors_are_compared_less_what_all_of_them_share() -> None:
    vectors = [(10.0, 1.0, 0.0), (10.0, 0.0, 1.0), (10.0, 0.0, -1.0)]
    found = map_of_vectors(NAMES, vectors, (10.0, 2.0, 0.0))
    assert found.nearest[0][0] == "track"
    assert found.pair("details", "refund") < 0 < VectorScale([]).similarity(vectors[1], vectors[2])


def test_with_two_vectors_nothing_is_taken_away() -> None:
    assert map_of_vectors(("a", "b"), [(1.0, 0.0), (1.0, 1.0)]).pair("a", "b") == pytest.approx(0.7071, abs=1e-4)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.text(max_size=30))
def test_every_value_lies_between_0_and_1_and_pairs_are_symmetrical(texts: list[str], request: str) -> None:
    found = map_of_words([str(number) for number in range(len(texts))], texts, request)
    assert all(0.0 <= value <= 1.0 for row in (*found.pairs, found.request) for value in row)
    assert found.pairs == tuple(zip(*found.pairs, strict=True))
