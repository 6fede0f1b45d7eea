"""The real local model behind its adapter. No limits of seconds here."""

import asyncio
import json
import math
import os
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec

import pytest

from tests.support.tally import size
from workbench.core.content import ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelRequest, ModelResponse
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.message import Message, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import AUTO, NONE, REQUIRED, ResolvedChoice, ToolChoice, resolve_choice
from workbench.engine.ports import Provider
from workbench.providers.local.adapter import LocalAdapter
from workbench.providers.local.encode import needle_tools
from workbench.providers.local.pool import NeedlePool
from workbench.providers.worker_process import WorkerProcess

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
]

in_reliability = pytest.mark.skipif(not size(0, 1, 1), reason="`make reliability` does it")
"""For what reads further sets of tools, which takes the engine seconds."""

CITY: JsonObject = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = Toolset([Tool.make("get_weather", "Get the current weather in one city.", CITY)])
QUESTION = UserMessage("What is the weather in Tokyo and London?")


@pytest.fixture
async def adapter() -> AsyncIterator[LocalAdapter]:
    made = LocalAdapter()
    yield made
    await made.close()


async def answer(
    adapter: Provider, *messages: Message, tools: Toolset = TOOLS, choice: ToolChoice = AUTO
) -> ModelResponse:
    request = ModelRequest("needle-3", messages, tools=tools, tool_choice=choice)
    items = [item async for item in adapter.stream(adapter.encode(request))]
    *deltas, response = items
    assert all(isinstance(delta, Delta) for delta in deltas)
    assert isinstance(response, ModelResponse)
    return response


def results(calls: tuple[ToolCallPart, ...], *texts: str) -> ToolResultsMessage:
    return ToolResultsMessage(
        tuple(
            ToolResult(CallId(""), call.wire_call_id, call.tool, text) for call, text in zip(calls, texts, strict=True)
        )
    )


def cities(response: ModelResponse) -> list[str]:
    return [json.loads(call.arguments_json)["city"] for call in response.calls]


def meaning(response: ModelResponse) -> tuple[object, ...]:
    return response.parts, response.stop_reason, response.details["confidence"]


async def test_two_cities_are_two_calls_in_one_answer(adapter: LocalAdapter) -> None:
    response = await answer(adapter, QUESTION)
    assert cities(response) == ["Tokyo", "London"]
    assert [call.wire_call_id for call in response.calls] == ["call_1", "call_2"]
    assert response.stop_reason == "tool_calls"
    assert 0 < response.details["confidence"] <= 1


@in_reliability
async def test_a_conversation_goes_on_and_a_replayed_one_gives_the_same_answers(adapter: LocalAdapter) -> None:
    first = await answer(adapter, QUESTION)
    history: list[Message] = [QUESTION, first.message, results(first.calls, '{"temperature":16}', '{"temperature":12}')]
    second = await answer(adapter, *history)
    assert (second.calls, second.stop_reason) == ((), "answered")
    history += [second.message, UserMessage("And in Paris?")]
    third = await answer(adapter, *history)
    assert cities(third) == ["Paris"]
    assert third.calls[0].wire_call_id == "call_3"
    assert meaning(await answer(adapter, UserMessage("Weather in Rome"))) != meaning(third)
    assert meaning(await answer(adapter, *history)) == meaning(third)


@in_reliability
async def test_vectors_in_between_do_not_disturb_a_conversation() -> None:
    process = WorkerProcess()
    adapter = LocalAdapter(NeedlePool(lambda threads: process, at_once=1))
    first = await answer(adapter, QUESTION)
    history: list[Message] = [QUESTION, first.message, results(first.calls, "16", "12"), UserMessage("And in Paris?")]
    whole = await answer(adapter, *history)
    await process.ask("embed", texts=["one", "two"])
    again = LocalAdapter(NeedlePool(lambda threads: process, at_once=1))
    assert meaning(await answer(again, *history)) == meaning(whole)
    await adapter.close()


async def test_an_error_result_lets_the_model_correct_itself(adapter: LocalAdapter) -> None:
    first = await answer(adapter, UserMessage("weather in Atlantis"))
    told = '{"error":{"kind":"exception","message":"There is no city Atlantis in the data. Near matches: Atlanta."}}'
    second = await answer(adapter, UserMessage("weather in Atlantis"), first.message, results(first.calls, told))
    assert (cities(first), cities(second)) == (["Atlantis"], ["Atlanta"])


@in_reliability
async def test_other_tools_are_loaded_for_the_next_request(adapter: LocalAdapter) -> None:
    assert cities(await answer(adapter, UserMessage("Weather in Oslo"))) == ["Oslo"]
    clock = Toolset([Tool.make("get_time", "Get the current local time in one city.", CITY)])
    response = await answer(adapter, UserMessage("What time is it in Oslo?"), tools=clock)
    assert [call.tool for call in response.calls] == ["get_time"]


async def test_without_tools_there_are_no_calls(adapter: LocalAdapter) -> None:
    response = await answer(adapter, QUESTION, tools=Toolset())
    assert (response.calls, response.stop_reason) == ((), "answered")
    assert response.message.text.startswith("Needle's note: ")


async def test_an_answer_cut_short_is_not_whole(adapter: LocalAdapter) -> None:
    wire = adapter.encode(ModelRequest("needle-3", (QUESTION,), tools=TOOLS, max_output_tokens=14))
    response = [item async for item in adapter.stream(wire)][-1]
    assert isinstance(response, ModelResponse)
    assert (response.is_whole, response.calls) == (False, ())


async def test_cancelling_ends_the_process_and_the_next_request_is_answered(adapter: LocalAdapter) -> None:
    await adapter.warm(TOOLS)
    before = adapter._pool.pids
    task = asyncio.create_task(answer(adapter, UserMessage("bla " * 4500)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cities(await answer(adapter, QUESTION)) == ["Tokyo", "London"]
    assert adapter._pool.pids != before


async def test_texts_that_mean_the_same_are_nearer_than_others() -> None:
    process = WorkerProcess()
    texts = ["Is it raining?", "Will it rain today?", "Send the invoice to Ana"]
    rain, wet, invoice = await process.ask("embed", texts=texts)
    assert len(rain) == len(wet) == len(invoice) > 100
    assert nearness(rain, wet) > nearness(rain, invoice)
    await process.close()


CLOCK = Tool.make("get_time", "Get the current local time in one city.", CITY)
MAIL = Tool.make("send_mail", "Send a mail.", {"type": "object", "properties": {"to": {"type": "string"}}})
THREE = Toolset([*TOOLS, CLOCK, MAIL])


def tools_called(response: ModelResponse) -> set[str]:
    return {call.tool for call in response.calls}


async def test_a_call_can_be_forced_and_the_conversation_goes_on_from_it(adapter: LocalAdapter) -> None:
    asked = UserMessage("What is the weather in Oslo?")
    assert tools_called(await answer(adapter, asked, tools=THREE)) == {"get_weather"}
    forced = await answer(adapter, asked, tools=THREE, choice=ToolChoice("required", ("get_time",)))
    assert (tools_called(forced), cities(forced)) == ({"get_time"}, ["Oslo"])
    some = ToolChoice("required", ("get_time", "send_mail"))
    assert tools_called(await answer(adapter, asked, tools=THREE, choice=some)) <= {"get_time", "send_mail"}
    small_talk = UserMessage("Thanks, bye.")
    assert (await answer(adapter, small_talk, tools=THREE)).calls == ()
    assert (await answer(adapter, small_talk, tools=THREE, choice=REQUIRED)).calls
    history = (asked, forced.message, results(forced.calls, '{"time":"12:00"}'))
    assert (await answer(adapter, *history, tools=THREE)).calls == ()
    assert (await answer(adapter, *history, tools=THREE, choice=REQUIRED)).calls
    assert len(adapter._pool.pids) == 1  # all of this is one set of tools


async def test_a_trigger_decides_which_tool_is_called(adapter: LocalAdapter) -> None:
    asked = UserMessage("How warm is it in Oslo?")
    assert tools_called(await answer(adapter, asked, tools=THREE)) == {"get_weather"}
    clock = Tool({**CLOCK.document, "triggers": ["how (warm|cold)"]})
    assert tools_called(await answer(adapter, asked, tools=Toolset([*TOOLS, clock, MAIL]))) == {"get_time"}
    broken = Tool({**CLOCK.document, "triggers": ["(how"]})
    with pytest.raises(ProviderFailure, match="trigger '\\(how' of the tool 'get_time'"):
        await answer(adapter, asked, tools=Toolset([*TOOLS, broken, MAIL]))


async def test_what_may_be_emulated_is_emulated_and_no_more(adapter: LocalAdapter) -> None:
    def resolved(choice: ToolChoice) -> ResolvedChoice:
        return resolve_choice(choice, THREE, adapter.choice_support("needle-3"))

    for choice in (AUTO, REQUIRED, ToolChoice("required", ("get_time",)), ToolChoice("required", ("get_time", "b"))):
        assert (resolved(choice).choice, resolved(choice).emulation) == (choice, "")
    some = resolved(ToolChoice("auto", ("get_time", "send_mail")))
    assert (some.offered, bool(some.emulation)) == (("get_time", "send_mail"), True)
    none = resolved(NONE)
    assert (none.offered, bool(none.emulation)) == ((), True)


@pytest.mark.skipif(sys.platform != "linux", reason="the engine's threads can be chosen on Linux only")
async def test_the_engine_has_as_many_threads_as_it_is_given() -> None:
    process = WorkerProcess(threads=lambda: 1)
    await process.ask("load", system="", tools=needle_tools(TOOLS))
    assert len(os.listdir(f"/proc/{process.pid}/task")) == 1  # noqa: PTH208 — not a folder on a disk
    await process.close()


@in_reliability
async def test_two_sets_of_tools_are_ready_at_the_same_time_and_answers_are_kept(adapter: LocalAdapter) -> None:
    first, second = Toolset([*TOOLS, CLOCK]), Toolset([*TOOLS, MAIL])
    wire = adapter.encode(ModelRequest("needle-3", (QUESTION,), tools=first))
    assert adapter.effort(wire).load_s > 0
    before = await answer(adapter, QUESTION, tools=first)
    await answer(adapter, QUESTION, tools=second)
    assert len(adapter._pool.pids) == 2
    other = adapter.encode(ModelRequest("needle-3", (UserMessage("Weather in Rome"),), tools=first))
    assert (adapter.effort(wire).answer_s, adapter.effort(other).load_s) == (0.0, 0.0)
    assert adapter.effort(other).answer_s > 0
    assert adapter.effort(wire).load == adapter.effort(other).load
    assert await answer(adapter, QUESTION, tools=first) == before


def nearness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True)) / (math.hypot(*one) * math.hypot(*other))
