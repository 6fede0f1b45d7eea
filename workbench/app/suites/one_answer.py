"""One question to a model, outside of any run, whose whole answer is text."""

import re

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.core.errors import UsageError
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.json_text import JsonValue, json_in
from workbench.core.message import UserMessage

_FENCE = re.compile(r"\A```[a-z]*\n(.*?)\n?```\Z", re.DOTALL)


async def answer_of(providers: ProviderRegistry, spec: str, role: str, said: str, *, max_tokens: int) -> str:
    """What the model answers to `said`, with `role` as its instructions. Raises `UsageError` for a model that cannot be
    asked or gives no whole answer, `ProviderFailure` when the provider fails."""
    target = providers.target(spec)
    providers.check_key(target)
    provider = providers.provider(target)
    request = ModelRequest(
        model=target.model, messages=(UserMessage(said),), instructions=role, max_output_tokens=max_tokens
    )
    response: ModelResponse | None = None
    async for item in provider.stream(provider.encode(request)):
        if isinstance(item, ModelResponse):
            response = item
    if response is None or not response.is_whole or not response.message.text.strip():
        raise UsageError(f"{spec} gave no complete answer", hint="Choose a model that writes text.")
    return response.message.text.strip()


def json_of(text: str) -> JsonValue:
    """The JSON value that an answer is, also inside a code fence; None where it is none."""
    fenced = _FENCE.match(text.strip())
    return json_in(fenced[1] if fenced else text)
