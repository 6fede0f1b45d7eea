"""Puts two sequences side by side so that what belongs together is in one row."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

GAP = 1.0
"""What it costs to leave one item without a partner; a pair that costs more than two gaps is not made."""
_MAX_CELLS = 250_000

Pair = tuple[int | None, int | None]


def align(first: Sequence[T], second: Sequence[T], cost: Callable[[T, T], float]) -> list[Pair]:
    """Pairs of positions in order, None for an item without a partner; the cheapest such arrangement.

    `cost` is 0 for items that are the same. Very long sequences are paired position by position.
    """
    if len(first) * len(second) > _MAX_CELLS:
        longest = max(len(first), len(second))
        return [(n if n < len(first) else None, n if n < len(second) else None) for n in range(longest)]
    best = _costs(first, second, cost)
    pairs: list[Pair] = []
    one, other = len(first), len(second)
    while one or other:
        here = best[one][other]
        if one and other and here == best[one - 1][other - 1] + cost(first[one - 1], second[other - 1]):
            one, other = one - 1, other - 1
            pairs.append((one, other))
        elif other and here == best[one][other - 1] + GAP:
            other -= 1
            pairs.append((None, other))
        else:
            one -= 1
            pairs.append((one, None))
    return pairs[::-1]


def _costs(first: Sequence[T], second: Sequence[T], cost: Callable[[T, T], float]) -> list[list[float]]:
    """The cheapest arrangement of every pair of beginnings."""
    best = [[other * GAP for other in range(len(second) + 1)]]
    for one, item in enumerate(first, 1):
        row = [one * GAP]
        above = best[-1]
        for other, opposite in enumerate(second, 1):
            row.append(min(above[other - 1] + cost(item, opposite), above[other] + GAP, row[other - 1] + GAP))
        best.append(row)
    return best
