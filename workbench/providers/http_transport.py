"""Requests over the HTTP library itself: what every transport shares, and short questions with short answers."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonObject
from workbench.providers.guarded_http import guard_answers
from workbench.providers.wire_failure import KindOf, failure_of_status, failure_of_transport

if TYPE_CHECKING:
    import httpx2

CONNECT_TIMEOUT_S = 10.0


def time_limits(timeout_s: float) -> "httpx2.Timeout":
    """The longest silence, and less for connecting."""
    import httpx2  # takes long to import; not wanted at program start

    return httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))


def silence_logs(*names: str) -> None:
    """Keep these libraries, and the HTTP library, from logging requests with the key in them."""
    for name in (*names, "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


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
