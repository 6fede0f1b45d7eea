"""The provider for Anthropic Messages: joins encode, stream, decode and failures with the SDK's client."""

from collections.abc import AsyncIterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.account import Account
from workbench.providers.answer import AnswerReader
from workbench.providers.anthropic.decode import decode
from workbench.providers.anthropic.encode import encode
from workbench.providers.anthropic.failures import kind_of
from workbench.providers.anthropic.models import choice_support, version_headers
from workbench.providers.anthropic.stream import MessagesStream
from workbench.providers.api_key import KeySource
from workbench.providers.wire_client import CONNECT_TIMEOUT_S, SdkClient, WireClient

if TYPE_CHECKING:
    import httpx2


class AnthropicAdapter:
    """Anthropic itself (`base_url=None`) or a server that speaks its Messages.

    `timeout_s` is the longest silence, not the longest answer. A key is needed only for Anthropic itself.
    """

    def __init__(
        self,
        *,
        api_key: KeySource = None,
        base_url: str | None = None,
        timeout_s: float = 300.0,
        name: str = "anthropic",
        key_name: str = "",
        support: ChoiceSupport | None = None,
        extra_headers: Mapping[str, str] | None = None,
        http_client: "httpx2.AsyncClient | None" = None,
    ) -> None:
        self._name = name
        self._support = support
        self._headers = dict(extra_headers or {})

        def build() -> tuple[ModuleType, SdkClient]:
            import anthropic
            import httpx2  # the SDK takes a second to import: never at program start

            client: Any = anthropic.AsyncAnthropic(
                api_key="given with each request",
                base_url=base_url,
                timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
                max_retries=0,
                http_client=http_client,
            )
            return anthropic, client

        vendor = "Anthropic" if base_url is None else "The server"
        account = Account(vendor, key_name or "ANTHROPIC_API_KEY", base_url)
        self._client = WireClient(build, account=account, api_key=api_key, kind_of=kind_of)

    @property
    def name(self) -> str:
        """The provider's name in the log."""
        return self._name

    def choice_support(self, model: str) -> ChoiceSupport:
        """By the table of models, unless a support was given."""
        return self._support or choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        """The exact request."""
        return encode(request)

    def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Send `wire`; see the port for the contract."""
        headers = {**version_headers(msgspec.json.decode(wire.body_json)), **self._headers}
        return self._client.exchange(wire, AnswerReader(MessagesStream(), decode), headers)

    async def close(self) -> None:
        """Let go of this event loop's connections."""
        await self._client.close()
