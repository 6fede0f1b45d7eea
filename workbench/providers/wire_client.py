"""The lazily built SDK client of one adapter: sends a recorded body byte for byte and reads the raw answer.

The SDK gives authentication, base URL, TLS and proxies. Its typed chunk objects, its stream helpers and its
retries are not used: they cost ten times the parsing, and they take a stream that was cut off for a whole one.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from types import ModuleType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse, StreamItem, WireRequest
from workbench.providers.account import Account
from workbench.providers.answer import AnswerReader
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.guarded_http import guard_answers
from workbench.providers.wire_failure import KindOf, failure_of_exception

AFTERWORD_S = 2.0
"""How long to wait for usage after the terminal event of a format that sends usage last."""

DRAIN_S = 0.1
"""How long to wait for the body's own end, so that the connection can be used again."""

CONNECT_TIMEOUT_S = 10.0


class SdkClient(Protocol):
    """The part of `AsyncOpenAI` and `AsyncAnthropic` that is used."""

    async def post(self, path: str, **options: Any) -> Any:
        """One POST; with `cast_to` an HTTP response it returns the response unread."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


BuildClient = Callable[[], tuple[ModuleType, SdkClient]]
"""Imports the SDK and builds its client. Called in a thread before the first request: both take long."""


class WireClient:
    """Sends requests of one account. One instance may serve several event loops; each gets its own connections."""

    def __init__(self, build: BuildClient, *, account: Account, api_key: KeySource, kind_of: KindOf) -> None:
        self._build = build
        self._account = account
        self._api_key = api_key
        self._kind_of = kind_of
        self._built: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[ModuleType, SdkClient]] = WeakKeyDictionary()
        self._building: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def exchange(
        self, wire: WireRequest, reader: AnswerReader, headers: Mapping[str, str] | None = None
    ) -> AsyncGenerator[StreamItem, None]:
        """Send `wire` and yield what `reader` makes of the answer. Raises only `ProviderFailure`."""
        key = ApiKey("")
        try:
            key = ApiKey(self._api_key)
            async with aclosing(self._items(wire, reader, key, headers or {})) as items:
                async for item in items:
                    yield item
            return
        except ProviderFailure as found:
            failure = self._account.present(reader.with_partial(found), key)
        # A new exception, raised outside of the handler: the vendor's own one holds the request with the key in it.
        raise failure

    async def close(self) -> None:
        """Close the connections of this event loop; those of another loop may be in use and are closed there."""
        built = self._built.pop(asyncio.get_running_loop(), None)
        if built is not None:
            await built[1].close()

    async def _items(
        self, wire: WireRequest, reader: AnswerReader, key: ApiKey, headers: Mapping[str, str]
    ) -> AsyncGenerator[StreamItem, None]:
        if not key and self._account.base_url is None:
            raise self._account.no_key()
        sdk, client = await self._client()
        has_begun = False
        try:
            async with _posted(sdk, client, wire, key, headers) as pieces:
                has_begun = True
                last: list[StreamItem] = []
                async for piece in pieces:
                    last = []
                    for item in reader.feed(piece):
                        if isinstance(item, ModelResponse):
                            last.append(item)
                        else:
                            yield item
                    if reader.is_complete:
                        last += await _read_on(pieces, reader)
                        break
                for item in (*last, *reader.finish()):
                    yield item
        except (ProviderFailure, GeneratorExit):
            raise
        except Exception as error:  # door: the SDK and its transport raise from many trees
            failure = failure_of_exception(error, sdk, self._kind_of, has_begun=has_begun)
            if failure is None:
                raise
            raise failure from None

    async def _client(self) -> tuple[ModuleType, SdkClient]:
        loop = asyncio.get_running_loop()
        async with self._building.setdefault(loop, asyncio.Lock()):
            if loop not in self._built:
                try:
                    sdk, client = await asyncio.to_thread(self._build)
                    _silence(sdk)
                    guard_answers(client._client)  # type: ignore[attr-defined]  # noqa: SLF001 — the SDKs give no other way
                    self._built[loop] = sdk, client
                except ImportError as error:
                    raise ProviderFailure(
                        f"The SDK for {self._account.vendor} is not installed ({error.name}).",
                        kind="unavailable",
                        mend=f"Install it: pip install {error.name}",
                    ) from None
                except Exception as error:  # noqa: BLE001 — door: an address is judged by the SDK's transport
                    raise ProviderFailure(
                        f"No client can be made for this base URL ({type(error).__name__}).", kind="connection"
                    ) from None
            return self._built[loop]


def _silence(sdk: ModuleType) -> None:
    """A variable of the environment, such as ANTHROPIC_LOG, makes the SDKs log whole requests, with the key in it."""
    for name in (sdk.__name__, "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


@asynccontextmanager
async def _posted(
    sdk: ModuleType, client: SdkClient, wire: WireRequest, key: ApiKey, headers: Mapping[str, str]
) -> AsyncIterator[AsyncIterator[bytes]]:
    """The body of the answer, piece by piece. The key goes into this request only, never into the client."""
    import httpx2  # loaded by the SDK already; not wanted at program start

    response: httpx2.Response = await client.post(
        wire.path,
        content=wire.body_json.encode(),
        cast_to=httpx2.Response,
        options={
            "headers": {
                **headers,
                "Authorization": key.bearer if key else sdk.Omit(),
                "X-Stainless-Raw-Response": "stream",  # the SDKs' own switch behind `with_streaming_response`
            }
        },
    )
    async with aclosing(response), aclosing(response.aiter_bytes()) as pieces:
        yield pieces


async def _read_on(pieces: AsyncIterator[bytes], reader: AnswerReader) -> list[StreamItem]:
    """What follows the terminal event. The answer is whole: trouble from here on costs usage figures at most."""
    items: list[StreamItem] = []
    try:
        async with asyncio.timeout(DRAIN_S if reader.has_response else AFTERWORD_S):
            async for piece in pieces:
                items += reader.feed(piece)
    except ProviderFailure:
        raise
    except Exception:  # noqa: BLE001 — door: as in `_items`, and here nothing depends on it any more
        return items
    return items
