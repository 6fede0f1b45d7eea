"""The provider for any wire: joins what its folder defines with the client that sends and reads."""

from collections.abc import AsyncIterator
from functools import partial

from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.account import Account
from workbench.providers.answer import STRICT, AnswerReader, Reading
from workbench.providers.api_key import KeySource
from workbench.providers.batch import BatchApi
from workbench.providers.batch_http import BatchHttp
from workbench.providers.wire import Wire
from workbench.providers.wire_client import WireClient


class WireAdapter:
    """The vendor itself (`base_url=None`) or a server that uses its wire. See `engine.ports.Provider`.

    `timeout_s` is the longest silence, not the longest answer. A key is needed only for the vendor itself.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        api_key: KeySource = None,
        base_url: str | None = None,
        timeout_s: float = 300.0,
        key_name: str = "",
        reading: Reading = STRICT,
    ) -> None:
        self._wire = wire
        self._reading = reading
        self._code = wire.load(base_url is None)
        self._account = account_at(wire, base_url, key_name)
        self._api_key = api_key
        self._client = WireClient(
            partial(self._code.connect, base_url, timeout_s),
            account=self._account,
            api_key=api_key,
            kind_of=self._code.kind_of,
        )

    @property
    def name(self) -> str:
        """The provider's name in the log."""
        return self._wire.id

    def choice_support(self, model: str) -> ChoiceSupport:
        """What this wire, this address and this model accept."""
        return self._code.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        """The exact request."""
        return self._code.encode(request)

    def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Send `wire`; see the port for the contract."""
        lenient = self._code.lenient_stream if self._reading.accept_done else None
        fold = (lenient or self._code.stream)()
        reader = AnswerReader(fold, self._code.decode, splits_think=self._reading.think_tags)
        return self._client.exchange(wire, reader, self._code.headers(wire))

    def read(self, body: bytes) -> ModelResponse:
        """The response in an answer that came in one piece. Raises `ProviderFailure`."""
        reader = AnswerReader(self._code.stream(), self._code.decode, splits_think=self._reading.think_tags)
        items = [*reader.feed(body), *reader.finish()]
        return next(item for item in items if isinstance(item, ModelResponse))

    def batches(self) -> BatchApi | None:
        """The batch API of this account, where the vendor has one."""
        if self._code.batches is None:
            return None
        http = BatchHttp(
            self._account.base_url or self._wire.base_url,
            self._wire.http,
            self._account,
            self._api_key,
            self._code.kind_of,
        )
        return self._code.batches(http)

    async def close(self) -> None:
        """Release this event loop's connections."""
        await self._client.close()


def account_at(wire: Wire, base_url: str | None, key_name: str) -> Account:
    """Whom a request goes to, as messages say it."""
    return Account(wire.vendor if base_url is None else "The server", key_name or wire.key_name, base_url)
