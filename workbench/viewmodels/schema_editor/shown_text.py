"""A text as an editor shows it: what is hidden or steers the display is spelled out, and edits find their way back."""

from bisect import bisect_left, bisect_right

from workbench.viewmodels.shared.plain import visible

_ALSO_SPELLED = {"\r": "␍", "\u2029": "⟨U+2029⟩", "\ufdd0": "⟨U+FDD0⟩", "\ufdd1": "⟨U+FDD1⟩", "\ufffc": "⟨U+FFFC⟩"}
_ON_ONE_LINE = {"\n": "⏎", "\t": "⇥"}
_JOINER = "\u200d"


class ShownText:
    """`text` and how it is `shown`. Each spelled character counts as one: it is kept or deleted as a whole."""

    def __init__(self, text: str, *, one_line: bool = False) -> None:
        """With `one_line`, line ends and tabs are marks as well."""
        self.text = text
        self._places: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._extra = {**_ALSO_SPELLED, **(_ON_ONE_LINE if one_line else {})}
        self.shown = text if self._is_plain() else self._spelled()

    def to_shown(self, place: int) -> int:
        """Where a place of the text is in what is shown."""
        index = bisect_left(self._places, place)
        return place + (self._ends[index - 1] - self._places[index - 1] - 1 if index else 0)

    def to_text(self, place: int) -> int:
        """Where a place in what is shown is in the text; inside a spelled character, before it."""
        index = bisect_right(self._starts, place)
        if not index:
            return place
        if place < self._ends[index - 1]:
            return self._places[index - 1]
        return place - self._ends[index - 1] + self._places[index - 1] + 1

    def edited(self, shown: str) -> str:
        """The text after somebody has made `shown` out of what was shown."""
        shown = shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if not self._places:
            return shown
        start = _shared(self.shown, shown)
        tail = _shared(self.shown[start:][::-1], shown[start:][::-1])
        end, inserted = len(self.shown) - tail, shown[start : len(shown) - tail]
        if start < end and (index := bisect_left(self._ends, end)) < len(self._ends) and self._starts[index] < end:
            end = self._ends[index]
        return self.text[: self.to_text(start)] + inserted + self.text[self.to_text(end) :]

    def _is_plain(self) -> bool:
        return visible(self.text) == self.text and not any(mark in self.text for mark in self._extra)

    def _spelled(self) -> str:
        pieces: list[str] = []
        length = 0
        for place, character in enumerate(self.text):
            piece = self._extra.get(character) or self._spelling(place, character)
            if piece != character:
                self._places.append(place)
                self._starts.append(length)
                self._ends.append(length + len(piece))
            pieces.append(piece)
            length += len(piece)
        return "".join(pieces)

    def _spelling(self, place: int, character: str) -> str:
        if character == _JOINER:
            around = self.text[max(0, place - 1) : place + 2]
            return character if visible(around) == around else visible(character)
        return character if character in "\n\t" else visible(character)


def _shared(one: str, other: str) -> int:
    shortest = min(len(one), len(other))
    return next((place for place in range(shortest) if one[place] != other[place]), shortest)
