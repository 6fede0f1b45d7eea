"""A JSON text as a tree: which rows are unfolded, and what is copied of a row."""

from collections.abc import Iterator

import msgspec

from workbench.core.signal import Signal
from workbench.viewmodels.shared.json_node import JsonNode, JsonPath, indented, read_json

_FORMATTED_BYTES = 2_000_000
"""Longer values are copied as they are written, and those of half that size are not unfolded unasked."""
UNFOLDED_ROWS = 2_000
"""How many rows “Unfold all” shows at most."""


class JsonTree:
    """The rows of one text after the other. What the person folds stays folded when the next text has the same row."""

    def __init__(self, rows: int) -> None:
        """`rows` are as many as are unfolded at first."""
        self.text = ""
        self.root: JsonNode | None = None
        """The value; None when the text is no JSON."""
        self.changed: Signal[[]] = Signal()
        """There is another text, or other rows are unfolded."""
        self._first_rows = rows
        self._is_open: dict[JsonPath, bool] = {}
        """What the person did."""

    def show(self, text: str) -> None:
        """Take this text."""
        if text != self.text:
            self.text = text
            self.root = read_json(text)
            self.changed.emit()

    @property
    def tops(self) -> list[JsonNode]:
        """The rows at the top: what is in the value, or the value when nothing is in it."""
        if self.root is None:
            return []
        return self.root.children if self.root.can_open else [self.root]

    @property
    def indented(self) -> str:
        """The text in lines for people; lines of JSON and very long texts as they are."""
        is_one = self.root is not None and self.root.source() == self.text.strip()
        return indented(self.text) if is_one else self.text

    def open_nodes(self) -> Iterator[JsonNode]:
        """The rows that are unfolded, each after the one above it."""
        left = self._first_rows - len(self.tops)
        waiting = list(self.tops)
        while waiting:
            deeper: list[JsonNode] = []
            for node in waiting:
                wanted = self._is_open.get(node.path) if node.kind != "part" else None
                if wanted is False or not node.can_open:
                    continue
                is_quiet = (
                    node.kind in ("string", "part") or node.size > _FORMATTED_BYTES // 2 or len(node.children) > left
                )
                if wanted or (wanted is None and not is_quiet):
                    left -= len(node.children)
                    yield node
                    deeper += node.children
            waiting = deeper

    def fold(self, node: JsonNode, *, is_open: bool) -> None:
        """The person unfolded this row, or folded it."""
        if node.kind != "part":
            self._is_open[node.path] = is_open

    def fold_all(self, *, is_open: bool) -> None:
        """Fold every row; or unfold as many as can be looked at."""
        self._is_open.clear()
        self._first_rows = UNFOLDED_ROWS if is_open else 0
        self.changed.emit()

    def way_to(self, path: JsonPath, piece: int = 0) -> list[JsonNode]:
        """The rows from the top to the one at `path`, ranges included; of a long string, to that piece of it."""
        node, way = self.root, []
        if node is None:
            return []
        for step in path:
            way += _down(node, node.place_of(step))
            node = way[-1]
        if node.kind == "string" and node.can_open:
            way += _down(node, piece)
        return way or [node]


def value_text(node: JsonNode) -> str:
    """What copying a row gives: a string's own text, and anything else as JSON."""
    if node.kind == "string":
        return node.string
    if node.kind == "part":
        held = [node.unit(place) for place in range(*node.span)]
        return ("" if held[0].kind == "text" else "\n").join(unit.source() for unit in held)
    if node.kind in ("object", "array") and node.size <= _FORMATTED_BYTES:
        return msgspec.json.format(node.source(), indent=2)
    return node.source()


def _down(node: JsonNode, place: int) -> list[JsonNode]:
    """The rows from below `node` to its unit of that number."""
    passed = [node.child_for(place)]
    while passed[-1].kind == "part":
        passed.append(passed[-1].child_for(place))
    return passed
