"""From rankings to what is offered: narrow, fuse, cut, and keep what must be there whatever the scores say."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from workbench.core.json_text import compact
from workbench.core.routing.named import named_in
from workbench.core.routing.narrowing import Narrowing
from workbench.core.routing.plan import ALL_TOOLS, NO_TOOLS, WEIGHTS, RoutingPlan, SelectorKind
from workbench.core.routing.ranking import NOTHING, Ranked, Ranking, fused
from workbench.core.routing.routed import MOST_CANDIDATES, Candidate, CandidateState, Routed
from workbench.core.routing.search_tool import SEARCH_TOOL
from workbench.core.routing.situation import Situation
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool, Toolset


def ranked_by(situation: Situation, rankings: Mapping[SelectorKind, Ranking], narrow: Narrowing) -> Ranking:
    """The one ranking of a plan. Where rules are its only selector, their tools are equal."""
    order = situation.tools.names
    kept = {kind: _within(each, narrow) for kind, each in rankings.items()}
    if not kept:
        return tuple(Ranked(name, 1.0, narrow.why[name]) for name in order if name in narrow.why)
    if len(kept) == 1:
        return next(iter(kept.values()))
    return fused(kept, {kind: WEIGHTS[kind] for kind in kept}, order)


def choose(
    plan: RoutingPlan, situation: Situation, ranking: Ranking, *, note: str = "", failed: Collection[str] = ()
) -> Routed:
    """What is offered. An exact tool name in the request always survives, as do tools that were called before in this
    turn: the conversation holds their calls. `failed` are tools whose loaders failed; others come in their places."""
    out = {*plan.never, *failed} - {name for name in situation.chosen if name not in failed}
    order = [name for name in situation.tools.names if name not in out]
    states: dict[str, CandidateState] = {name: "never" for name in plan.never}
    states |= {name: "not loaded" for name in failed}
    top = len(order) if plan.use == ("rules",) else plan.top  # a rule says by itself how many tools it means
    if ranking and ranking[0].tool == NOTHING:
        note, ranking = f"{note} No tool is right: {ranking[0].why}.".strip(), ()
    ranking = tuple(each for each in ranking if each.tool != NOTHING)
    search = {SEARCH_TOOL.name} & set(order) if plan.simulates_search else set()  # finds what no selector does
    is_open = set(order) - search - set(situation.called)
    best = [each for each in ranking if each.score >= plan.threshold and each.tool in is_open][:top]
    named = named_in(situation.request, order) | set(situation.chosen)
    by_score = {each.tool for each in best}
    for name in order:
        if name in named:
            states[name] = "named"
        elif name in situation.called:
            states[name] = "called"
        elif name in by_score:
            states[name] = "offered"
        elif name in plan.always or name in search:
            states[name] = "always"
    is_fallback = not (best or situation.called or search)
    if is_fallback:
        extra = order if ALL_TOOLS in plan.fallback else [name for name in order if name in plan.fallback]
        states.update({name: "offered" for name in extra if name not in states})
        note = note or ("No tool fits the request." if order else "There are no tools.")
        note = f"{note} The fallback is offered: {_fallback_words(plan)}." if order else note
    offered = tuple(name for name in order if states.get(name, "never") not in ("never", "not loaded"))
    forced = "" if is_fallback or situation.called else _forced(plan, ranking, states)
    return Routed(
        selector=plan.name,
        request=situation.request,
        offered=offered,
        candidates=_candidates(ranking, states, situation.tools),
        how="fallback" if is_fallback else "forced" if forced else "ranked",
        forced=forced,
        note=note,
        tokens=(situation.tool_tokens, tokens_of(tool for tool in situation.tools if tool.name in offered)),
    )


def _within(ranking: Ranking, narrow: Narrowing) -> Ranking:
    return ranking if narrow.is_empty else tuple(each for each in ranking if each.tool in (NOTHING, *narrow.why))


def _forced(plan: RoutingPlan, ranking: Ranking, states: Mapping[str, CandidateState]) -> str:
    """The best tool where it leads far enough, as a share of its own score."""
    found = [each for each in ranking if states.get(each.tool) in ("offered", "named", "always")]
    if plan.force is None or not found or found[0].score < plan.threshold:
        return ""
    second = found[1].score if len(found) > 1 else 0.0
    return found[0].tool if (found[0].score - second) / found[0].score >= plan.force else ""


def _candidates(ranking: Ranking, states: Mapping[str, CandidateState], tools: Toolset) -> tuple[Candidate, ...]:
    found = [Candidate(each.tool, each.score, states.get(each.tool, "not offered"), each.why) for each in ranking]
    known = {each.tool for each in ranking}
    rest = [Candidate(name, 0.0, states[name]) for name in tools.names if name in states and name not in known]
    best, others = (*found, *rest)[:MOST_CANDIDATES], (*found, *rest)[MOST_CANDIDATES:]
    return (*best, *(each for each in others if each.state in ("never", "not loaded")))


def _fallback_words(plan: RoutingPlan) -> str:
    if ALL_TOOLS in plan.fallback:
        return "all tools"
    return "no tools" if plan.fallback in ((), (NO_TOOLS,)) else ", ".join(plan.fallback)


@lru_cache(maxsize=8_000)
def _tokens(tool: Tool) -> int:
    return estimated_tokens(f"{tool.name} {tool.description} {compact(tool.input_schema)}")


def tokens_of(tools: Iterable[Tool]) -> int:
    """About how many tokens tools take of each request that has them."""
    return sum(map(_tokens, tools))
