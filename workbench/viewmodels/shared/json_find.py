"""Finding in a JSON tree: in the text itself, a slice at a time, so that no rows are made for what is not gone to."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.core.search_query import folded
from workbench.core.signal import Signal
from workbench.viewmodels.shared.json_node import JsonNode, JsonPath
from workbench.viewmodels.shared.json_row import found_text
from workbench.viewmodels.shared.json_tree import JsonTree
from workbench.viewmodels.shared.plain import visible

Spans = Callable[[str], list[tuple[int, int]]]
"""Where a text holds what is looked for."""
MOST_PLACES = 10_000
_SLICE_S = 0.008
_DEEPEST = 200
_WHOLE_BYTES = 64_000
"""Values of less than this are looked through as text first, many together: most hold nothing of what is wanted."""
_TOGETHER = 100


@dataclass(frozen=True)
class JsonPlace:
    """The `nth` time (from 0) that the row at `path`, or a `piece` of its long string, says it."""

    path: JsonPath
    piece: int
    nth: int


class JsonFind:
    """The places in one tree. The one who shows it calls `go_on` as long as `is_looking`."""

    def __init__(self, tree: JsonTree) -> None:
        self.places: list[JsonPlace] = []
        self.at = -1
        self.is_looking = False
        self.spans: Spans | None = None
        self.changed: Signal[[]] = Signal()
        self._tree = tree
        self._work: Iterator[JsonPlace] = iter(())

    @property
    def current(self) -> JsonPlace | None:
        """The place that is shown."""
        return self.places[self.at] if 0 <= self.at < len(self.places) else None

    @property
    def count_words(self) -> str:
        """`3 of 41`; with a plus while there may be more."""
        if self.spans is None:
            return ""
        if not self.places:
            return "Looking…" if self.is_looking else "No results"
        more = "+" if self.is_looking or len(self.places) >= MOST_PLACES else ""
        return f"{self.at + 1:,} of {len(self.places):,}{more}"

    def look_for_words(self, words: str) -> None:
        """Look for these words as they stand, in small letters or capitals; for nothing when there are none."""
        wanted = folded(words)
        self.look_for((lambda text: _spans(folded(text), wanted)) if words else None)

    def look_for(self, spans: Spans | None, at: int = 0) -> None:
        """Begin again; the place with the number `at` is the current one as soon as it is found."""
        self.spans, self.places, self.at = spans, [], at
        root = self._tree.root
        self.is_looking = spans is not None and root is not None
        self._work = _places(root, (), spans) if spans is not None and root is not None else iter(())
        self.go_on()

    def go_on(self, budget_s: float = _SLICE_S) -> None:
        """Look through some more."""
        begun = time.monotonic()
        for found in self._work:
            if found.nth >= 0:
                self.places.append(found)
            if len(self.places) >= MOST_PLACES:
                break
            if time.monotonic() - begun > budget_s:
                self.changed.emit()
                return
        self.is_looking = False
        self.at = min(self.at, len(self.places) - 1)
        self.changed.emit()

    def step(self, by: int) -> None:
        """To the next place (1) or the one before (-1), wrapping around."""
        if self.places:
            self.at = (max(self.at, 0) + by) % len(self.places)
            self.changed.emit()


def found_rows(root: JsonNode) -> Iterator[str]:
    """What is looked through, row by row, in the order of the places."""
    yield found_text(root)
    if root.can_open:
        for place in range(len(root.raws)):
            yield from found_rows(root.unit(place))


def _places(node: JsonNode, path: JsonPath, spans: Spans) -> Iterator[JsonPlace]:
    """The places in a value; now and then one with `nth` -1, which is none, to give others their turn."""
    is_piece = node.kind == "text"
    for nth in range(len(spans(found_text(node)))):
        yield JsonPlace(path[:-1] if is_piece else path, int(path[-1]) if is_piece else 0, nth)
    if len(path) > _DEEPEST or not node.can_open:
        return
    for first in range(0, len(node.raws), _TOGETHER):
        units = [node.unit(place) for place in range(first, min(first + _TOGETHER, len(node.raws)))]
        yield JsonPlace(path, 0, -1)
        if not _may_hold(units, spans):
            continue
        for unit in units:
            assert unit.name is not None
            if len(units) == 1 or _may_hold([unit], spans):
                yield from _places(unit, (*path, unit.name), spans)


def _may_hold(units: list[JsonNode], spans: Spans) -> bool:
    """Whether the text of these values is too long to be looked at, or holds what is looked for."""
    if units[0].kind == "text" or sum(unit.size for unit in units) > _WHOLE_BYTES:
        return True
    text = "\n".join(
        f'"{unit.name}": {unit.source()}' if isinstance(unit.name, str) else unit.source() for unit in units
    )
    is_plain = text.isascii() and "\x7f" not in text
    return "\\" in text or bool(spans(text if is_plain else visible(text)))


def _spans(text: str, wanted: str) -> list[tuple[int, int]]:
    found, begin = [], text.find(wanted)
    while begin >= 0:
        found.append((begin, begin + len(wanted)))
        begin = text.find(wanted, begin + len(wanted))
    return found
