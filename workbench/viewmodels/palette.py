"""Finding a command by a few letters of its name."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def ranked(items: Sequence[T], query: str, text_of: Callable[[T], str]) -> list[T]:
    """The items that contain every word of the query, or its letters in order; the closest first.

    An empty query keeps everything as it is.
    """
    if not query.strip():
        return list(items)
    scored = [(score, place) for place, item in enumerate(items) if (score := _score(text_of(item), query)) is not None]
    return [items[place] for _, place in sorted(scored)]


def _score(text: str, query: str) -> int | None:
    text, query = text.casefold(), query.casefold().strip()
    if text.startswith(query):
        return 0
    if f" {query}" in text:
        return 1
    if all(word in text for word in query.split()):
        return 2
    place = -1
    for letter in query.replace(" ", ""):
        place = text.find(letter, place + 1)
        if place < 0:
            return None
    return 3
