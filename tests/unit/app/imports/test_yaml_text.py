"""YAML is read as JSON values: bounded, without objects of a program, and words stay words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.app.imports import yaml_text
from workbench.app.imports.yaml_text import read_yaml
from workbench.core.errors import MalformedJson


def test_words_dates_and_codes_stay_what_they_are() -> None:
    text = "{no: on, date: 2026-11-30, 200: ok, n: 012, hex: 0x1F, f: 1.5e3, t: true, z: ~, s: '1', many: [a, 2],"
    text += " big: 18446744073709552000}"
    assert read_yaml(text) == {
        "no": "on",
        "date": "2026-11-30",
        "200": "ok",
        "n": 12,
        "hex": 31,
        "f": 1500.0,
        "t": True,
        "z": None,
        "s": "1",
        "big": 18446744073709552000.0,
        "many": ["a", 2],
    }


def test_aliases_and_merged_keys_are_expanded() -> None:
    text = "base: &base {a: 1, b: 2}\nlist: [*base, *base]\nown:\n  <<: *base\n  b: 3\n"
    assert read_yaml(text) == {
        "base": {"a": 1, "b": 2},
        "list": [{"a": 1, "b": 2}] * 2,
        "own": {"a": 1, "b": 3},
    }


def test_an_alias_bomb_is_counted_before_it_is_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(MalformedJson, match=f"more than {yaml_text.MAX_NODES:,} values") as raised:
        read_yaml("\n".join(lines))
    assert raised.value.line == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2", "'a' appears twice"),
        ("a: &a [*a]", "nothing that is complete before it"),
        ("a: !!python/object/apply:os.system [ls]", "the tag"),
        ("? [1, 2]\n: x", "a key must be a string"),
        ("a: .inf", "not a JSON number"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("a: [1, 2", "expected"),
        ("[" * 300 + "]" * 300, "nested deeper"),
    ],
)
def test_what_json_cannot_hold_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(MalformedJson, match=words) as raised:
        read_yaml(text)
    assert raised.value.line > 0


TEXT = st.text(st.characters(max_codepoint=0xD7FF, exclude_categories=["Cc"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc -", min_size=1), inner, max_size=4),
)


@given(JSON)
def test_json_is_yaml_of_the_same_meaning(value: object) -> None:
    assert read_yaml(json.dumps(value)) == value
