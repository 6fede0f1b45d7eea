"""The vendors' own tool search: how tools are left to it, and what an answer says was searched, found and called."""

import json

import pytest

from tests.contract.invented import TIME, WEATHER, read_answer, request, sent
from workbench.core.exchange import ToolSearch
from workbench.core.message import UserMessage
from workbench.core.routing.applied import resolve_routed
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Candidate, Routed
from workbench.core.routing.routed_words import search_line
from workbench.core.tool import Toolset
from workbench.core.tool_choice import AUTO, ChoiceSupport, ToolChoice
from workbench.providers.anthropic.models import choice_support as anthropic_support
from workbench.providers.openai_responses.wire import choice_support as responses_support

TOOLS = Toolset((WEATHER, TIME))
ROUTED = Routed(selector="words", request="rain?", offered=("get_weather",))
SEARCHED = {
    "openai_responses": (
        "tool_search.json",
        "gpt-5.5",
        (ToolSearch('{"paths":["time","clock"]}', ("get_time",)),),
        [{"type": "tool_search"}],
    ),
    "anthropic_messages": (
        "tool_search.sse",
        "claude-opus-5-5",
        (ToolSearch("what time", ("get_time",)), ToolSearch("zone", (), "unavailable")),
        [{"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}],
    ),
}


@pytest.mark.parametrize("wire", SEARCHED)
def test_deferred_tools_are_marked_and_the_search_is_offered_beside_them(wire: str) -> None:
    _, model, _, search = SEARCHED[wire]
    tools = sent(wire, request(model, deferred=("get_time",), messages=(UserMessage("Hi."),)))["tools"]
    assert {tool["name"]: tool.get("defer_loading") for tool in tools if tool not in search} == {
        "get_weather": None,
        "get_time": True,
    }
    assert [tool for tool in tools if tool in search] == search


@pytest.mark.parametrize("wire", SEARCHED)
def test_what_was_searched_found_and_called_is_read_and_goes_back_as_it_came(wire: str) -> None:
    name, model, searches, _ = SEARCHED[wire]
    _, response = read_answer(wire, name)
    assert response.searches == searches
    assert [call.tool for call in response.calls] == ["get_time"]
    assert "found get_time; then called get_time" in search_line(searches[0], response.calls)
    assert response.wire_copy is not None
    body = json.dumps(sent(wire, request(model, messages=(UserMessage("Hi."), response.message))))
    assert body.count("tool_search_output" if wire == "openai_responses" else "tool_search_tool_result") >= 1


def test_a_search_that_failed_says_so() -> None:
    assert search_line(ToolSearch("zone", (), "unavailable"), ()).endswith("failed: unavailable")
    assert search_line(ToolSearch("zone"), ()).endswith("found nothing")


@pytest.mark.parametrize(
    ("support", "narrow", "offered", "deferred", "choice", "says_so"),
    [
        (responses_support("gpt-5.5", is_own=True), "tool-search", TOOLS.names, ("get_time",), AUTO, False),
        (anthropic_support("claude-opus-5-5"), "tool-search", TOOLS.names, ("get_time",), AUTO, False),
        (responses_support("gpt-5", is_own=True), "tool-search", ("get_weather",), (), AUTO, True),
        (responses_support("gpt-5.5", is_own=False), "tool-search", ("get_weather",), (), AUTO, True),
        (anthropic_support("claude-3-5-haiku"), "tool-search", ("get_weather",), (), AUTO, True),
        (ChoiceSupport(), "allowed-tools", TOOLS.names, (), ToolChoice("auto", ("get_weather",)), False),
        (anthropic_support("claude-opus-5-5"), "allowed-tools", ("get_weather",), (), AUTO, True),
        (ChoiceSupport(tool_search=True), "tools", ("get_weather",), (), AUTO, False),
    ],
)
def test_a_wire_without_it_is_sent_the_chosen_tools_only_and_says_so(
    support: ChoiceSupport, narrow: str, offered: object, deferred: object, choice: ToolChoice, says_so: bool
) -> None:
    plan = RoutingPlan(name="words", narrow=narrow)  # type: ignore[arg-type]
    found = resolve_routed(AUTO, TOOLS, ROUTED, support, plan)
    assert (found.offered, found.deferred, found.choice) == (offered, deferred, choice)
    assert (bool(found.narrowing), found.emulation) == (says_so, "")


def test_tools_that_are_never_offered_are_not_left_to_a_search_either() -> None:
    routed = Routed(
        selector="words", request="", offered=("get_weather",), candidates=(Candidate("get_time", 0.0, "never"),)
    )
    plan = RoutingPlan(name="words", narrow="tool-search", never=("get_time",))
    assert resolve_routed(AUTO, TOOLS, routed, ChoiceSupport(tool_search=True), plan).offered == ("get_weather",)


def test_allowed_tools_are_sent_as_such_with_all_tools_before_them() -> None:
    body = sent("openai_responses", request("gpt-5.5", tool_choice=ToolChoice("auto", ("get_weather",)), messages=()))
    assert len(body["tools"]) == len(TOOLS)
    assert body["tool_choice"]["type"] == "allowed_tools"
