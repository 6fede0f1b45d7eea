"""Bodies of requests that a conversation sends one after the other, each of which repeats those before it."""

import re
from collections.abc import Iterable

from workbench.core.shared_text import SharedText

_NEWEST = 16
_SHORT_CHARS = 4_000
"""A shorter body stays as it is: most runs send nothing longer."""
_LEAST_CHARS = 160
"""A shorter piece is not worth being shared."""
_MOST_MISSES = 8
"""So many pieces that are not there anymore: the rest is another text."""
_ELEMENT_END = re.compile(r"\}(?=,\{|\])")


class SharedBodies:
    """Lets each body hold the pieces of an earlier one that it repeats, so that a conversation's memory grows with what
    is new in it. Pieces end where elements of JSON arrays do."""

    def __init__(self) -> None:
        self._newest: list[SharedText] = []
        """One of each conversation, as far as that can be seen."""

    def share(self, body: str, pictures: Iterable[str] = ()) -> SharedText:
        """`body` as pieces of an earlier body, and as the pictures, where they stand in it."""
        if len(body) < _SHORT_CHARS:
            return SharedText.sharing(body, pictures)
        shared = [earlier.shared_with(body) for earlier in self._newest]
        place = shared.index(max(shared)) if shared else None
        pieces = _Pieces(body, tuple(pictures))
        for piece in self._newest[place].pieces if place is not None else ():
            if len(piece) >= _LEAST_CHARS and not pieces.take(piece):
                break
        found = SharedText(*pieces.rest())
        if place is not None and 2 * shared[place] > len(body):  # the same conversation
            del self._newest[place]
        self._newest = [*self._newest, found][-_NEWEST:]
        return found


class _Pieces:
    """Cuts a text, from its beginning to its end."""

    def __init__(self, text: str, pictures: tuple[str, ...]) -> None:
        self._text = text
        self._pictures = pictures
        self._found: list[str] = []
        self._at = 0
        self._misses = 0

    def take(self, piece: str) -> bool:
        """Take this piece where it comes next; False when looking for more is of no use."""
        at = self._at if self._text.startswith(piece, self._at) else self._text.find(piece, self._at)
        if at < 0:
            self._misses += 1
            return self._misses < _MOST_MISSES
        self._cut(at)
        self._found.append(piece)
        self._at = at + len(piece)
        return True

    def rest(self) -> list[str]:
        """All pieces."""
        self._cut(len(self._text))
        return self._found

    def _cut(self, end: int) -> None:
        """What is new up to `end`, by pictures and by elements."""
        for part in SharedText.sharing(self._text[self._at : end], self._pictures).pieces:
            if part in self._pictures:
                self._found.append(part)
                continue
            begin = 0
            for match in _ELEMENT_END.finditer(part):
                if match.end() - begin >= _LEAST_CHARS:
                    self._found.append(part[begin : match.end()])
                    begin = match.end()
            if begin < len(part):
                self._found.append(part[begin:])
