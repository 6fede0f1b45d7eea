"""The keys of an HTTP call: where they go into a request, and how they are kept out of every text that comes back."""

import base64
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlencode

from workbench.core.errors import ExecutorUnavailable
from workbench.executors.http_request import HttpAuth

if TYPE_CHECKING:
    import httpx2

_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")
"""What RFC 6265 lets a cookie hold."""


class HttpKeys:
    """Keys, each with the place it is sent in."""

    def __init__(self, values: Sequence[tuple[HttpAuth, str]]) -> None:
        """Raises `ExecutorUnavailable` for a key that its place cannot carry."""
        self._values = values
        for auth, value in values:
            if not value.isprintable() or not value.isascii():
                raise ExecutorUnavailable(f"the key {auth.key} cannot be sent {auth.place}")
            if auth.cookie and not _COOKIE_VALUE.fullmatch(value):
                raise ExecutorUnavailable(f"the key {auth.key} has a character that a cookie cannot carry")

    def put_into(self, request: "httpx2.Request") -> None:
        """Send the keys with this request, which may follow a redirect."""
        for auth, value in self._values:
            if auth.query:
                request.url = _with_parameter(request.url, auth.query, value)
            elif not auth.cookie:
                request.headers[auth.header.lower()] = f"{auth.scheme} {value}".strip()
        if cookies := [f"{auth.cookie}={value}" for auth, value in self._values if auth.cookie]:
            request.headers["cookie"] = "; ".join(cookies)

    def hidden_in(self, text: str) -> str:
        """`text` without the keys in any of the shapes in which servers and libraries repeat them."""
        for key in sorted((value for _, value in self._values if value), key=len, reverse=True):
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
