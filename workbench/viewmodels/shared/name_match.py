"""Finding something by a few letters of its name."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from workbench.core.search_query import folded
from workbench.viewmodels.shared.popup_row import RowText, pieces, runs

T = TypeVar("T")
_CLOSE = 4
"""Letters that stand further apart, on average, are there by accident."""
_BY_SYNONYM, _BY_LETTERS = 10, 20
"""How far behind a match of the name itself these are."""


def ranked(
    items: Sequence[T],
    query: str,
    text_of: Callable[[T], str],
    *,
    synonyms_of: Callable[[T], str] = lambda _: "",
    takes_letters: Callable[[T], bool] = lambda _: True,
) -> list[T]:
    """The items that contain every word of the query, have some as synonyms, or contain its letters in order; the
    closest first.

    Letters that are spread over a name find only what `takes_letters`. An empty query keeps everything as it is.
    """
    if not query.strip():
        return list(items)

    def score(item: T) -> int | None:
        found = _score(text_of(item), query)
        if found is None and (by_synonym := _score(f"{text_of(item)} {synonyms_of(item)}", query)) is not None:
            found = _BY_SYNONYM + by_synonym
        if found is None and takes_letters(item) and _letters(folded(text_of(item)), folded(query).replace(" ", "")):
            found = _BY_LETTERS
        return found

    scored = [(found, place) for place, item in enumerate(items) if (found := score(item)) is not None]
    return [items[place] for _, place in sorted(scored)]


def marked(text: str, query: str) -> tuple[RowText, ...]:
    """`text` with the letters of the query marked where they make it fit."""
    return pieces(text, _places(folded(text), folded(query).split()))


def _places(text: str, words: list[str]) -> list[tuple[int, int]]:
    if not words:
        return []
    whole = " ".join(words)
    if (place := _at_word(text, whole)) >= 0:
        return [(place, place + len(whole))]
    run_places = [_at_word(text, word) for word in words]
    if min(run_places) >= 0:
        covered = {
            at
            for run_place, word in zip(run_places, words, strict=True)
            for at in range(run_place, run_place + len(word))
        }
        return runs(sorted(covered))
    return runs(_letters(text, "".join(words)))


def _at_word(text: str, word: str) -> int:
    """Where `word` stands, at the beginning of a word if it can be."""
    if text.startswith(word):
        return 0
    place = min((at + 1 for sign in " _-/." if (at := text.find(f"{sign}{word}")) >= 0), default=-1)
    return place if place >= 0 else text.find(word)


def _score(text: str, query: str) -> int | None:
    text, query = folded(text), folded(query).strip()
    if text.startswith(query):
        return 0
    if any(f"{sign}{query}" in text for sign in " _-/."):
        return 1
    return 2 if all(word in text for word in query.split()) else None


def _letters(text: str, letters: str) -> list[int]:
    """Where the letters are in their order, close together and the first of them at the beginning of a word."""
    for begin in re.finditer(rf"(?<![^\W_]){re.escape(letters[:1])}", text):
        found = [begin.start()]
        for letter in letters[1:]:
            found.append(text.find(letter, found[-1] + 1))
            if found[-1] < 0:
                break
        else:
            if found[-1] - found[0] < _CLOSE * len(letters):
                return found
    return []
