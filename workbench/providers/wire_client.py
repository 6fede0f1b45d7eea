"""One adapter's requests: sends a recorded body byte for byte, reads the raw answer, and reports what went wrong."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from weakref import WeakKeyDictionary

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse, StreamItem, WireRequest
from workbench.providers.account import Account
from workbench.providers.answer import AnswerReader
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.transport import Transport
from workbench.providers.wire_failure import KindOf, failure_of_exception

AFTERWORD_S = 2.0
"""How long to wait for usage after the terminal event of a format that sends usage last."""

DRAIN_S = 0.1
"""How long to wait for the body's own end, so that the connection can be used again."""


class WireClient:
    """Sends requests of one account. One instance may serve several event loops; each gets its own connections."""

    def __init__(
        self, connect: Callable[[], Transport], *, account: Account, api_key: KeySource, kind_of: KindOf
    ) -> None:
        """`connect` is called in a thread before the first request; see `transport.Connect`."""
        self._connect = connect
        self._account = account
        self._api_key = api_key
        self._kind_of = kind_of
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, Transport] = WeakKeyDictionary()
        self._opening: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

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
        transport = self._open.pop(asyncio.get_running_loop(), None)
        if transport is not None:
            await transport.close()

    async def _items(
        self, wire: WireRequest, reader: AnswerReader, key: ApiKey, headers: Mapping[str, str]
    ) -> AsyncGenerator[StreamItem, None]:
        if not key and self._account.base_url is None:
            raise self._account.no_key()
        transport = await self._transport()
        has_begun = False
        try:
            async with transport.post(wire, key, headers) as pieces:
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
        except Exception as error:  # door: transports raise from many trees
            failure = failure_of_exception(error, transport.errors, self._kind_of, has_begun=has_begun)
            if failure is None:
                raise
            raise failure from None

    async def _transport(self) -> Transport:
        loop = asyncio.get_running_loop()
        async with self._opening.setdefault(loop, asyncio.Lock()):
            if loop not in self._open:
                try:
                    self._open[loop] = await asyncio.to_thread(self._connect)
                except ImportError as error:
                    raise ProviderFailure(
                        f"The SDK for {self._account.vendor} is not installed ({error.name}).",
                        kind="unavailable",
                        hint=f"Install it: pip install {error.name}",
                    ) from None
                except Exception as error:  # noqa: BLE001 — door: an address is judged by the transport
                    raise ProviderFailure(
                        f"No client can be made for this base URL ({type(error).__name__}).", kind="connection"
                    ) from None
            return self._open[loop]


async def _read_on(pieces: AsyncIterator[bytes], reader: AnswerReader) -> list[StreamItem]:
    """What follows the terminal event. The answer is whole: trouble from here on costs usage figures at most.

    A server that says with every piece that the answer has ended is read as long as it does so.
    """
    items: list[StreamItem] = []
    try:
        async with asyncio.timeout(DRAIN_S if reader.has_response else AFTERWORD_S) as limit:
            async for piece in pieces:
                more = list(reader.feed(piece))
                items += more
                if more and not reader.has_response:
                    limit.reschedule(asyncio.get_running_loop().time() + AFTERWORD_S)
    except ProviderFailure:
        raise
    except Exception:  # noqa: BLE001 — door: as in `_items`, and here nothing depends on it anymore
        return items
    return items
