"""Plain requests to a vendor's batch API: JSON, one file up, and lines of any number down."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonObject
from workbench.providers.account import Account
from workbench.providers.api_key import ApiKey, KeySource
from workbench.providers.door import object_in, text_of
from workbench.providers.guarded_http import guard_answers
from workbench.providers.http_transport import silence_logs, time_limits
from workbench.providers.transport import HttpAccess
from workbench.providers.wire_failure import KindOf, failure_of_status, failure_of_transport

if TYPE_CHECKING:
    import httpx2

_SILENCE_S = 120.0


class BatchHttp:
    """Requests of one account. Raises only `ProviderFailure`, and never with the key."""

    def __init__(
        self,
        address: str,
        access: HttpAccess,
        account: Account,
        key: KeySource,
        kind_of: KindOf,
    ) -> None:
        silence_logs()
        self._address = address.rstrip("/")
        self._access = access
        self._account = account
        self._key = key
        self.kind_of = kind_of

    async def get(self, path: str) -> JsonObject:
        """The JSON object there."""
        return await self._object("GET", path)

    async def post(self, path: str, body: JsonObject, headers: Mapping[str, str] | None = None) -> JsonObject:
        """The JSON object that answers a POST of `body`."""
        return await self._object("POST", path, json=body, headers=headers)

    async def upload(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> JsonObject:
        """The JSON object that answers a form with one file."""
        return await self._object("POST", path, data=dict(fields), files={"file": (name, content)})

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """The lines there, one by one."""
        async with self._answer("GET", path) as response:
            rest = b""
            async for piece in response.aiter_bytes():
                *whole, rest = (rest + piece).split(b"\n")
                for line in whole:
                    yield line
            if rest.strip():
                yield rest

    async def _object(self, method: str, path: str, **given: Any) -> JsonObject:
        async with self._answer(method, path, **given) as response:
            found = object_in(await response.aread())
            if not found:
                raise ProviderFailure("The answer is not a JSON object.", kind="malformed")
            return found

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **given: Any
    ) -> AsyncIterator["httpx2.Response"]:
        import httpx2  # takes long to import; keep it out of the program's start

        key = ApiKey("")
        try:
            key = ApiKey(self._key)
            if not key and self._account.base_url is None:
                raise self._account.no_key()
            sent = {**self._access.headers_with(key), **(headers or {})}
            async with httpx2.AsyncClient(timeout=time_limits(_SILENCE_S), follow_redirects=True) as client:
                guard_answers(client)
                async with client.stream(method, self._address + path, headers=sent, **given) as response:
                    if not response.is_success:
                        raise failure_of_status(response, self.kind_of)
                    yield response
            return
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            failure = self._account.present(failure_of_transport(error), key)
        except ProviderFailure as found:
            failure = self._account.present(found, key)
        raise failure  # outside of the handler: the first one may hold the key


def batch_id_in(document: JsonObject) -> str:
    """The id of the batch that a document is about. Raises `ProviderFailure`."""
    found = text_of(document.get("id"))
    if not found:
        raise ProviderFailure("The answer has no id of a batch.", kind="malformed")
    return found
