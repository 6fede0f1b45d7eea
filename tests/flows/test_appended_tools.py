"""Forks that change tools without touching anything before the point: the changes are announced there."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.replays import ForkOfRun, rerun_of
from tests.support.runs import ScriptedRun
from tests.support.scripts import NUMBER, TEXT, call, calls, says, schema, script
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.event import RequestSent, RunStarted
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.tool import Tool
from workbench.core.tool_changes import KEY, split_settings
from workbench.core.tool_choice import ChoiceSupport
from workbench.core.variant import ToolEdit, Variant
from workbench.providers.adapter import WireAdapter
from workbench.providers.anthropic.models import version_headers
from workbench.providers.anthropic.wire import ANTHROPIC

WEATHER = Tool.make("get_weather", "Weather of a city.", schema("city", city=TEXT))
ADD = Tool.make("add", "Add two numbers.", schema("a", "b", a=NUMBER, b=NUMBER))
WIRE = "anthropic_messages"
VARIANT = Variant(name="new", tools={"get_weather": ToolEdit(description="Only the weather.")}, removed=("add",))


class Claude:
    """Writes requests as Anthropic wants them; calls once, then answers."""

    name = "anthropic"

    def __init__(self) -> None:
        self.adapter = WireAdapter(ANTHROPIC, api_key="none")
        self.bodies: list[dict[str, Any]] = []

    def choice_support(self, model: str) -> ChoiceSupport:
        return self.adapter.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        return self.adapter.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.bodies.append(json.loads(wire.body_json))
        if len(self.bodies) == 1:
            yield ModelResponse((ToolCallPart("toolu_9", "get_weather", '{"city": "Oslo"}'),), "tool_calls")
        else:
            yield ModelResponse((TextPart("Done."),), "answered")

    async def close(self) -> None:
        pass


async def a_fork(at: str, variant: Variant = VARIANT) -> tuple[ForkOfRun, Claude]:
    run = ScriptedRun(
        script(calls(call("get_weather", city="Oslo"), call("add", a=1, b=2)), says("3.")),
        tools=(WEATHER, ADD),
        bodies={"get_weather": lambda arguments: "fine", "add": lambda arguments: 3},
    )
    await run.run("How is it?")
    claude = Claude()
    fork = ForkOfRun(run.log, at, script(), variant=variant, keep="append_only", provider=claude, to_wire=WIRE)
    await fork.run()
    return fork, claude


@pytest.mark.parametrize(("at", "place"), [("turn-1", 1), ("round-1", 1), ("round-1/call-2", 3), ("round-2", 3)])
async def test_the_tools_at_the_top_stay_and_the_changes_follow_what_was_said_last(at: str, place: int) -> None:
    fork, claude = await a_fork(at)
    first, *later = claude.bodies
    assert [tool["description"] for tool in first["tools"]] == ["Weather of a city.", "Add two numbers."]
    told = first["messages"][place]
    assert told["role"] == "system"
    assert [block["type"] for block in told["content"]] == ["tool_removal", "tool_definition"]
    assert told["content"][0]["tool"] == {"type": "tool_reference", "name": "add"}
    assert told["content"][1]["definition"]["description"] == "Only the weather."
    for body in later:
        assert body["tools"] == first["tools"]
        assert body["messages"][: len(first["messages"])] == first["messages"]
    assert KEY not in first
    assert "are announced at the fork" in fork.forked.fork.keeping.why
    assert set(version_headers(first)["anthropic-beta"].split(",")) == {
        "mid-conversation-tool-changes-2026-07-01",
        "inline-tools-2026-09-15",
    }


async def test_such_a_fork_runs_again_to_the_same_and_is_forked_on_with_its_changes() -> None:
    fork, _ = await a_fork("round-2")
    assert (await rerun_of(fork.log, WireAdapter(ANTHROPIC, api_key="none"))).divergence is None
    claude = Claude()
    on = ForkOfRun(fork.log, "round-3", script(), provider=claude, to_wire=WIRE)
    await on.run()
    sent = [event for event in fork.log if isinstance(event, RequestSent)][-1]
    assert claude.bodies[0]["messages"][:4] == json.loads(sent.body_json)["messages"][:4]


async def test_from_before_the_changes_or_over_another_wire_they_are_no_longer_told() -> None:
    fork, _ = await a_fork("round-2")
    claude = Claude()
    early = ForkOfRun(fork.log, "round-1", script(), provider=claude, to_wire=WIRE)
    await early.run()
    assert [tool["name"] for tool in claude.bodies[0]["tools"]] == ["get_weather"]
    assert all(message["role"] != "system" for message in claude.bodies[0]["messages"])
    other = ForkOfRun(fork.log, "round-3", script(says("Fine.")))
    await other.run()
    started = next(iter(other.log))
    assert isinstance(started, RunStarted)
    assert KEY not in started.settings


def test_nonsense_in_the_settings_of_a_record_is_no_change_of_tools() -> None:
    for nonsense in (7, {}, {"after": "x"}, {"after": 1, "before": [{"name": 7}]}):
        assert split_settings({"temperature": 0, KEY: nonsense}) == ({"temperature": 0}, None)
