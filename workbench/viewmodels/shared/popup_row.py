"""A row of a popup list: words, some of them highlighted, and a text at the right end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.viewmodels.shared.plain import visible_line

RowText = tuple[str, bool]
"""Words, and whether they match the search."""


@dataclass(frozen=True)
class PopupRow:
    """`payload` is passed on when the row is chosen; `obstacle` says why it cannot be chosen."""

    pieces: tuple[RowText, ...]
    payload: object
    detail: str = ""
    keys: str = ""
    icon: str = ""
    tone: str = "muted"
    obstacle: str = ""

    @property
    def text(self) -> str:
        """The plain words."""
        return "".join(words for words, _ in self.pieces)

    @property
    def spoken(self) -> str:
        """The whole row, for screen readers."""
        return ", ".join(part for part in (self.text, self.detail, self.keys, self.obstacle) if part)


def pieces(text: str, marks: Iterable[tuple[int, int]] = ()) -> tuple[RowText, ...]:
    """`text` on one line with nothing hidden, split at the marks (begin, end), which are in order."""
    found: list[RowText] = []
    place = 0
    for begin, end in marks:
        found += [(text[place:begin], False), (text[begin:end], True)]
        place = end
    found.append((text[place:], False))
    return tuple((visible_line(words), is_marked) for words, is_marked in found if words)


def runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Single places as (begin, end), neighbors joined."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found
