"""What the inspector says about the tools of a round."""

from tests.support.event_kinds import one_of_each
from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.event import ToolsRouted
from workbench.core.ids import SpanPath
from workbench.core.routing.plan import RoutingPlan
from workbench.core.tool import Tool
from workbench.core.trace import Trace, fold
from workbench.viewmodels.routing.routed_tools import routing_row, tools_text
from workbench.viewmodels.trace.trace import TraceViewModel


def test_it_says_what_was_offered_and_why() -> None:
    text, hint = tools_text(fold(one_of_each()), SpanPath("turn-1/round-1/call-1"))
    assert text.splitlines()[0].split(maxsplit=2) == ["0.90", "look", "offered  shares look"]
    assert "not offered" in text.splitlines()[1]
    assert hint == "words: offers look 0.90, ≈ 40 tokens saved"


def test_without_routing_every_tool_was_offered() -> None:
    log = [event for event in one_of_each() if not isinstance(event, ToolsRouted)]
    assert tools_text(fold(log), SpanPath("")) == ("look", "Nothing was routed: every tool was offered.")
    assert tools_text(fold(log[:3]), SpanPath("turn-1")) == ("", "This span has no round yet.")


async def test_it_says_which_part_of_a_prompt_cache_is_lost_within_a_run_and_across_runs() -> None:
    tools = (Tool.make("track", "parcel"), Tool.make("stop", "order"), Tool.make("rain", "weather"))

    async def asked(request: str) -> Trace:
        bodies = {tool.name: lambda arguments: "weather" for tool in tools}
        plan = RoutingPlan(name="words", top=1, reroute="round")
        run = ScriptedRun(script(calls(call("track")), says("Yes.")), tools=tools, bodies=bodies, routing=plan)
        await run.run(request)
        return run.trace

    first, other = await asked("parcel"), await asked("order")
    text, _ = tools_text(first, SpanPath("turn-1/round-2"))
    assert "The tools changed since the request before: + rain." in text
    assert "the tools are the same up to track; ≈" in text
    text, _ = tools_text(other, SpanPath("turn-1/round-1"), first)
    assert "The tools changed since the run before: + stop, − track, − rain." in text
    assert "the first tool is another one" in text
    assert "prompt cache" not in tools_text(first, SpanPath("turn-1/round-1"))[0]


async def test_what_chose_the_tools_of_a_round_is_found_in_it_or_before_it() -> None:
    tools = (Tool.make("track", "parcel"), Tool.make("rain", "weather"))
    plan = RoutingPlan(name="words", top=1, reroute="round")
    bodies = {tool.name: lambda arguments: "weather" for tool in tools}
    run = ScriptedRun(script(calls(call("track")), says("Yes.")), tools=tools, bodies=bodies, routing=plan)
    await run.run("parcel")
    trace = TraceViewModel()
    trace.apply(list(run.log))

    def found(span: str) -> str:
        row = routing_row(trace.rows, trace.rows[0].run_id, SpanPath(span))
        return row.span if row is not None else ""

    assert found("turn-1/round-1/call-1") == found("turn-1") == found("") == "turn-1/round-1/routing"
    assert found("turn-1/round-2") == found("turn-1/round-3") == "turn-1/round-2/routing"
    assert found("turn-2/round-1") == ""
