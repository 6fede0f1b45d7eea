"""Differences name their place, and applying them would give the new value."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.json_difference import Difference, differences
from workbench.core.json_text import compact

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(VALUE, VALUE)
def test_nothing_differs_exactly_when_the_texts_are_equal(old, new) -> None:
    assert (differences(old, new) == ()) == (compact(old) == compact(new))
    assert differences(old, old) == ()


def test_each_kind_names_its_place() -> None:
    old = {"name": "a", "gone": 1, "enum": ["x", "y"], "keep": {"deep": 1}}
    new = {"name": "b", "enum": ["x", "z", "y"], "keep": {"deep": 1.5}, "more": None}
    assert differences(old, new) == (
        Difference("changed", "/name", "a", "b"),
        Difference("added", "/enum/1", None, "z"),
        Difference("changed", "/keep/deep", 1, 1.5),
        Difference("added", "/more", None, None),
        Difference("removed", "/gone", 1, None),
    )


def test_the_order_of_keys_counts() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == (Difference("reordered", "", ["a", "b"], ["b", "a"]),)


def test_one_and_true_are_not_the_same() -> None:
    assert differences([1], [True]) == (Difference("changed", "/0", 1, True),)


def test_a_very_long_list_is_one_difference() -> None:
    old, new = list(range(900)), list(range(901))
    assert differences(old, new) == (Difference("changed", "", old, new),)
