"""Runs whose tools are chosen by a router."""

import pytest

from tests.support.replays import ForkOfRun, rerun_of
from tests.support.runs import Answers, Bodies, Body, ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.app.routing.simulated_search import with_search, with_search_tool
from workbench.core.approval import Decision, Policy, Rule
from workbench.core.errors import UsageError
from workbench.core.event import RequestSent, ToolsRouted, kind_of
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject
from workbench.core.routing.plan import RoutingPlan, RoutingRule
from workbench.core.routing.routed import Routed
from workbench.core.routing.search_tool import SEARCH_TOOL, found_in, search_result
from workbench.core.routing.situation import Situation
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan
from workbench.engine.ports import ExecutionOrder
from workbench.engine.results import result_text

TRACK = Tool.make("track_order", "Where is a parcel now?")
CANCEL = Tool.make("cancel_order", "Cancel an order.")
WEATHER = Tool.make("get_weather", "Weather of a city.")
TOOLS = (TRACK, CANCEL, WEATHER)
WORDS = RoutingPlan(name="words", top=1)


def run_of(answers: object, plan: RoutingPlan, **more: object) -> ScriptedRun:
    bodies = {tool.name: lambda arguments: "the weather is fine" for tool in TOOLS}
    return ScriptedRun(answers, tools=TOOLS, bodies=bodies, routing=plan, **more)  # type: ignore[arg-type]


def sent(run: ScriptedRun) -> list[tuple[str, ...]]:
    return [event.offered for event in run.log if isinstance(event, RequestSent)]


async def test_a_round_offers_what_the_router_chose_and_the_log_says_why() -> None:
    run = run_of(script(calls(call("track_order")), says("There.")), WORDS)
    await run.run("Where is my parcel?")
    assert sent(run) == [("track_order",)] * 2
    (routed,) = [event.routed for event in run.log if isinstance(event, ToolsRouted)]
    assert routed.candidates[0].why.startswith("shares")
    assert run.kinds[2:5] == ["round.started", "tools.routed", "request.sent"]


async def test_a_call_of_a_tool_that_was_not_offered_does_not_run() -> None:
    run = run_of(script(calls(call("cancel_order")), says("Oh.")), WORDS)
    await run.run("Where is my parcel?")
    assert run.outcomes == ["invalid"]
    assert run.bodies.ran == []


async def test_routing_per_round_looks_at_what_came_back_and_keeps_what_was_called() -> None:
    run = run_of(script(calls(call("track_order")), says("Fine.")), RoutingPlan(name="words", top=1, reroute="round"))
    await run.run("Where is my parcel?")
    assert sent(run)[1] == ("track_order", "get_weather")


async def test_a_forced_call_is_asked_for_in_its_round_only() -> None:
    run = run_of(script(calls(call("track_order")), says("There.")), RoutingPlan(name="words", force=0.1))
    await run.run("parcel?")
    choices = [str(event.tool_choice) for event in run.log if isinstance(event, RequestSent)]
    assert choices == ["track_order", "auto"]


async def test_the_tool_choice_comes_before_the_router() -> None:
    plan = ToolChoicePlan(ToolChoice("required", ("cancel_order",)))
    run = run_of(script(calls(call("cancel_order")), says("Done.")), WORDS, tool_choice=plan)
    await run.run("Where is my parcel?")
    assert sent(run)[0] == ("track_order", "cancel_order")


async def test_without_tools_nothing_is_routed() -> None:
    run = ScriptedRun(script(says("Hello.")), routing=WORDS)
    await run.run("Hello")
    assert "tools.routed" not in run.kinds


async def test_a_rerun_offers_what_was_offered_and_ranks_nothing() -> None:
    run = run_of(script(calls(call("track_order")), says("There.")), WORDS)
    await run.run("Where is my parcel?")
    again = await rerun_of(run.log)
    assert again.divergence is None
    assert [event.routed for event in again.events if isinstance(event, ToolsRouted)] == [
        event.routed for event in run.log if isinstance(event, ToolsRouted)
    ]


@pytest.mark.parametrize(("at", "routed"), [("turn-1/round-2", 1), ("turn-1/round-1/call-1", 1), ("turn-1", 1)])
async def test_a_fork_inherits_what_was_offered_and_routes_what_is_new(at: str, routed: int) -> None:
    answers = script(calls(call("track_order")), says("There."))
    run = run_of(answers, WORDS)
    await run.run("Where is my parcel?")
    fork = ForkOfRun(run.log, at, answers, tools="mock")
    await fork.run()
    assert [kind_of(event) for event in fork.log].count("tools.routed") == routed
    assert {event.offered for event in fork.log if isinstance(event, RequestSent)} == {("track_order",)}
    assert (await rerun_of(fork.log)).divergence is None


async def test_what_a_loader_gave_is_offered_checked_and_inherited_by_reruns_and_forks() -> None:
    keys: JsonObject = {"inputSchema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}

    class Loading:
        async def route(self, plan: RoutingPlan, situation: Situation) -> Routed:
            assert situation.may_load
            return Routed(selector="words", request="", offered=("track_order",), loaded={"track_order": keys})

    answers = script(calls(call("track_order"), call("track_order", n=7)), says("There."))
    run = run_of(answers, WORDS, router=Loading())
    await run.run("Where is my parcel?")
    assert run.outcomes == ["invalid", "ok"]
    body = next(event.body.text for event in run.log if isinstance(event, RequestSent))
    assert '"required": ["n"]' in body.replace('":[', '": [')
    assert (await rerun_of(run.log)).divergence is None
    fork = ForkOfRun(run.log, "turn-1/round-2", answers, tools="mock")
    await fork.run()
    assert (await rerun_of(fork.log)).divergence is None


async def test_a_model_without_tool_search_gets_the_chosen_tools_and_is_not_said_to_be_forced() -> None:
    plan = RoutingPlan(name="words", top=1, narrow="tool-search")
    run = run_of(script(calls(call("track_order")), says("There.")), plan, may_emulate=False)
    await run.run("Where is my parcel?")
    assert sent(run) == [("track_order",)] * 2
    notes = [(event.narrowing, event.emulation) for event in run.log if isinstance(event, RequestSent)]
    assert notes == [("There is no tool search here: only the chosen tools are sent.", "")] * 2
    assert (await rerun_of(run.log)).divergence is None


SEARCH = RoutingPlan(name="simulated-search", use=("simulated-search",), always=("get_weather",))


async def test_a_simulated_search_offers_what_the_model_found_and_asks_nobody() -> None:
    answers = script(calls(call("search_tools", query="where is a parcel")), calls(call("track_order")), says("There."))
    tools = with_search_tool(Toolset(list(TOOLS)), SEARCH)
    bodies: dict[str, Body] = {
        "track_order": lambda arguments: "on its way",
        "search_tools": lambda arguments: search_result(tools, str(arguments["query"]), 5, 50_000),
    }
    policy = Policy((Rule("track_order", "allow"),))
    run = ScriptedRun(answers, tools=tools, bodies=bodies, routing=SEARCH, policy=policy)
    await run.run("Where is my parcel?")
    assert sent(run) == [
        ("get_weather", "search_tools"),
        ("track_order", "get_weather", "search_tools"),
        ("track_order", "get_weather", "search_tools"),
    ]
    assert run.outcomes == ["ok", "ok"]
    assert "Where is a parcel now?" in run.settled[0].result_text
    routed = [event.routed for event in run.log if isinstance(event, ToolsRouted)]
    assert routed[1].state_of("track_order") == "offered"
    assert "found by the simulated search" in str(routed[1].candidates)
    assert (await rerun_of(run.log)).divergence is None


async def test_a_tool_of_the_project_that_looks_like_the_search_is_asked_about_like_any_other() -> None:
    answers = script(calls(call("search_tools", query="parcel")), says("Oh."))
    asked = Answers(Decision("reject", by="person"))
    run = ScriptedRun(
        answers,
        tools=(SEARCH_TOOL,),
        bodies={"search_tools": lambda arguments: "sent"},
        approver=asked,
        policy=Policy((Rule("*", "ask"),)),
        routing=WORDS,
    )
    await run.run("Search tools.")
    assert [question.tool for question in asked.questions] == [SEARCH_TOOL]
    assert run.bodies.ran == []


async def test_a_search_beside_rules_and_other_selectors_stays_within_reach() -> None:
    plan = RoutingPlan(
        name="mine",
        use=("rules", "words", "examples", "simulated-search"),
        top=1,
        rules=(RoutingRule(("track_order", "cancel_order"), words=("parcel",)),),
    )
    tools = with_search_tool(Toolset([Tool({**tool.document, "examples": ["my parcel"]}) for tool in TOOLS]), plan)
    run = ScriptedRun(script(says("Hm.")), tools=tools, routing=plan)
    await run.run("Where is my parcel now?")
    assert sent(run) == [("track_order", "search_tools")]


async def test_a_search_finds_nothing_that_is_never_offered_and_its_results_fit() -> None:
    plan = RoutingPlan(name="simulated-search", use=("simulated-search",), never=("parcel_0",))
    many = Toolset([Tool.make(f"parcel_{number}", f"Parcel {number}. {'Long. ' * 900}") for number in range(6)])
    tools = with_search_tool(many, plan)

    async def found(max_chars: int) -> tuple[tuple[str, ...], int]:
        executor = with_search(Bodies({}), tools, plan, max_chars).executor_for(SEARCH_TOOL)
        assert executor is not None
        order = ExecutionOrder(RunId("r"), CallId("c"), SEARCH_TOOL, {"query": "parcel 0"}, 1.0)
        text = result_text((await executor.execute(order)).value)
        return found_in([text], tools), len(text)

    for max_chars in (50_000, 1_000, 300, 100):
        names, length = await found(max_chars)
        assert names
        assert "parcel_0" not in names
        assert length <= max_chars
    assert len((await found(300))[0]) == 5


def test_a_project_that_has_a_tool_of_the_searchs_name_is_told_so() -> None:
    with pytest.raises(UsageError, match="a tool of the project has it"):
        with_search_tool(Toolset([Tool.make("search_tools", "Mine.")]), SEARCH)


def test_what_is_no_search_result_finds_nothing() -> None:
    tools = Toolset(list(TOOLS))
    assert found_in(
        ["prose", "[]", '{"found": 3}', '{"found": [{"name": "gone"}, {"name": "get_weather"}]}'], tools
    ) == ("get_weather",)
