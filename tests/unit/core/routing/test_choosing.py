"""From a ranking to what is offered."""

import pytest

from workbench.core.routing.applied import resolve_routed
from workbench.core.routing.choosing import choose, ranked_by
from workbench.core.routing.named import named_in
from workbench.core.routing.narrowing import Narrowing, narrowing
from workbench.core.routing.plan import RoutingPlan, RoutingRule
from workbench.core.routing.ranking import Ranked, Ranking
from workbench.core.routing.routed_words import routed_line
from workbench.core.routing.situation import Situation
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, ChoiceSupport

TOOLS = Toolset([Tool.make(name, name) for name in ("track_order", "cancel_order", "get_weather", "hand_over", "wipe")])


def situation(request: str = "Go.", **more: tuple[str, ...]) -> Situation:
    return Situation(tools=TOOLS, request=request, **more)


def ranked(**scores: float) -> Ranking:
    return tuple(Ranked(tool, score) for tool, score in scores.items())


def test_the_best_are_offered_in_the_order_of_the_project() -> None:
    routed = choose(RoutingPlan(name="w", top=2), situation(), ranked(get_weather=0.9, cancel_order=0.5, wipe=0.1))
    assert routed.offered == ("cancel_order", "get_weather")
    assert [routed.rank_of(name) for name in ("get_weather", "wipe", "hand_over")] == [1, 3, None]
    assert routed.state_of("wipe") == "not offered"


def test_what_scores_too_little_is_not_offered() -> None:
    plan = RoutingPlan(name="w", threshold=0.4)
    assert choose(plan, situation(), ranked(get_weather=0.9, wipe=0.3)).offered == ("get_weather",)


def test_always_in_is_always_in_and_never_in_is_never_in() -> None:
    plan = RoutingPlan(name="w", top=1, always=("hand_over",), never=("wipe",), fallback=("none",))
    for found in (ranked(wipe=0.9, get_weather=0.5), ()):
        routed = choose(plan, situation("wipe"), found)
        assert "hand_over" in routed.offered
        assert "wipe" not in routed.offered
    assert routed.how == "fallback"


def test_of_many_tools_none_that_must_not_be_offered_is_left_to_a_vendors_search() -> None:
    many = Toolset([Tool.make(f"tool_{number}", "It.") for number in range(40)])
    out = ("tool_7", "tool_35", "tool_39")
    plan = RoutingPlan(name="w", top=2, never=out[:2], narrow="tool-search")
    all_ranked = ranked(**{name: 1 - place / 100 for place, name in enumerate(many.names)})
    for found in (all_ranked, all_ranked[:1]):
        routed = choose(plan, Situation(tools=many, request="Go."), found, failed=out[2:])
        sent = resolve_routed(AUTO, many, routed, ChoiceSupport(tool_search=True), plan)
        assert set(many.names) - set(sent.offered) == set(out)
    assert [routed.state_of(name) for name in out] == ["never", "never", "not loaded"]


@pytest.mark.parametrize(
    ("fallback", "offered"),
    [(("all",), TOOLS.names), (("none",), ()), (("track_order", "unknown"), ("track_order",))],
)
def test_where_nothing_fits_the_stated_fallback_is_offered(fallback: tuple[str, ...], offered: tuple[str, ...]) -> None:
    routed = choose(RoutingPlan(name="w", fallback=fallback), situation(), ())
    assert routed.offered == offered
    assert routed.how == "fallback"
    assert "fallback" in routed_line(routed)


@pytest.mark.parametrize(
    "request_text",
    ["call get_weather now", "“get_weather”?", "get weather for Oslo", "Get Weather.", "please use get_wether"],
)
def test_a_tool_that_is_named_exactly_or_nearly_always_survives(request_text: str) -> None:
    plan = RoutingPlan(name="w", top=1)
    assert "get_weather" in choose(plan, situation(request_text), ranked(wipe=0.9)).offered


def test_a_name_inside_another_word_is_no_name() -> None:
    assert named_in("the wiper is broken", TOOLS.names) == frozenset()
    assert named_in("wipe it", TOOLS.names) == {"wipe"}


def test_tools_that_were_called_and_those_of_the_tool_choice_stay() -> None:
    plan = RoutingPlan(name="w", top=1, never=("cancel_order",), force=0.1)
    routed = choose(plan, situation(called=("track_order",), chosen=("cancel_order",)), ranked(wipe=0.9))
    assert routed.offered == ("track_order", "cancel_order", "wipe")
    assert not routed.forced  # in the same turn, a forced call would be made again


def test_a_sure_selector_forces_and_an_unsure_one_does_not() -> None:
    plan = RoutingPlan(name="w", force=0.5)
    sure = choose(plan, situation(), ranked(wipe=0.9, get_weather=0.3))
    assert (sure.forced, sure.how) == ("wipe", "forced")
    assert "the router's choice, not the model's" in routed_line(sure)
    assert not choose(plan, situation(), ranked(wipe=0.9, get_weather=0.6)).forced
    assert not choose(plan, situation(), ()).forced


RULES = (
    RoutingRule(("track_order", "cancel_order"), match=r"A-\d"),
    RoutingRule(("hand_over",), words=("real person", "supervisor")),
    RoutingRule(("wipe",), after="cancel_order"),
    RoutingRule(("get_weather",), match="weather", unless="stormy"),
    RoutingRule(("hand_over", "get_weather")),
)


@pytest.mark.parametrize(
    ("request_text", "called", "found", "tools"),
    [
        ("A-1", (), {r"A-\d"}, {"track_order", "cancel_order"}),
        ("I want a real person", (), set(), {"hand_over"}),
        ("a supervisor about A-1", (), {r"A-\d"}, {"hand_over", "track_order", "cancel_order"}),
        ("this persona is real", (), set(), {"hand_over", "get_weather"}),
        ("go on", ("cancel_order",), set(), {"wipe"}),
        ("stormy weather", (), {"weather", "stormy"}, {"hand_over", "get_weather"}),
    ],
)
def test_rules_narrow_and_the_default_is_for_the_rest(
    request_text: str, called: tuple[str, ...], found: set[str], tools: set[str]
) -> None:
    assert set(narrowing(RULES, request_text, called=called, found=found).why) == tools


def test_rules_alone_offer_all_they_name_and_with_others_they_narrow_first() -> None:
    narrow = Narrowing({name: "rule" for name in TOOLS.names[:3]})
    alone = RoutingPlan(name="rules", use=("rules",), top=1)
    assert choose(alone, situation(), ranked_by(situation(), {}, narrow)).offered == TOOLS.names[:3]
    found = ranked_by(situation(), {"words": ranked(wipe=0.9, track_order=0.2)}, narrow)
    assert [each.tool for each in found] == ["track_order"]


def test_fused_rankings_say_what_each_selector_said() -> None:
    found = ranked_by(
        situation(), {"words": ranked(wipe=0.8), "examples": ranked(get_weather=1.0, wipe=0.2)}, Narrowing()
    )
    assert [each.tool for each in found] == ["wipe", "get_weather"]
    assert "words 0.80" in found[0].why
    assert "examples 0.20" in found[0].why
