"""The provider for Chat Completions: joins encode, stream, decode and failures with the SDK's client."""

from collections.abc import AsyncIterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.account import Account
from workbench.providers.answer import AnswerReader
from workbench.providers.api_key import KeySource
from workbench.providers.openai_chat.decode import decode
from workbench.providers.openai_chat.encode import encode
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.openai_chat.stream import ChatStream
from workbench.providers.wire_client import CONNECT_TIMEOUT_S, SdkClient, WireClient

if TYPE_CHECKING:
    import httpx2

OPENAI_SUPPORT = ChoiceSupport()
COMPATIBLE_SUPPORT = ChoiceSupport(
    subset=False, why="Servers that only speak OpenAI's wire format do not know `allowed_tools`."
)


class OpenAIChatAdapter:
    """OpenAI itself (`base_url=None`) or a server that speaks its Chat Completions.

    `timeout_s` is the longest silence, not the longest answer. A key is needed only for OpenAI itself.
    """

    def __init__(
        self,
        *,
        api_key: KeySource = None,
        base_url: str | None = None,
        timeout_s: float = 300.0,
        name: str = "openai-chat",
        key_name: str = "",
        support: ChoiceSupport | None = None,
        extra_headers: Mapping[str, str] | None = None,
        http_client: "httpx2.AsyncClient | None" = None,
    ) -> None:
        self._name = name
        self._is_openai = base_url is None
        self._support = support or (OPENAI_SUPPORT if self._is_openai else COMPATIBLE_SUPPORT)
        self._headers = dict(extra_headers or {})

        def build() -> tuple[ModuleType, SdkClient]:
            import httpx2  # the SDK takes a second to import: never at program start
            import openai

            client: Any = openai.AsyncOpenAI(
                api_key="given with each request",
                base_url=base_url,
                timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
                max_retries=0,
                http_client=http_client,
            )
            return openai, client

        vendor = "OpenAI" if self._is_openai else "The server"
        account = Account(vendor, key_name or "OPENAI_API_KEY", base_url)
        self._client = WireClient(build, account=account, api_key=api_key, kind_of=kind_of)

    @property
    def name(self) -> str:
        """The provider's name in the log."""
        return self._name

    def choice_support(self, model: str) -> ChoiceSupport:
        """The same for every model of this wire."""
        return self._support

    def encode(self, request: ModelRequest) -> WireRequest:
        """The exact request. OpenAI's newer word for the token limit is unknown to most other servers."""
        return encode(request, limit_key="max_completion_tokens" if self._is_openai else "max_tokens")

    def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Send `wire`; see the port for the contract."""
        return self._client.exchange(wire, AnswerReader(ChatStream(), decode), self._headers)

    async def close(self) -> None:
        """Let go of this event loop's connections."""
        await self._client.close()
