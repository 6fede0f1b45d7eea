"""The estimate is near enough to compare two wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.token_estimate import _DATA, estimated_tokens


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("Get the current weather in one city.", 7, 9),
        ('{"type":"string","description":"City name, such as Tokyo"}', 12, 20),
        ("天気を調べる", 5, 8),
        ("1234567890", 3, 5),
        ("internationalization", 2, 5),
    ],
)
def test_usual_texts_come_near_to_what_tokenizers_say(text: str, least: int, most: int) -> None:
    assert least <= estimated_tokens(text) <= most


@given(st.text(max_size=60), st.text(max_size=60))
def test_more_text_is_never_much_fewer_tokens(one: str, other: str) -> None:
    assert estimated_tokens(one + other) >= max(estimated_tokens(one), estimated_tokens(other)) - 1
    assert (estimated_tokens(one) == 0) == (one == "")


def test_a_huge_text_is_estimated_from_its_beginning() -> None:
    assert estimated_tokens("word " * 200_000) == pytest.approx(200_000, rel=0.02)


def test_a_picture_in_a_request_counts_as_one_and_not_as_its_letters() -> None:
    small, large = ('{"text":"Look.","data":"' + "QUJD" * size + '"}' for size in (2_000, 500_000))
    assert estimated_tokens(small) == estimated_tokens(large) < 2_000


def test_a_long_run_of_letters_is_read_once_and_not_again_from_each_letter_in_it() -> None:
    run = "A" * 5_000
    assert _DATA.match(f" {run}", 1)
    assert not any(_DATA.match(run, at) for at in range(1, len(run)))
