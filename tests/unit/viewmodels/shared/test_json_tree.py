"""JSON as a tree: rows are made when somebody unfolds them, and nothing is changed on the way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.search_query import folded
from workbench.viewmodels.shared.json_find import JsonFind, found_rows
from workbench.viewmodels.shared.json_node import JsonNode, read_json
from workbench.viewmodels.shared.json_row import path_text, row_pieces
from workbench.viewmodels.shared.json_tree import UNFOLDED_ROWS, JsonTree, value_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)
ORDERS = '{"orders": [{"unit price": 1.50, "to": "Ana"}, {"to": "Anatol"}], "total": 18446744073709551615}'


def shown(node: JsonNode, *, is_open: bool = False, has_lines: bool = False) -> str:
    return "".join(text for text, _ in row_pieces(node, is_open=is_open, has_lines=has_lines))


def tree_of(text: str, rows: int = 100) -> JsonTree:
    tree = JsonTree(rows)
    tree.show(text)
    return tree


def everything(nodes: list[JsonNode]) -> list[JsonNode]:
    return [found for node in nodes for found in (node, *everything(node.children))]


def look_through(find: JsonFind, words: str) -> None:
    find.look_for_words(words)
    while find.is_looking:
        find.go_on()


@given(VALUES)
def test_copying_the_value_of_any_row_gives_that_value(value: object) -> None:
    root = read_json(json.dumps(value))
    assert root is not None
    for node in everything([root]):
        held = value
        for name in node.path:
            held = held[name]  # type: ignore[index]
        copied = value_text(node)
        assert copied == held if isinstance(held, str) else json.loads(copied) == held


@pytest.mark.parametrize("text", ["", "plain words", "{", '{"a": 1, "a": 2}', "[NaN]", '"\\ud800"', "-", '{"a": [1,}'])
def test_what_is_no_strict_json_is_no_tree(text: str) -> None:
    assert read_json(text) is None


def test_numbers_stand_as_they_were_written() -> None:
    tree = tree_of(ORDERS)
    price = tree.way_to(("orders", 0, "unit price"))[-1]
    assert shown(price) == '"unit price": 1.50'
    assert path_text(price) == '$.orders[0]["unit price"]'


def test_integers_beyond_64_bits_are_shown_as_text() -> None:
    assert tree_of('{"a": 123456789012345678901234567890}').root is None


def test_lines_of_json_are_one_list() -> None:
    root = read_json('{"kind": "a"}\n{"kind": "b"}\n')
    assert root is not None
    assert [shown(node) for node in root.children] == ['0: {"kind": "a"}', '1: {"kind": "b"}']


def test_a_long_list_and_a_long_text_come_in_parts_and_nothing_is_left_out() -> None:
    text = "word " * 150_000
    root = read_json(json.dumps({"list": list(range(120_000)), "text": text}))
    assert root is not None
    numbers, words = root.children
    assert all(len(node.children) <= 300 for node in everything([root]))
    assert [shown(node) for node in numbers.children[:2]] == ["[0 … 9,999]", "[10,000 … 19,999]"]
    leaves = [node for node in everything([numbers]) if node.kind == "number"]
    assert [shown(node) for node in leaves] == [f"{number}: {number}" for number in range(120_000)]
    pieces = [node.source() for node in everything([words]) if node.kind == "text"]
    assert "".join(pieces) == text
    assert value_text(words) == text
    assert value_text(words.children[0]) == text[: len(value_text(words.children[0]))]
    assert value_text(numbers.children[1].children[0]).splitlines() == [str(number) for number in range(10_000, 10_100)]


def test_rows_are_unfolded_from_the_top_as_far_as_there_is_room_and_stay_as_the_person_left_them() -> None:
    tree = tree_of('{"a": {"b": {"c": [1, 2, 3]}}, "d": [4]}', rows=5)
    assert [node.path for node in tree.open_nodes()] == [("a",), ("d",), ("a", "b")]
    tree.fold(tree.way_to(("a",))[-1], is_open=False)
    tree.show('{"a": {"b": 1}, "d": []}')
    assert [node.path for node in tree.open_nodes()] == []
    tree.fold_all(is_open=True)
    assert [node.path for node in tree.open_nodes()] == [("a",)]
    tree.show(json.dumps([[0] * 100] * 100))
    assert sum(len(node.children) for node in tree.open_nodes()) <= UNFOLDED_ROWS


def test_finding_goes_in_the_order_of_the_rows_and_to_pieces_of_long_texts() -> None:
    tree = tree_of(json.dumps({"Raven": ["a raven, a RAVEN", {"x": "hay " * 2000 + "raven"}], "n": 1}))
    find = JsonFind(tree)
    look_through(find, "raven")
    assert [(place.path, place.nth) for place in find.places] == [
        (("Raven",), 0), (("Raven", 0), 0), (("Raven", 0), 1), (("Raven", 1, "x"), 0)
    ]  # fmt: skip
    assert find.count_words == "1 of 4"
    find.step(-1)
    assert find.current is not None
    way = tree.way_to(find.current.path, find.current.piece)
    assert way[-1].source().endswith("raven")
    look_through(find, "nowhere")
    assert find.count_words == "No results"


@given(VALUES, st.text(min_size=1, max_size=3))
def test_what_is_found_is_what_the_rows_say(value: object, words: str) -> None:
    tree = tree_of(json.dumps(value))
    find = JsonFind(tree)
    look_through(find, words)
    assert tree.root is not None
    assert len(find.places) == sum(folded(row).count(folded(words)) for row in found_rows(tree.root))


def test_a_large_value_is_read_when_it_is_unfolded() -> None:
    inner = ", ".join(f'{{"id": {number}}}' for number in range(100_000))
    tree = tree_of(f'{{"big": [{inner}], "small": 1}}')
    assert [node.path for node in tree.open_nodes()] == []
    big = tree.tops[0]
    assert shown(big).startswith('"big": [{"id": 0}, {"id": 1}')
    assert big._raws is None
    assert [shown(node) for node in big.children[0].children[:1]] == ["[0 … 99]"]
    assert read_json(f"[{inner}, NaN]") is None
