"""An HTTP endpoint and the request that a call makes of it. Pure.

Arguments come in by templates: `{name}` in the address (percent-encoded, never in scheme or host), and in the values
of `query`, `headers` and `body`. A value that is nothing but `{name}` becomes the argument itself, whatever its type;
one whose argument is absent is left out. `{name,}` joins a list by commas; `|` and a blank can stand for the comma.
Arguments that no template names go into the query (GET, HEAD, DELETE) or into the JSON body (all others), unless
`query` or `body` says what goes there.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from workbench.core.errors import ToolError
from workbench.core.http_rules import key_place
from workbench.core.json_text import JsonObject, JsonValue, compact

_SLOT = re.compile(r"\{([A-Za-z0-9_.-]+)([,| ]?)\}")
_IN_QUERY = frozenset({"GET", "HEAD", "DELETE"})
_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})


class HttpAuth(msgspec.Struct, frozen=True):
    """What carries the key named `key`: a parameter of the query, a cookie, or else a header."""

    key: str
    header: str = "Authorization"
    scheme: str = "Bearer"
    query: str = ""
    cookie: str = ""

    @property
    def place(self) -> str:
        """Where the key is sent, in words."""
        return key_place(header=self.header, query=self.query, cookie=self.cookie)


class HttpEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, how often to try, and what of the answer counts.

    `response` is a JSONPath: one value found is the result, several are a list. `retries` are more attempts after the
    first, only where repeating is harmless or `retry_unsafe` allows it. `more_keys` are sent beside `auth`.
    """

    method: str = "GET"
    url: str
    headers: dict[str, str] = {}
    auth: HttpAuth | None = None
    more_keys: tuple[HttpAuth, ...] = ()
    query: dict[str, JsonValue] | None = None
    body: JsonValue = None
    has_body: bool = False
    body_as: str = "json"
    response: str = ""
    retries: int = 2
    retry_unsafe: bool = False
    time_limit_s: float | None = None
    max_bytes: int = 1_000_000

    @property
    def keys(self) -> tuple[HttpAuth, ...]:
        """All keys that it needs."""
        return (self.auth, *self.more_keys) if self.auth is not None else ()

    @property
    def may_retry(self) -> bool:
        """Whether sending twice does no more than sending once."""
        return self.method in _IDEMPOTENT or self.retry_unsafe


class Outgoing(msgspec.Struct, frozen=True):
    """A request without its key. `content_type` is empty when there is no body."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes = b""
    content_type: str = ""


def outgoing(endpoint: HttpEndpoint, arguments: JsonObject) -> Outgoing:
    """The request for these arguments. Raises `ToolError` of kind `arguments` for what cannot be sent."""
    url = _filled_url(endpoint.url, arguments)
    free = {name: value for name, value in arguments.items() if name not in _named(endpoint.url)}
    headers = _filled_headers(endpoint.headers, arguments)
    for mapping in (endpoint.query, endpoint.body, dict[str, JsonValue](endpoint.headers)):
        free = {name: value for name, value in free.items() if name not in set(_named_in(mapping))}
    goes_in_query = endpoint.method in _IN_QUERY
    query: Any = free if endpoint.query is None and goes_in_query else _filled(endpoint.query or {}, arguments)
    if query:
        url += ("&" if urlsplit(url).query else "?") + _form(query)
    if endpoint.has_body:
        body = _filled(endpoint.body, arguments)
    elif goes_in_query:
        return Outgoing(endpoint.method, url, headers)
    else:
        body = free
    if endpoint.body_as == "form":
        if not isinstance(body, dict):
            raise ToolError("a form needs an object as its body", kind="arguments")
        content, content_type = _form(body), "application/x-www-form-urlencoded"
    else:
        content, content_type = compact(body), "application/json"
    return Outgoing(endpoint.method, url, headers, content.encode("utf-8"), content_type)


def _filled_headers(headers: dict[str, str], arguments: JsonObject) -> dict[str, str]:
    made = {}
    for name, template in headers.items():
        value = None if _absent(template, arguments) else _filled(template, arguments)
        if value is None:
            continue
        made[name] = text = _text(value)
        if not text.isascii() or not text.isprintable():
            raise ToolError(f"the header {name} cannot carry {text[:80]!r}", kind="arguments")
    return made


def _filled_url(template: str, arguments: JsonObject) -> str:
    def put(found: "re.Match[str]") -> str:
        name = found[1]
        if arguments.get(name) is None:
            raise ToolError(f"the address needs the argument {name!r}", kind="arguments")
        text = _joined(found, arguments)
        in_path = "?" not in template[: found.start()]
        if in_path and (not text or text.strip(".") == "" or any(not character.isprintable() for character in text)):
            raise ToolError(f"{text!r} as {name!r} would lead to another address", kind="arguments")
        return quote(text, safe="")

    scheme, mark, rest = template.partition("://")
    host = re.match(r"[^/?#]*", rest)
    assert host is not None
    return f"{scheme}{mark}{host[0]}{_SLOT.sub(put, rest[host.end() :].partition('#')[0])}"


def _filled(template: JsonValue, arguments: JsonObject) -> JsonValue:
    match template:
        case dict():
            found = {key: _filled(value, arguments) for key, value in template.items() if not _absent(value, arguments)}
            return found
        case list():
            return [_filled(value, arguments) for value in template if not _absent(value, arguments)]
        case str():
            whole = _SLOT.fullmatch(template)
            if whole and not whole[2]:
                return arguments[whole[1]]
            return _SLOT.sub(lambda slot: _joined(slot, arguments), template)
        case _:
            return template


def _absent(template: JsonValue, arguments: JsonObject) -> bool:
    whole = _SLOT.fullmatch(template) if isinstance(template, str) else None
    return whole is not None and whole[1] not in arguments


def _named(template: str) -> set[str]:
    return {found[1] for found in _SLOT.finditer(template)}


def _named_in(template: JsonValue) -> Iterator[str]:
    match template:
        case dict():
            for value in template.values():
                yield from _named_in(value)
        case list():
            for value in template:
                yield from _named_in(value)
        case str():
            yield from _named(template)
        case _:
            return


def _form(values: JsonObject) -> str:
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, list):
            pairs += [(name, _text(item)) for item in value]
        elif value is not None:
            pairs.append((name, _text(value)))
    return urlencode(pairs)


def _joined(slot: "re.Match[str]", arguments: JsonObject) -> str:
    """What a slot inside of a text stands for."""
    value = arguments.get(slot[1], "")
    return slot[2].join(map(_text, value)) if slot[2] and isinstance(value, list) else _text(value)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else compact(value)
