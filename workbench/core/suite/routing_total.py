"""What routing did over the trials of an arm: how well it finds, and how well the model chooses from what was found."""

from collections.abc import Sequence

import msgspec

from workbench.core.suite.trial import Trial


class RoutingTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of the trials for which a tool is right: `recall` by how many of the ranking are looked at, `offered` what
    was really offered, `right_if_offered` the model's own part. `abstained` is the share of trials for which no tool is
    right that were offered none, or the fallback. None: nothing to count."""

    recall: dict[str, float | None]
    offered: float | None
    right_if_offered: float | None
    abstained: float | None
    forced: float | None
    tools: float | None
    """How many tools were offered, on average."""
    saved_tokens: float | None


RECALL_AT = (1, 3, 5)


def routing_total(trials: Sequence[Trial]) -> RoutingTotal | None:
    """The totals; None where no trial was routed. Only graded trials count."""
    routed = [(trial, trial.routing) for trial in trials if trial.grade is not None and trial.routing is not None]
    if not routed:
        return None
    wanting = [(trial, found) for trial, found in routed if found.is_offered is not None]
    others = [found for _, found in routed if found.is_offered is None]
    return RoutingTotal(
        recall={
            str(most): _share([found.rank is not None and found.rank <= most for _, found in wanting])
            for most in RECALL_AT
        },
        offered=_share([bool(found.is_offered) for _, found in wanting]),
        right_if_offered=_share(
            [trial.grade.is_right for trial, found in wanting if found.is_offered and trial.grade is not None]
        ),
        abstained=_share([found.is_fallback or not found.offered for found in others]),
        forced=_share([found.is_forced for _, found in routed]),
        tools=_share([found.offered for _, found in routed]),
        saved_tokens=_share([found.saved_tokens for _, found in routed]),
    )


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
