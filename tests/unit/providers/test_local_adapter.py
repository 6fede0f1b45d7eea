"""The real local model behind its adapter. No limits of seconds here: its threads spin on a busy machine."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from importlib.util import find_spec

import pytest

from workbench.core.content import ToolCallPart
from workbench.core.exchange import Delta, ModelRequest, ModelResponse
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.message import Message, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.engine.ports import Provider
from workbench.providers.local.adapter import LocalAdapter

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
]

CITY: JsonObject = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = Toolset([Tool.make("get_weather", "Get the current weather in one city.", CITY)])
QUESTION = UserMessage("What is the weather in Tokyo and London?")


@pytest.fixture
async def adapter() -> AsyncIterator[LocalAdapter]:
    made = LocalAdapter()
    yield made
    await made.close()


async def answer(adapter: Provider, *messages: Message, tools: Toolset = TOOLS) -> ModelResponse:
    items = [item async for item in adapter.stream(adapter.encode(ModelRequest("needle-3", messages, tools=tools)))]
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


async def test_a_conversation_goes_on_and_a_replayed_one_gives_the_same_answers(adapter: LocalAdapter) -> None:
    first = await answer(adapter, QUESTION)
    history: list[Message] = [QUESTION, first.message, results(first.calls, '{"temperature":16}', '{"temperature":12}')]
    second = await answer(adapter, *history)
    assert (second.calls, second.stop_reason) == ((), "answered")
    history += [second.message, UserMessage("And in Paris?")]
    third = await answer(adapter, *history)
    assert cities(third) == ["Paris"]
    assert third.calls[0].wire_call_id == "call_3"
    assert len(await adapter.embed(["in between"])) == 1
    assert meaning(await answer(adapter, UserMessage("Weather in Rome"))) != meaning(third)
    assert meaning(await answer(adapter, *history)) == meaning(third)


async def test_vectors_in_between_do_not_disturb_a_conversation(adapter: LocalAdapter) -> None:
    first = await answer(adapter, QUESTION)
    history: list[Message] = [QUESTION, first.message, results(first.calls, "16", "12"), UserMessage("And in Paris?")]
    whole = await answer(adapter, *history)
    await answer(adapter, QUESTION)
    await adapter.embed(["one", "two"])
    assert meaning(await answer(adapter, *history)) == meaning(whole)


async def test_an_error_result_lets_the_model_correct_itself(adapter: LocalAdapter) -> None:
    first = await answer(adapter, UserMessage("weather in Atlantis"))
    told = '{"error":{"kind":"exception","message":"There is no city Atlantis in the data. Near matches: Atlanta."}}'
    second = await answer(adapter, UserMessage("weather in Atlantis"), first.message, results(first.calls, told))
    assert (cities(first), cities(second)) == (["Atlantis"], ["Atlanta"])


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
    before = adapter._process.pid
    task = asyncio.create_task(answer(adapter, UserMessage("bla " * 4500)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cities(await answer(adapter, QUESTION)) == ["Tokyo", "London"]
    assert adapter._process.pid != before


async def test_texts_that_mean_the_same_are_nearer_than_others(adapter: LocalAdapter) -> None:
    rain, wet, invoice = await adapter.embed(["Is it raining?", "Will it rain today?", "Send the invoice to Ana"])
    assert len(rain) == len(wet) == len(invoice) > 100
    assert nearness(rain, wet) > nearness(rain, invoice)


async def test_every_tool_choice_is_left_to_emulation(adapter: LocalAdapter) -> None:
    support = adapter.choice_support("needle-3")
    assert not any((support.required, support.named, support.subset, support.none, support.parallel_off))
    assert support.why


def nearness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True)) / (math.hypot(*one) * math.hypot(*other))
