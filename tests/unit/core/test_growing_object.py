"""A text that stops anywhere still says which fields are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.growing_object import read_growing_object
from workbench.core.json_text import JsonObject, compact, pretty

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text(max_size=3), VALUE, max_size=4)


@given(OBJECT, st.booleans())
def test_a_whole_object_gives_every_field_and_its_end(value: JsonObject, is_pretty: bool) -> None:
    text = pretty(value) if is_pretty else compact(value)
    found = read_growing_object(text)
    assert {field.name: field.value for field in found.fields} == value
    assert found.ends == len(text)


@given(OBJECT, st.data())
def test_the_fields_of_a_cut_text_are_those_of_the_whole_one_up_to_there(
    value: JsonObject, data: st.DataObject
) -> None:
    text = compact(value)
    cut = data.draw(st.integers(0, len(text)))
    whole = [field for field in read_growing_object(text).fields if field.ends is not None]
    found = [field for field in read_growing_object(text[:cut]).fields if field.ends is not None]
    assert found == whole[: len(found)]
    # A number or a word is over only when something follows, so the last one may lag by one character.
    assert len(found) >= sum(field.ends is not None and field.ends < cut for field in whole)


@given(st.text(alphabet='{}[]",:\\a1 ', max_size=30))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    found = read_growing_object(text)
    assert all(field.begins <= len(text) for field in found.fields)


def test_a_number_is_open_until_something_follows_it() -> None:
    assert read_growing_object('{"days": 1').fields[0].ends is None
    assert read_growing_object('{"days": 12,').fields[0].value == 12


@pytest.mark.parametrize("value", ["NaN", "+1", "nul", '"\\x"', '{"a":1,"a":2}'])
def test_a_value_that_is_no_strict_json_is_marked(value: str) -> None:
    (field,) = read_growing_object(f'{{"at":{value}}}').fields
    assert not field.is_json


@pytest.mark.parametrize("text", ["", "  ", "[1]", '"a"', "{", '{"a"', '{"a":', "{1:2}"])
def test_what_has_no_field_yet_has_none(text: str) -> None:
    assert read_growing_object(text).fields == ()
