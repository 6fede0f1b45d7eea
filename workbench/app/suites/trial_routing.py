"""What routing did for a trial: the ranks of the expected tools, and whether they were offered."""

from collections.abc import Mapping

from workbench.core.routing.routed import Routed
from workbench.core.suite.case import Case, Expected
from workbench.core.suite.trial import TrialRouting
from workbench.core.trace import Trace


def trial_routing(case: Case, trace: Trace, renames: Mapping[str, str]) -> TrialRouting:
    """By the first routing of each turn; later rounds route by results, which are not requests of the case."""
    found = [(case.turns[number].expected, turn.routed_at(1)) for number, turn in enumerate(trace.turns)]
    turns = [(expected, routed) for expected, routed in found if routed is not None]
    ranks = [rank for expected, routed in turns for rank in _ranks(expected, routed, renames)]
    wanted = [tools for expected, _ in turns for tools in _wanted(expected, renames)]
    first = turns[0][1] if turns else None
    return TrialRouting(
        rank=max((rank for rank in ranks if rank is not None), default=None) if None not in ranks else None,
        is_offered=all(_is_offered(expected, routed, renames) for expected, routed in turns) if wanted else None,
        offered=len(first.offered) if first is not None else 0,
        is_fallback=first is not None and first.how == "fallback",
        is_forced=first is not None and bool(first.forced),
        saved_tokens=first.tokens[0] - first.tokens[1] - first.spent if first is not None else 0,
    )


def _wanted(expected: Expected, renames: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The right tools for each expected call, by their offered names."""
    calls = [(call.tool, *(expected.also_ok if number == 0 else ())) for number, call in enumerate(expected.calls)]
    return [tuple(renames.get(name, name) for name in names) for names in calls]


def _ranks(expected: Expected, routed: Routed, renames: Mapping[str, str]) -> list[int | None]:
    places = [[routed.rank_of(name) for name in names] for names in _wanted(expected, renames)]
    return [min((place for place in each if place is not None), default=None) for each in places]


def _is_offered(expected: Expected, routed: Routed, renames: Mapping[str, str]) -> bool:
    return all(any(name in routed.offered for name in names) for names in _wanted(expected, renames))
