"""A race of rewrites: run against each other on tune cases, the worse half dropped after each round, and the winner
confirmed once on held-out cases (sequential halving: Karnin, Koren and Somekh 2013, ICML).

The tune cases choose, and prove nothing: what wins there has been lucky, too. Only the confirmation is a test.
"""

from collections.abc import Mapping, Sequence
from math import ceil, log2

import msgspec


class Standing(msgspec.Struct, frozen=True):
    """A candidate after a round: its share of right cases less the baseline's, over all cases so far. `steps` and
    `tokens` are what it costs: rounds and tokens a case more than the baseline, in this round; None: unknown."""

    candidate: str
    lead: float
    cases: int
    is_dropped: bool = False
    steps: float | None = None
    tokens: float | None = None


def round_sizes(candidates: int, cases: int) -> tuple[int, ...]:
    """How many further cases each round has, so that all are used when one candidate is left."""
    rounds = max(1, ceil(log2(candidates))) if candidates > 1 else 1
    rounds = min(rounds, cases) or 1
    return tuple(cases // rounds + (number < cases % rounds) for number in range(rounds))


def standings(leads: Mapping[str, Sequence[float]], *, is_last: bool) -> tuple[Standing, ...]:
    """The candidates in order, the best first. `leads` are their differences to the baseline, one a case. The worse
    half is dropped, and after the last round all but the best; of equals the one that was named first stays."""
    found = [(sum(each) / len(each) if each else 0.0, name) for name, each in leads.items()]
    order = sorted(range(len(found)), key=lambda place: (-found[place][0], place))
    kept = 1 if is_last else ceil(len(found) / 2)
    return tuple(
        Standing(found[place][1], found[place][0], len(leads[found[place][1]]), is_dropped=rank >= kept)
        for rank, place in enumerate(order)
    )
