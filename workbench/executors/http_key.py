"""The key of an HTTP call: where it goes into a request, and how it is kept out of every text that comes back."""

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlencode

from workbench.core.errors import ExecutorUnavailable
from workbench.executors.http_request import HttpAuth

if TYPE_CHECKING:
    import httpx2

_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")
"""What RFC 6265 lets a cookie hold."""


class HttpKey:
    """A key and the place it is sent in; without `auth` there is none."""

    def __init__(self, auth: HttpAuth | None, value: str = "") -> None:
        """Raises `ExecutorUnavailable` for a key that its place cannot carry."""
        self._auth = auth
        self._value = value
        if auth is None:
            return
        if not value.isprintable() or not value.isascii():
            raise ExecutorUnavailable(f"the key {auth.key} cannot be sent {auth.place}")
        if auth.cookie and not _COOKIE_VALUE.fullmatch(value):
            raise ExecutorUnavailable(f"the key {auth.key} has a character that a cookie cannot carry")

    def put_into(self, request: "httpx2.Request") -> None:
        """Send the key with this request, which may be one that a redirect asks for."""
        auth = self._auth
        if auth is None:
            return
        if auth.query:
            request.url = _with_parameter(request.url, auth.query, self._value)
        elif auth.cookie:
            request.headers["cookie"] = f"{auth.cookie}={self._value}"
        else:
            request.headers[auth.header.lower()] = f"{auth.scheme} {self._value}".strip()

    def hidden_in(self, text: str) -> str:
        """`text` without the key in any of the shapes in which servers and libraries repeat it."""
        key = self._value
        if not key:
            return text
        packed = base64.b64encode(key.encode()).decode().rstrip("=")
        for shape in (key, quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], packed):
            text = text.replace(shape, "[key]")
        return text


def _with_parameter(url: "httpx2.URL", name: str, value: str) -> "httpx2.URL":
    """The rest of the query stays as it is written, unless it already has a parameter of this name."""
    if name in url.params:
        return url.copy_set_param(name, value)
    own = urlencode({name: value}).encode()
    return url.copy_with(query=url.query + b"&" + own if url.query else own)
