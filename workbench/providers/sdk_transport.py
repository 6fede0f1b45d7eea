"""The transport over a vendor's SDK, whose clients are all made alike.

The SDK provides authentication, base URL, TLS and proxies. Its typed chunk objects, its stream helpers and its
retries are not used: they cost ten times the parsing, and they take a stream that was cut off for a whole one.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from types import ModuleType
from typing import Any, Protocol

from workbench.core.exchange import WireRequest
from workbench.providers.api_key import ApiKey
from workbench.providers.guarded_http import guard_answers
from workbench.providers.http_transport import silence_logs, time_limits
from workbench.providers.transport import TransportErrors

ImportSdk = Callable[[], tuple[ModuleType, Callable[..., Any]]]
"""Imports an SDK: its module, and what makes a client."""


class SdkClient(Protocol):
    """The part of an SDK's client that is used."""

    async def post(self, path: str, **options: Any) -> Any:
        """One POST; with `cast_to` an HTTP response it returns the response unread."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class SdkTransport:
    """Sends through a client of the SDK."""

    def __init__(self, sdk: ImportSdk, base_url: str | None, timeout_s: float) -> None:
        self._module, client = sdk()
        http = self._module.DefaultAsyncHttpxClient()
        guard_answers(http)
        self._client: SdkClient = client(
            api_key="given with each request",
            base_url=base_url,
            timeout=time_limits(timeout_s),
            max_retries=0,
            http_client=http,
        )
        self.errors = TransportErrors(self._module.APIStatusError, self._module.APITimeoutError, self._module.APIError)
        # An environment variable makes the SDKs log whole requests, including the key.
        silence_logs(self._module.__name__)

    @asynccontextmanager
    async def post(
        self, wire: WireRequest, key: ApiKey, headers: Mapping[str, str]
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """See the port; the key never goes into the client."""
        import httpx2  # loaded by the SDK already; keep it out of the program's start

        response: httpx2.Response = await self._client.post(
            wire.path,
            content=wire.body_json.encode(),
            cast_to=httpx2.Response,
            options={
                "headers": {
                    **headers,
                    "Authorization": key.bearer if key else self._module.Omit(),
                    "X-Stainless-Raw-Response": "stream",  # the SDKs' own switch behind `with_streaming_response`
                }
            },
        )
        async with aclosing(response), aclosing(response.aiter_bytes()) as pieces:
            yield pieces

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
