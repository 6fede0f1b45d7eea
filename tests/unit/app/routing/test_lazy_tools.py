"""Lazy tools: loaders run once, when first chosen, and one that fails costs its own tool only."""

import asyncio
from collections import Counter

import pytest

from tests.support.runs import DirectChecker, settle_down
from workbench.app.routing.loading import LazyTools
from workbench.app.routing.project_router import ProjectRouter
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.json_text import JsonValue
from workbench.core.routing.applied import narrowed, resolve_routed
from workbench.core.routing.plan import Narrow, RoutingPlan
from workbench.core.routing.situation import Situation
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, ChoiceSupport
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Executor

TOOLS = Toolset([Tool.make("track_parcel", "Where is a parcel?"), Tool.make("weigh_parcel"), Tool.make("hand_over")])
PLAN = RoutingPlan(name="words", top=1, always=("hand_over",))
SCHEMA: JsonValue = {"inputSchema": {"type": "object", "properties": {"number": {"type": "integer"}}}, "name": "other"}


class Loader:
    """Counts its runs, and waits until it may go on."""

    name = "python shop:load"

    def __init__(self, *answers: JsonValue | Exception) -> None:
        self.answers = list(answers)
        self.runs = 0
        self.limits: list[float] = []
        self.began, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.may_go_on.set()

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        self.runs += 1
        self.began.set()
        self.limits.append(order.time_limit_s)
        await self.may_go_on.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ExecutionResult(answer)


def router(**loaders: Executor) -> tuple[ProjectRouter, LazyTools]:
    lazy = LazyTools(lambda tool: loaders.get(tool.name))
    return ProjectRouter(DirectChecker(), lazy=lazy), lazy


def asked(request: str = "where is the parcel", *, may_load: bool = True) -> Situation:
    return Situation(tools=TOOLS, request=request, may_load=may_load)


async def test_a_loader_runs_when_its_tool_is_first_chosen_and_completes_it() -> None:
    loader = Loader(SCHEMA)
    found, _ = router(track_parcel=loader)
    await found.route(PLAN, asked("weigh it"))
    await found.route(PLAN, asked(may_load=False))
    assert loader.runs == 0
    routed = await found.route(PLAN, asked())
    assert routed.offered == ("track_parcel", "hand_over")
    assert routed.loaded == {"track_parcel": SCHEMA}
    tool = narrowed(TOOLS, routed).named("track_parcel")
    assert tool is not None
    assert tool.description == "Where is a parcel?"
    assert tool.input_schema["properties"] == {"number": {"type": "integer"}}
    assert "loaded: track_parcel" in routed.trail
    assert (await found.route(PLAN, asked())).loaded == routed.loaded
    assert loader.runs == 1


async def test_two_runs_that_choose_a_tool_at_once_run_its_loader_once_and_one_may_be_stopped() -> None:
    loader = Loader(SCHEMA)
    loader.may_go_on.clear()
    found, _ = router(track_parcel=loader)
    runs = [asyncio.create_task(found.route(PLAN, asked())) for _ in range(3)]
    await loader.began.wait()
    runs.pop().cancel()
    loader.may_go_on.set()
    assert [len((await run).loaded) for run in runs] == [1, 1]
    assert loader.runs == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ToolError("ValueError: no catalog", kind="exception"), "its loader failed: ValueError: no catalog"),
        (ToolError("late", kind="timeout"), "its loader failed: no answer within 2 s"),
        (ExecutorUnavailable("the project's code is not trusted"), "the project's code is not trusted"),
        ("prose", "its loader returned no keys of a tool"),
        ({"inputSchema": "none"}, "must be an object"),
    ],
)
async def test_in_the_place_of_a_tool_whose_loader_fails_comes_the_next_one(
    answer: JsonValue | Exception, words: str
) -> None:
    loader = Loader(answer, SCHEMA)
    found, _ = router(track_parcel=loader)
    plan = RoutingPlan(name="words", top=1, always=("hand_over",), seconds=2)
    routed = await found.route(plan, asked())
    assert routed.offered == ("weigh_parcel", "hand_over")
    assert "track_parcel is left out: " in routed.note
    assert words in routed.note
    assert routed.state_of("track_parcel") == "not loaded"
    assert loader.limits == [2]
    assert (await found.route(plan, asked())).offered == ("track_parcel", "hand_over")


@pytest.mark.log_expected
async def test_a_loader_that_breaks_costs_its_own_tool_only_and_is_tried_again() -> None:
    found, _ = router(track_parcel=Loader(OSError("no such pipe"), SCHEMA))
    routed = await found.route(PLAN, asked())
    assert routed.offered == ("weigh_parcel", "hand_over")
    assert "track_parcel is left out: its loader failed (OSError)." in routed.note
    assert (await found.route(PLAN, asked())).offered == ("track_parcel", "hand_over")


async def test_a_loader_that_fails_after_its_run_was_stopped_is_tried_again_at_once() -> None:
    loader = Loader(ToolError("no catalog", kind="exception"), SCHEMA)
    loader.may_go_on.clear()
    found, _ = router(track_parcel=loader)
    run = asyncio.create_task(found.route(PLAN, asked()))
    await loader.began.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    loader.may_go_on.set()
    await settle_down()
    assert (await found.route(PLAN, asked())).offered == ("track_parcel", "hand_over")


@pytest.mark.parametrize("narrow", ["tool-search", "allowed-tools"])
async def test_a_tool_that_is_not_loaded_is_left_to_no_search(narrow: Narrow) -> None:
    found, _ = router(weigh_parcel=Loader(SCHEMA))
    plan = RoutingPlan(name="words", top=1, narrow=narrow)
    routed = await found.route(plan, asked("hand over"))
    sent = resolve_routed(AUTO, TOOLS, routed, ChoiceSupport(tool_search=True), plan)
    assert sent.offered == ("track_parcel", "hand_over")


async def test_where_nothing_can_be_loaded_the_fallback_keeps_what_is_always_offered() -> None:
    loaders = {name: Loader(ToolError("broken"), ToolError("broken")) for name in ("track_parcel", "weigh_parcel")}
    found, _ = router(**loaders)
    routed = await found.route(PLAN, asked())
    assert routed.offered == ("hand_over",)
    assert routed.how == "fallback"
    assert Counter(loader.runs for loader in loaders.values()) == {1: 2}


async def test_a_closed_project_ends_its_loaders() -> None:
    loader = Loader(SCHEMA)
    loader.may_go_on.clear()
    found, lazy = router(track_parcel=loader)
    run = asyncio.create_task(found.route(PLAN, asked()))
    await loader.began.wait()
    await lazy.close()
    with pytest.raises(asyncio.CancelledError):
        await run
