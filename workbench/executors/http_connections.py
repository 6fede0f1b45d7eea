"""The connections that the HTTP tools of a project share."""

import logging
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


class HttpConnections:
    """One client, made with the first call. It keeps no cookies, follows no redirect by itself, and logs no address,
    because that may hold a key."""

    def __init__(self) -> None:
        self._client: httpx2.AsyncClient | None = None

    def client(self) -> "httpx2.AsyncClient":
        """The client."""
        if self._client is None:
            # Imported late: it takes a while and most starts need none.
            import httpx2

            for name in ("httpx2", "httpcore2"):
                logging.getLogger(name).setLevel(logging.WARNING)
            no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
            self._client = httpx2.AsyncClient(follow_redirects=False, timeout=None, cookies=no_cookies)
        return self._client

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
