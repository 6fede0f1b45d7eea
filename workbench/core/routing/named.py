"""Tools that a request calls by their names, exactly or nearly."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from workbench.core.search_query import words_of

_CLOSE = 0.88
"""One wrong letter in nine."""
_MOST_CHARS = 2_000
_MOST_WORDS = 8


def named_in(request: str, names: Iterable[str]) -> frozenset[str]:
    """The names that the request has as they are, word by word (“get weather”), or with a letter wrong."""
    request = request[:_MOST_CHARS]
    pieces = [piece.strip(".,:;!?()[]{}\"'`“”‘’") for piece in request.split()]
    exact = frozenset(pieces)
    words = words_of(request)
    spoken = {
        " ".join(words[start : start + length])
        for length in range(2, _MOST_WORDS + 1)
        for start in range(len(words) - length + 1)
    }
    names = tuple(names)
    found = {name for name in names if name in exact or _spoken(name) in spoken}
    for piece in exact:
        if "_" in piece and piece not in found:
            found.update(get_close_matches(piece, names, n=1, cutoff=_CLOSE))
    return frozenset(found)


@lru_cache(maxsize=8_000)
def _spoken(name: str) -> str:
    return " ".join(words_of(name.replace("_", " ")))
