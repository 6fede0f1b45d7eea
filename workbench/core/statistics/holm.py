"""Many comparisons at once."""

from collections.abc import Sequence


def holm(p_values: Sequence[float], *, further: int = 0) -> tuple[float, ...]:
    """The p-values as they count among all that were looked at, in the same order (Holm 1979, Scandinavian Journal of
    Statistics 6): the smallest times their number, the next times one less, and never smaller than one before it.

    `further` comparisons, of which only their number is known, belong to the family as well; they are taken for the
    least likely ones, which is the cautious way.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) + further - rank) * p_values[place]))
        adjusted[place] = highest
    return tuple(adjusted)
