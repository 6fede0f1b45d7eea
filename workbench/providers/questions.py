"""Short questions to a server: which models it offers, and how many tokens a tool is.

Asking for models costs nothing, so it is also how a connection is tried out. Tokens are asked for only on purpose:
the tool leaves this machine. Vendors count whole requests, so a tool's share is the difference of two.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import TypeVar

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.server_words import words_of_text
from workbench.core.tool import Tool
from workbench.providers.adapter import account_at
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.http_transport import ask
from workbench.providers.wire import Wire

LIST_TIMEOUT_S = 15.0
COUNT_TIMEOUT_S = 20.0
EMBED_TIMEOUT_S = 30.0
EMBEDDED_AT_ONCE = 64
MAX_MODELS = 2_000
_WRONG_SHAPE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
R = TypeVar("R")


async def list_models(wire: Wire, *, base_url: str = "", key: KeySource = None, key_name: str = "") -> tuple[str, ...]:
    """The ids of the models, in the server's order. Raises `ProviderFailure` with advice and without the key."""

    async def ask_server(secret: ApiKey) -> tuple[str, ...]:
        text = await _ask(wire, base_url, secret, wire.listing.path, timeout_s=LIST_TIMEOUT_S)
        try:
            return tuple(map(str, islice(wire.listing.ids(json.loads(text)), MAX_MODELS)))
        except _WRONG_SHAPE:
            raise _something_else("a list of models", text) from None

    return await _with_key(wire, base_url, key, key_name, ask_server)


async def count_tool(
    wire: Wire, model: str, tools: tuple[Tool, ...], *, base_url: str = "", key: KeySource = None, key_name: str = ""
) -> int:
    """The tokens that `tools` add to a request; raises `ProviderFailure` with advice and without the key.

    Only for wires that have `counting`.
    """
    counting = wire.counting
    assert counting is not None
    encoded = [wire.load(not base_url).encode_tool(tool, None) for tool in tools]

    async def count_tool_tokens(secret: ApiKey, definitions: list[JsonObject]) -> int:
        body = counting.body(model, definitions)
        text = await _ask(wire, base_url, secret, counting.path(model), timeout_s=COUNT_TIMEOUT_S, body=body)
        try:
            return int(json.loads(text)[counting.answer_key])
        except _WRONG_SHAPE:
            raise _something_else("a count of tokens", text) from None

    async def ask_server(secret: ApiKey) -> int:
        with_tools = await count_tool_tokens(secret, encoded)
        return max(0, with_tools - await count_tool_tokens(secret, []))

    return await _with_key(wire, base_url, key, key_name, ask_server)


async def embed_texts(
    wire: Wire, model: str, texts: Sequence[str], *, base_url: str = "", key: KeySource = None, key_name: str = ""
) -> list[Sequence[float]]:
    """A vector for each text, in their order. Raises `ProviderFailure` with advice and without the key.

    Only for wires that have `embedding`.
    """
    embedding = wire.embedding
    assert embedding is not None

    async def ask_server(secret: ApiKey) -> list[Sequence[float]]:
        found: list[Sequence[float]] = []
        for start in range(0, len(texts), EMBEDDED_AT_ONCE):
            body: JsonObject = {"model": model, "input": list[JsonValue](texts[start : start + EMBEDDED_AT_ONCE])}
            text = await _ask(wire, base_url, secret, embedding.path, timeout_s=EMBED_TIMEOUT_S, body=body)
            try:
                found += embedding.vectors(json.loads(text))
            except _WRONG_SHAPE:
                raise _something_else("a list of vectors", text) from None
        return found

    return await _with_key(wire, base_url, key, key_name, ask_server)


async def _with_key(
    wire: Wire, base_url: str, key: KeySource, key_name: str, act: Callable[[ApiKey], Awaitable[R]]
) -> R:
    account = account_at(wire, base_url or None, key_name)
    secret = ApiKey(key)
    if not secret and not base_url:
        raise account.no_key()
    try:
        return await act(secret)
    except ProviderFailure as found:
        failure = account.present(found, secret)
    raise failure  # outside of the handler: the first one may hold the key


async def _ask(
    wire: Wire, base_url: str, key: ApiKey, path: str, *, timeout_s: float, body: JsonObject | None = None
) -> str:
    address = (base_url or wire.base_url).rstrip("/") + path
    return await ask(
        address, wire.http.headers_with(key), wire.load(not base_url).kind_of, timeout_s=timeout_s, body=body
    )


def _something_else(what: str, text: str) -> ProviderFailure:
    return ProviderFailure(
        f"The answer is not {what}: {words_of_text(text)}", kind="malformed", hint="Check the base URL and the wire."
    )
