"""Which models a server offers. Asking costs nothing, so it is also how a connection is tried out."""

import json

from workbench.core.errors import ProviderFailure
from workbench.core.server_words import words_of_text
from workbench.providers.account import Account
from workbench.providers.anthropic.failures import kind_of as anthropic_kind
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.guarded_http import guard_answers
from workbench.providers.openai_chat.failures import kind_of as openai_kind
from workbench.providers.wire_failure import failure_of_status, failure_of_transport

TIMEOUT_S = 15.0
MAX_MODELS = 2_000
_OWN_ADDRESS = {
    "openai-chat": "https://api.openai.com/v1",
    "openai-responses": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}
_VENDOR = {"openai-chat": "OpenAI", "openai-responses": "OpenAI", "anthropic": "Anthropic"}
_KIND_OF = {"openai-chat": openai_kind, "openai-responses": openai_kind, "anthropic": anthropic_kind}
_ANTHROPIC_VERSION = "2023-06-01"


async def list_models(wire: str, *, base_url: str = "", key: KeySource = None, key_name: str = "") -> tuple[str, ...]:
    """The ids of the models, in the server's order. Raises `ProviderFailure` with advice and without the key."""
    vendor = "The server" if base_url else _VENDOR[wire]
    account = Account(vendor, key_name or "the key", base_url or None)
    secret = ApiKey(key)
    if not secret and not base_url:
        raise account.no_key()
    try:
        return await _asked(wire, base_url or _OWN_ADDRESS[wire], secret)
    except ProviderFailure as found:
        failure = account.present(found, secret)
    raise failure


async def _asked(wire: str, address: str, key: ApiKey) -> tuple[str, ...]:
    import httpx2  # comes with the vendors' SDKs; not wanted at program start

    path = "/v1/models?limit=1000" if wire == "anthropic" else "/models"
    headers = {"anthropic-version": _ANTHROPIC_VERSION} if wire == "anthropic" else {}
    if key:
        headers["Authorization"] = key.bearer
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=True) as client:
            guard_answers(client)
            answer = await client.get(address.rstrip("/") + path, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise failure_of_transport(error) from None
    if answer.status_code != 200:
        raise failure_of_status(answer, _KIND_OF[wire])
    return _ids(answer.text)


def _ids(text: str) -> tuple[str, ...]:
    try:
        rows = json.loads(text)["data"]
        return tuple(str(row["id"]) for row in rows[:MAX_MODELS])
    except (ValueError, KeyError, TypeError):
        raise ProviderFailure(
            f"The answer is not a list of models: {words_of_text(text)}",
            kind="malformed",
            mend="Check the base URL and the wire.",
        ) from None
