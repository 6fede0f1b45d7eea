"""A condition on an argument: written in words, read back, and judged, also where it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.condition import (
    BARE,
    LISTED,
    NOTHING_FOUND,
    OPERATORS,
    BadCondition,
    Condition,
    patterns_in,
    read_condition,
)
from workbench.core.json_text import JsonObject

CALL: JsonObject = {
    "amount": 100,
    "when": "2026-11-30",
    "at": "2026-11-30T09:30:00Z",
    "to": "ana@example.com",
    "tags": ["a", "b"],
    "none": None,
    "on": True,
    "filter": {"user": "ana"},
    "a b": 1,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("amount >= 100", True),
        ("amount>100", False),
        ("amount < 100.5", True),
        ("amount = 100.0", True),
        ("amount != 100", False),
        ("amount in [1, 100]", True),
        ("amount not in [1, 100]", False),
        ('when < "2026-12-01"', True),
        ('when >= "2026-12-01"', False),
        ('at <= "2026-11-30"', True),
        ('at > "2026-11-30T09:00:00Z"', True),
        ('at > "2026-11-30T11:00:00+02:00"', True),
        ('to contains "@example"', True),
        ('to like "*@EXAMPLE.com"', False),
        ('to like "*@example.com"', True),
        ('tags contains "b"', True),
        ('tags any in ["b", "c"]', True),
        ('tags all in ["b", "c"]', False),
        ('tags all in ["a", "b", "c"]', True),
        ("none is given", False),
        ("gone is not given", True),
        ("gone > 1", False),
        ("gone != 1", True),
        ("none not in [1]", True),
        ("none = null", True),
        ("on = 1", False),
        ('/filter/user = "ana"', True),
        ('"a b" = 1', True),
    ],
)
def test_a_condition_is_read_and_judged(text: str, holds: bool) -> None:
    condition = read_condition(text)
    for unsure in (False, True):
        assert condition.holds(CALL, NOTHING_FOUND, unsure=unsure) is holds
    assert read_condition(str(condition)) == condition


@pytest.mark.parametrize(
    "text",
    ["to > 5", 'amount < "2026-12-01"', 'at > "2026-11-30T09:00:00"', "on >= 0", 'to any in ["a"]', 'to matches "^a"'],
)
def test_what_cannot_be_compared_is_neither_true_nor_false(text: str) -> None:
    assert read_condition(text).holds(CALL, NOTHING_FOUND, unsure=True)
    assert not read_condition(text).holds(CALL, NOTHING_FOUND)


def test_patterns_are_judged_elsewhere_and_only_in_text() -> None:
    conditions = (read_condition('to matches "^a+"'), read_condition('amount matches "1"'))
    patterns = patterns_in(conditions, CALL)
    assert patterns == {'to matches "^a+"': ("^a+", "ana@example.com")}
    assert conditions[0].holds(CALL, {'to matches "^a+"': True})
    assert not conditions[0].holds(CALL, {'to matches "^a+"': False}, unsure=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("amount", "is not a condition"),
        ("amount is 3", "is not a condition"),
        ("to = Ana", "double quotes"),
        ("amount >=", "needs a value"),
        ("amount is given 3", "nothing can follow"),
        ('amount > "many"', "a number, or a date"),
        ("amount in 3", "needs a list"),
        ("amount in []", "needs a list"),
        ("to like 3", "double quotes"),
        ('to matches "("', "pattern"),
        ('"" = 3', "name"),
        ("amount === 3", "is not a condition"),
    ],
)
def test_a_text_that_is_none_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(BadCondition, match=words):
        read_condition(text)


NAMES = st.text(min_size=1, max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(NAMES, st.sampled_from(OPERATORS), VALUES, VALUES)
def test_every_usable_condition_is_read_back_and_judged_without_an_error(
    name: str, operator: str, value: object, given_value: object
) -> None:
    if operator in BARE:
        value = None
    elif operator in LISTED:
        value = [value]
    condition = Condition(name, operator, value)  # type: ignore[arg-type]
    if condition.fault:
        return
    assert read_condition(str(condition)) == condition
    condition.holds({name: given_value}, NOTHING_FOUND)  # type: ignore[dict-item]
