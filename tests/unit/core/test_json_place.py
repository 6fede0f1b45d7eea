"""Every value has a place, and every fault has the right one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import MalformedJson
from workbench.core.json_place import parent, places, steps, walk
from workbench.core.json_text import parse_strict
from workbench.core.problem import pointer

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
TEXT = """{
  "name": "get_weather",
  "inputSchema": {
    "properties": {"a/b": {"type": "string"}, "m~n": [1, 2.5, null]}
  }
}
"""


@given(JSON, st.sampled_from([None, 1, 4]))
def test_the_span_of_every_value_reads_as_that_value(value, indent) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    found = places(text)
    assert found.root is not None
    for path, node in walk(found.root):
        here = value
        for step in steps(path):
            here = here[int(step)] if isinstance(here, list) else here[step]
        assert json.loads(text[node.start : node.end]) == here
        if node.key_start >= 0:
            assert json.loads(text[node.key_start : node.key_end]) == node.key


@given(
    st.text(alphabet='{}[]",:tru-01.e\\u \n', max_size=30)
    | JSON.map(json.dumps).flatmap(
        lambda text: st.integers(0, max(0, len(text) - 1)).map(lambda cut: text[:cut] + text[cut + 1 :])
    )
)
def test_it_finds_fault_exactly_where_the_strict_reader_does(text) -> None:
    found = places(text)
    try:
        parse_strict(text)
    except MalformedJson:
        assert found.faults
    else:
        assert found.faults == ()
    assert all(0 <= fault.start < fault.end <= len(text) + 1 for fault in found.faults)


def test_pointers_lead_to_places_and_back() -> None:
    found = places(TEXT)
    for path in ("", "/name", "/inputSchema/properties/a~1b/type", "/inputSchema/properties/m~0n/1"):
        node = found.node(path)
        assert node is not None
        assert found.pointer_at(node.start) == path or node.kind == "object"
    assert found.node("/inputSchema/nothing") is None
    nearest = found.nearest("/inputSchema/properties/nothing/at/all")
    assert nearest is found.node("/inputSchema/properties")
    assert found.line_column(TEXT.index('"inputSchema"')) == (3, 3)
    assert parent("/a/b~1c") == ("/a", "b/c")
    assert steps(pointer(["a/b", "m~n", 0])) == ("a/b", "m~n", "0")


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"a": 1,}', 1, 8, "one too many"),
        ('{\n  "a": 1\n  "b": 2\n}', 2, 8, "comma is missing"),
        ("{'a': 1}", 1, 2, "double quotes"),
        ('{"a": True}', 1, 7, "write true"),
        ('{"a": NaN}', 1, 7, "not JSON"),
        ('{"a" 1}', 1, 2, '":"'),
        ('{"a": }', 1, 7, "value is missing"),
        ('{"a": "x\n}', 1, 7, "does not end on its line"),
        ('{"a": "\\x"}', 1, 8, "escape"),
        ('{"a": [1, 2', 1, 7, "never closed"),
        ('{"a": 1}\nmore', 2, 1, "ends before"),
        ('{"a": 1, // note\n"b": 2}', 1, 10, "not allow comments"),
        ('{"a": 1, "a": 2}', 1, 10, "twice"),
        ('{"a": 18446744073709551616}', 1, 7, "64 bits"),
        ('{"a": 1e999}', 1, 7, "too large"),
        ('{"a": 01}', 1, 7, "not a JSON value"),
        ('{"a": "\\ud800"}', 1, 7, "surrogate"),
        ("[" * 70, 1, 65, "deeper"),
        ("", 1, 1, "nothing here"),
    ],
)
def test_a_fault_says_what_and_where(text: str, line: int, column: int, words: str) -> None:
    found = places(text)
    assert words in found.faults[0].message
    assert found.line_column(found.faults[0].start) == (line, column)
