"""A wait in the body of an error counts where a field names it, and never where a sentence does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.body_wait import wait_in_body
from workbench.core.json_text import JsonValue

LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=6) | st.sampled_from(["3s", "{}"])
NAMES = st.sampled_from(["retryDelay", "retry_after", "retry-after-ms", "x"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"}
EXHAUSTED = {"error": {"code": 429, "message": "Please retry in 99s.", "details": [{"@type": "Help"}, RETRY_INFO]}}


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        (EXHAUSTED, 3.5),
        ([EXHAUSTED], 3.5),
        ({"error": {"message": "m", "metadata": {"raw": json.dumps(EXHAUSTED)}}}, 3.5),
        (json.dumps(EXHAUSTED), 3.5),
        ({"details": [{"retry_delay": {"seconds": 12, "nanos": 500_000_000}}]}, 12.5),
        ({"error": {"retry_after": 20}}, 20.0),
        ({"error": {"metadata": {"headers": {"Retry-After": "7"}}}}, 7.0),
        ({"retry_after_ms": 250}, 0.25),
        ({"retryDelay": "500ms"}, 0.5),
        ({"retry_after": 0}, 0.0),
        ({"a": {"retryDelay": "2s"}, "b": {"retryDelay": "4s"}}, 4.0),
        ({"error": {"message": "Rate limit reached, please try again in 20s."}}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": -1}, None),
        ({"retry_after": True}, None),
        ({"retry_after": None}, None),
        ({"retryDelay": "-3s"}, None),
        ({"retryDelay": "3 s; drop"}, None),
        ("Retry-After: 7", None),
        ("", None),
        (None, None),
    ],
)
def test_a_field_names_the_wait(document: JsonValue, seconds: float | None) -> None:
    assert wait_in_body(document) == seconds


@given(VALUES)
def test_whatever_a_server_sends_gives_a_number_of_seconds_or_nothing(document: JsonValue) -> None:
    wait = wait_in_body(document)
    assert wait is None or 0 <= wait < float("inf")


def test_a_body_that_is_nested_beyond_all_measure_is_looked_through_as_far_as_makes_sense() -> None:
    assert wait_in_body("[" * 100_000) is None
