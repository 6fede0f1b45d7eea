"""Edits change what they name and leave every other character alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.json_edit import (
    copy_member,
    formatted,
    insert_item,
    move,
    remove,
    rename_key,
    set_value,
    sibling,
)
from workbench.core.json_place import parent, places, steps, walk
from workbench.core.json_text import parse_strict

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text(max_size=3), VALUE, max_size=4)
LAYOUT = st.sampled_from([{"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"separators": (",", ":")}])


def at(value, path):
    for step in steps(path):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def below(value, text):
    return [path for path, _ in walk(places(text).root) if path]


@given(OBJECT, LAYOUT, VALUE, st.data())
def test_each_edit_means_the_same_as_on_the_value(value, layout, new, data) -> None:
    text = json.dumps(value, **layout)
    added = json.loads(set_value(text, "/added", new))
    assert added == {**value, "added": new}
    assert list(added) == [*(key for key in value if key != "added"), *(["added"] if "added" not in value else [])] or (
        "added" in value
    )
    if not value:
        return
    path = data.draw(st.sampled_from(below(value, text)))
    above, last = parent(path)
    container = at(value, above)
    assert at(json.loads(set_value(text, path, new)), path) == new

    removed = at(json.loads(remove(text, path)), above)
    if isinstance(container, dict):
        assert list(removed.items()) == [(k, v) for k, v in container.items() if k != last]
        renamed = at(json.loads(rename_key(text, path, "a new key")), above)
        assert list(renamed) == ["a new key" if k == last else k for k in container]
        copied = at(json.loads(copy_member(text, path, "a new key")), above)
        assert copied["a new key"] == container[last]
        assert list(copied).index("a new key") == list(container).index(last) + 1
    else:
        assert removed == [*container[: int(last)], *container[int(last) + 1 :]]
        place = data.draw(st.integers(0, len(container)))
        grown = at(json.loads(insert_item(text, above, place, new)), above)
        assert grown == [*container[:place], new, *container[place:]]
    target = data.draw(st.integers(0, len(container) - 1))
    moved = at(json.loads(move(text, path, target)), above)
    names = list(container) if isinstance(container, dict) else list(range(len(container)))
    order = [name for name in names if str(name) != last]
    order.insert(target, last if isinstance(container, dict) else int(last))
    expected = {n: container[n] for n in order} if isinstance(container, dict) else [container[n] for n in order]
    assert list(moved.items() if isinstance(moved, dict) else moved) == list(
        expected.items() if isinstance(expected, dict) else expected
    )


@given(OBJECT, st.data())
def test_edits_keep_the_layout_of_the_house(value, data) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    edited = set_value(text, "/added", {"a": [1, {"b": 2}]})
    assert edited == json.dumps(json.loads(edited), indent=2, ensure_ascii=False)
    if value:
        path = data.draw(st.sampled_from(below(value, text)))
        for changed in (remove(text, path), set_value(text, path, [1, {"x": []}])):
            assert changed == json.dumps(json.loads(changed), indent=2, ensure_ascii=False)


def test_what_is_not_edited_keeps_its_characters() -> None:
    text = '{ "n": 1.0e2,\n\t"u": "\\u00e9" , "list": [ 1,2 ],\n\n"empty" : { } }\n'
    assert set_value(text, "/list/1", 3) == text.replace("1,2", "1,3")
    assert rename_key(text, "/u", "v") == text.replace('"u"', '"v"')
    assert remove(text, "/list/0") == text.replace("1,2", "2")
    assert move(text, "/list/0", 1) == text.replace("1,2", "2,1")


def test_a_new_key_goes_where_the_order_wants_it() -> None:
    order = ("title", "type", "description", "enum")
    text = '{\n  "type": "string",\n  "enum": []\n}'
    assert list(json.loads(set_value(text, "/description", "x", order=order))) == ["type", "description", "enum"]
    assert list(json.loads(set_value(text, "/title", "x", order=order))) == ["title", "type", "enum"]
    assert list(json.loads(set_value(text, "/other", "x", order=order))) == ["type", "enum", "other"]


def test_missing_objects_are_made_on_the_way() -> None:
    assert set_value('{\n  "a": 1\n}', "/b/c/d", True) == (
        '{\n  "a": 1,\n  "b": {\n    "c": {\n      "d": true\n    }\n  }\n}'
    )
    assert set_value('{"a":1}', "/b/c", 2) == '{"a":1,"b":{"c":2}}'


def test_what_cannot_be_edited_is_refused() -> None:
    text = '{"a": 1, "b": 2}'
    for refused in (
        lambda: rename_key(text, "/a", "b"),
        lambda: copy_member(text, "/a", "b"),
        lambda: remove(text, "/c"),
        lambda: insert_item(text, "/a", 0, 1),
        lambda: set_value(text, "/a/b", 1),
        lambda: move(text, "", 0),
    ):
        with pytest.raises(KeyError):
            refused()


def test_formatting_keeps_the_meaning_and_the_order() -> None:
    assert formatted('{"b":1,"a":"é"}') == '{\n  "b": 1,\n  "a": "é"\n}\n'
    assert parse_strict(formatted('{"b":[]}')) == {"b": []}
    assert sibling("/a/b", "c") == "/a/c"
