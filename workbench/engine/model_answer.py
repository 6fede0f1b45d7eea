"""One answer of the run's model to what a tool's server asks, outside of the run's own conversation."""

import asyncio
from collections.abc import AsyncGenerator

from workbench.core.content import TextPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelRequest, ModelResponse, Usage
from workbench.core.json_text import JsonObject
from workbench.core.message import AssistantMessage, Message, UserMessage
from workbench.core.server_question import ModelAsked
from workbench.engine.ports import Provider
from workbench.engine.setup import RunSetup

_LIMIT_S = 300.0


async def model_answer(provider: Provider, setup: RunSetup, asked: ModelAsked) -> tuple[JsonObject, Usage]:
    """The answer as MCP has it, and what it took. No tools are offered, and nothing of the run is sent.

    Raises `ProviderFailure`, `UsageError` for what the wire cannot express, and `TimeoutError`.
    """
    messages: list[Message] = [
        UserMessage(text) if role == "user" else AssistantMessage((TextPart(text),)) for role, text in asked.messages
    ]
    request = ModelRequest(
        model=setup.model,
        messages=tuple(messages),
        instructions=asked.system,
        max_output_tokens=asked.max_tokens,
        parameters=setup.parameters,
        settings=setup.settings,
    )
    async with asyncio.timeout(_LIMIT_S):
        response = await _response(provider, request)
    if not response.message.text:
        raise ProviderFailure("The model gave no text.", kind="cut_off")
    reason = "maxTokens" if response.stop_reason == "length" else "endTurn"
    content: JsonObject = {
        "role": "assistant",
        "content": {"type": "text", "text": response.message.text},
        "model": setup.model,
        "stopReason": reason,
    }
    return content, response.usage or Usage(output_tokens=asked.max_tokens)


async def _response(provider: Provider, request: ModelRequest) -> ModelResponse:
    stream = provider.stream(provider.encode(request))
    try:
        async for item in stream:
            if isinstance(item, ModelResponse):
                return item
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()
    raise ProviderFailure("The answer was cut off: the stream ended without a response.", kind="cut_off")
