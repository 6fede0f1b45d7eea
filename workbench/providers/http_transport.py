"""Requests over the HTTP library itself: for wires without an SDK, and for short questions with short answers."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.core.json_text import JsonObject
from workbench.providers.api_key import ApiKey
from workbench.providers.guarded_http import guard_answers
from workbench.providers.transport import HttpAccess, TransportErrors
from workbench.providers.wire_failure import KindOf, failure_of_status, failure_of_transport

if TYPE_CHECKING:
    import httpx2

CONNECT_TIMEOUT_S = 10.0


def time_limits(timeout_s: float) -> "httpx2.Timeout":
    """The longest silence, and less for connecting."""
    import httpx2  # takes long to import; keep it out of the program's start

    return httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))


def silence_logs(*names: str) -> None:
    """Keep these libraries, and the HTTP library, from logging requests with the key in them."""
    for name in (*names, "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


class RefusedRequest(Exception):
    """An answer with another status than 200; its body was read."""

    def __init__(self, response: "httpx2.Response") -> None:
        super().__init__(response.status_code)
        self.response = response


class HttpTransport:
    """Sends with the HTTP library alone. `access` says how the key travels, `own_url` is the vendor's address."""

    errors = TransportErrors(RefusedRequest, TimeoutError, RefusedRequest)

    def __init__(self, access: HttpAccess, own_url: str, base_url: str | None, timeout_s: float) -> None:
        import httpx2

        self._access = access
        self._address = (base_url or own_url).rstrip("/")
        self._client = httpx2.AsyncClient(timeout=time_limits(timeout_s), follow_redirects=True)
        silence_logs()
        guard_answers(self._client)

    @asynccontextmanager
    async def post(
        self, wire: WireRequest, key: ApiKey, headers: Mapping[str, str]
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """See the port."""
        sent = {"Content-Type": "application/json", **self._access.headers_with(key), **headers}
        async with self._client.stream(
            "POST", self._address + wire.path, content=wire.body_json.encode(), headers=sent
        ) as response:
            if response.status_code != 200:
                raise RefusedRequest(response)
            async with aclosing(response.aiter_bytes()) as pieces:
                yield pieces

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def ask(
    address: str, headers: Mapping[str, str], kind_of: KindOf, *, timeout_s: float, body: JsonObject | None = None
) -> str:
    """The text of a short answer: to a GET, or to a POST of `body`. Raises `ProviderFailure`."""
    import httpx2

    try:
        async with httpx2.AsyncClient(timeout=timeout_s, follow_redirects=True) as client:
            guard_answers(client)
            method = "GET" if body is None else "POST"
            answer = await client.request(method, address, headers=dict(headers), json=body)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise failure_of_transport(error) from None
    except UnicodeEncodeError:
        raise ProviderFailure("The request holds characters that cannot be sent.", kind="invalid_request") from None
    if answer.status_code != 200:
        raise failure_of_status(answer, kind_of)
    return answer.text
