"""How a request leaves: what the adapters need of an SDK, or of the HTTP library where a vendor has no SDK here."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

import msgspec

from workbench.core.exchange import WireRequest
from workbench.providers.api_key import ApiKey


class HttpAccess(msgspec.Struct, frozen=True):
    """How a plain HTTP request carries the key, and what else its headers must say."""

    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    headers: Mapping[str, str] = {}

    def headers_with(self, key: ApiKey) -> dict[str, str]:
        """All of them; without a key, those that need none."""
        return {**self.headers, **({self.key_header: key.with_prefix(self.key_prefix)} if key else {})}


class TransportErrors(NamedTuple):
    """What a transport raises. A `status` error has the answer, read to its end, as its `response`."""

    status: type[Exception]
    timeout: type[Exception]
    other: type[Exception]


class Transport(Protocol):
    """The connections to one server, of one event loop."""

    @property
    def errors(self) -> TransportErrors:
        """What it raises besides the HTTP library's own errors."""
        ...

    def post(
        self, wire: WireRequest, key: ApiKey, headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Send the body byte for byte, with the key in this request only; the answer comes piece by piece."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


Connect = Callable[[str | None, float], Transport]
"""Makes a transport from a base URL (None: the vendor's own) and the longest silence in seconds.

Called in a thread before the first request, since importing an SDK and building its client take long. Raises
`ImportError` where the SDK is not installed, and whatever the library raises for an address it cannot use.
"""
