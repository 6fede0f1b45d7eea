"""How many tokens a tool is, by the vendor's own counter. Asked only on purpose: the tool leaves this machine.

Vendors count whole requests, so a tool's share is the difference of two: one with it, one without.
"""

import json
from typing import Any

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.providers.account import Account
from workbench.providers.anthropic.failures import kind_of as anthropic_kind
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.guarded_http import guard_answers
from workbench.providers.openai_chat.failures import kind_of as openai_kind
from workbench.providers.tool_dialects import encode_tool_for
from workbench.providers.wire_failure import failure_of_status, failure_of_transport

TIMEOUT_S = 20.0
COUNTING_WIRES = ("openai-responses", "anthropic")
"""The wires whose vendors have a counter."""

_ADDRESS = {"openai-responses": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
_VENDOR = {"openai-responses": "OpenAI", "anthropic": "Anthropic"}
_ANTHROPIC_VERSION = "2023-06-01"
_MESSAGE = "Hello."


async def count_tool(
    wire: str, model: str, tools: tuple[Tool, ...], *, base_url: str = "", key: KeySource = None, key_name: str = ""
) -> int:
    """The tokens that `tools` add to a request; raises `ProviderFailure` with advice and without the key."""
    account = Account("The server" if base_url else _VENDOR[wire], key_name or "the key", base_url or None)
    secret = ApiKey(key)
    if not secret and not base_url:
        raise account.no_key()
    try:
        address = base_url or _ADDRESS[wire]
        with_tools = await _asked(wire, address, secret, _body(wire, model, tools))
        return max(0, with_tools - await _asked(wire, address, secret, _body(wire, model, ())))
    except ProviderFailure as found:
        failure = account.present(found, secret)
    raise failure


def _body(wire: str, model: str, tools: tuple[Tool, ...]) -> JsonObject:
    encoded = [encode_tool_for(wire, tool, strict=False)[0] for tool in tools]
    body: JsonObject = {"model": model}
    if wire == "anthropic":
        body["messages"] = [{"role": "user", "content": _MESSAGE}]
    else:
        body["input"] = _MESSAGE
    if encoded:
        body["tools"] = list(encoded)
    return body


async def _asked(wire: str, address: str, key: ApiKey, body: JsonObject) -> int:
    import httpx2  # comes with the vendors' SDKs; not wanted at program start

    path = "/v1/messages/count_tokens" if wire == "anthropic" else "/responses/input_tokens"
    headers = {"anthropic-version": _ANTHROPIC_VERSION} if wire == "anthropic" else {}
    if key:
        headers["Authorization"] = key.bearer
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=True) as client:
            guard_answers(client)
            answer = await client.post(address.rstrip("/") + path, headers=headers, json=body)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise failure_of_transport(error) from None
    except UnicodeEncodeError:
        raise ProviderFailure("The tool holds characters that cannot be sent.", kind="invalid_request") from None
    if answer.status_code != 200:
        raise failure_of_status(answer, openai_kind if wire == "openai-responses" else anthropic_kind)
    return _count(answer.text)


def _count(text: str) -> int:
    try:
        found: Any = json.loads(text)["input_tokens"]
        return int(found)
    except (ValueError, KeyError, TypeError):
        raise ProviderFailure(
            "The answer is not a count of tokens.", kind="malformed", mend="Check the base URL and the wire."
        ) from None
