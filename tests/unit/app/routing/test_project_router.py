"""The router of a project: selectors side by side, and what each failure leads to."""

import asyncio

import pytest

from tests.support.runs import DirectChecker
from workbench.app.routing.answer import SelectorAnswer
from workbench.app.routing.project_router import ProjectRouter
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import Problem
from workbench.core.routing.plan import RoutingPlan, RoutingRule
from workbench.core.routing.ranking import Ranked
from workbench.core.routing.situation import Situation
from workbench.core.tool import Tool, Toolset

TOOLS = Toolset(
    [
        Tool({**Tool.make("track_order", "Where is a parcel?").document, "examples": ["any news of A-1?"]}),
        Tool.make("cancel_order", "Cancel an order."),
        Tool.make("hand_over", "Talk to a human."),
    ]
)
RULES = (
    RoutingRule(("track_order", "cancel_order"), match=r"\bA-\d+"),
    RoutingRule(("hand_over",)),
    *(RoutingRule(("hand_over",), match=f"never {number}") for number in range(45)),
)


def asked(request: str) -> Situation:
    return Situation(tools=TOOLS, request=request)


async def test_rules_words_and_examples_make_one_outcome() -> None:
    router = ProjectRouter(DirectChecker())
    plan = RoutingPlan(name="mine", use=("rules", "words", "examples"), top=1, rules=RULES, always=("hand_over",))
    routed = await router.route(plan, asked("a-77: any news of it?"))
    assert routed.offered == ("track_order", "hand_over")
    assert "examples" in routed.candidates[0].why
    assert routed.tokens[0] > routed.tokens[1] > 0


@pytest.mark.parametrize(
    ("request_text", "offered"),
    [("is A-3 late", TOOLS.names[:2]), ("is a-3 late", TOOLS.names[:2]), ("what now", ("hand_over",))],
)
async def test_patterns_are_found_in_any_case_and_many_rules_are_no_trouble(
    request_text: str, offered: tuple[str, ...]
) -> None:
    plan = RoutingPlan(name="rules", use=("rules",), rules=RULES)
    assert (await ProjectRouter(DirectChecker()).route(plan, asked(request_text))).offered == offered


async def test_patterns_that_cannot_be_judged_lead_to_the_fallback_and_say_so() -> None:
    class Late:
        async def check(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
            return (Problem("", "this takes longer than 0.7 s"),)

    plan = RoutingPlan(name="rules", use=("rules",), rules=RULES, fallback=("hand_over",))
    routed = await ProjectRouter(Late()).route(plan, asked("A-1"))
    assert routed.offered == ("hand_over",)
    assert "longer than" in routed.note


async def hangs(plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
    await asyncio.Event().wait()
    return SelectorAnswer()


async def raises(plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
    raise UsageError("there is no such model", hint="Choose another.")


async def crashes(plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
    raise ZeroDivisionError


async def knows(plan: RoutingPlan, situation: Situation) -> SelectorAnswer:
    return SelectorAnswer((Ranked("no_such_tool", 1.0), Ranked("cancel_order", 0.5)), spent=7)


@pytest.mark.log_expected
@pytest.mark.parametrize(
    ("selector", "note"),
    [(hangs, "within"), (raises, "no such model. Choose another."), (crashes, "ZeroDivisionError")],
)
async def test_a_selector_that_fails_or_hangs_leads_to_the_fallback_and_never_loses_what_is_always_in(
    selector: object, note: str
) -> None:
    router = ProjectRouter(DirectChecker(), {"words": selector})  # type: ignore[dict-item]
    plan = RoutingPlan(name="words", seconds=0.01, always=("hand_over",), fallback=("track_order",))
    routed = await router.route(plan, asked("cancel"))
    assert routed.offered == ("track_order", "hand_over")
    assert routed.how == "fallback"
    assert note in routed.note


async def test_a_failed_selector_leaves_the_word_to_the_others_and_unknown_names_count_nothing() -> None:
    router = ProjectRouter(DirectChecker(), {"words": raises, "examples": knows})
    routed = await router.route(RoutingPlan(name="both", use=("words", "examples")), asked("cancel"))
    assert routed.offered == ("cancel_order",)
    assert "no such model" in routed.note
    assert routed.spent == 7


@pytest.mark.parametrize("request_text", ["", "   ", "注文はどこですか", "x" * 100_000, "\0\ud800", "🤷" * 50])
async def test_any_request_is_answered(request_text: str) -> None:
    plan = RoutingPlan(name="all three", use=("rules", "words", "examples"), rules=RULES, always=("hand_over",))
    routed = await ProjectRouter(DirectChecker()).route(plan, asked(request_text))
    assert "hand_over" in routed.offered


async def test_no_tools_and_very_many_are_no_trouble() -> None:
    router, plan = ProjectRouter(DirectChecker()), RoutingPlan(name="words", top=3)
    none = await router.route(plan, Situation(tools=Toolset(), request="anything"))
    assert none.offered == ()
    many = Toolset([Tool.make(f"tool_{number}", f"Does thing {number}.") for number in range(2_000)])
    assert "tool_77" in (await router.route(plan, Situation(tools=many, request="tool_77 please"))).offered
