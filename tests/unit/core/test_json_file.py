"""JSON of other programs: comments and trailing commas are blanks, and what is in texts stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import MalformedJson
from workbench.core.json_file import read_json_file, without_comments

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("/*,]}\"\\\n' ab", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('/*,"', max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("// a\n{} // b", {}),
        ("/* a\n */ [1, /* 2, */ 3,\n // 4\n]", [1, 3]),
        ('{"a": "http://x/*y*/", "b": ",]",}', {"a": "http://x/*y*/", "b": ",]"}),
        (r'{"a": "\\", /* "b" */ "c": "\"//",}', {"a": "\\", "c": '"//'}),
        ("{} /* never ends", {}),
    ],
)
def test_comments_and_trailing_commas_are_blanks(text: str, value: object) -> None:
    assert read_json_file(text.encode()) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    assert read_json_file('{"a": "ö"}'.encode(encoding)) == {"a": "ö"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1, column 1"),
        (b'{"a" 1}', "line 1"),
        (b"[1,,]", "line 1"),
        (b"\xff\xff", "not text"),
        (b'{"a": 1, "a": 2}', "twice|duplicate|more than once"),
        (b"// only a comment", "line 1"),
        (b"{\n  // a\n  b: 1\n}", "line 3"),
    ],
)
def test_what_is_no_json_is_said_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(MalformedJson, match=words):
        read_json_file(content)


@given(VALUES, st.sampled_from([None, 1]))
def test_json_without_comments_stays_as_it_is(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert without_comments(text) == text
