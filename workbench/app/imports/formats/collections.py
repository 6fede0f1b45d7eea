"""Collections of requests that people keep in Postman and Bruno."""

import re
from collections.abc import Iterator
from typing import Any

from workbench.app.imports.found import Found
from workbench.app.imports.request import Header, Request, tools_of_requests
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, parse_strict

POSTMAN, BRUNO = "Postman", "Bruno"
_VARIABLE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
_MOST_DEPTH = 30
_BLOCK = re.compile(r"(?m)^([a-z][a-z0-9:-]*)\s*\{\s*\n(.*?)^\}", re.DOTALL)
_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def is_postman(document: JsonValue) -> bool:
    """Whether a document is a collection, of version 2."""
    info = document.get("info") if isinstance(document, dict) else None
    return isinstance(info, dict) and isinstance(document, dict) and isinstance(document.get("item"), list)


def tools_of_postman(document: JsonObject) -> Found:
    """Every request of the collection and its folders."""
    variables = {str(row.get("key")): str(row.get("value") or "") for row in _objects(document.get("variable"))}
    requests = list(_postman_items(document, variables, document.get("auth"), 0))
    return _found(requests, POSTMAN)


def is_bruno(document: JsonValue) -> bool:
    """Whether a document is an exported collection."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("items"), list)
        and any(str(row.get("type")) in ("http-request", "http", "folder") for row in _objects(document.get("items")))
    )


def tools_of_bruno(document: JsonObject) -> Found:
    """Every request of the collection and its folders."""
    environments = _objects(document.get("environments"))
    rows = _objects(environments[0].get("variables")) if environments else []
    variables = {str(row.get("name")): str(row.get("value") or "") for row in rows if row.get("secret") is not True}
    return _found(list(_bruno_items(document, variables, 0)), BRUNO)


def is_bru(text: str) -> bool:
    """Whether a text is a request as Bruno keeps it in a file."""
    names = [found[1] for found in _BLOCK.finditer(text[:100_000])]
    return "meta" in names and any(name in _METHODS for name in names)


def tools_of_bru(text: str) -> Found:
    """The one request of the file."""
    blocks = {found[1]: found[2] for found in _BLOCK.finditer(text)}
    method = next(name for name in blocks if name in _METHODS)
    main, meta = _pairs(blocks[method]), _pairs(blocks.get("meta", ""))
    queries = {**_pairs(blocks.get("query", "")), **_pairs(blocks.get("params:query", ""))}
    body_kind = main.get("body", "none")
    body, is_form, obstacle = None, False, ""
    if body_kind == "json":
        body, obstacle = _json_body(blocks.get("body:json", blocks.get("body", "")))
    elif body_kind in ("formUrlEncoded", "form-urlencoded"):
        body, is_form = dict[str, JsonValue](_pairs(blocks.get("body:form-urlencoded", ""))), True
    elif body_kind != "none":
        obstacle = f"its body is {body_kind}"
    url = main.get("url", "")
    if queries and "?" not in url:
        url += "?" + "&".join(f"{name}={value}" for name, value in queries.items())
    request = Request(
        method=method,
        url=url,
        headers=tuple(Header(name, value) for name, value in _pairs(blocks.get("headers", "")).items()),
        body=body,
        is_form=is_form,
        name=meta.get("name", ""),
        description=blocks.get("docs", "").strip(),
        auth=_scheme(main.get("auth", "")),
        obstacle=obstacle,
    )
    return _found([request], BRUNO)


def _found(requests: list[Request], label: str) -> Found:
    items, skipped = tools_of_requests(requests, label)
    obstacle = (
        ""
        if items
        else f"No request of this {label} collection can become a tool. "
        + "; ".join(f"{name}: {why}" for name, why in skipped[:3])
    )
    notes = ("scripts and tests of the collection are left out",) if items else ()
    return Found(items, label, obstacle.strip(), notes, tuple(skipped))


def _postman_items(holder: JsonObject, variables: dict[str, str], auth: JsonValue, depth: int) -> Iterator[Request]:
    for row in _objects(holder.get("item")):
        own = row.get("auth", auth)
        if isinstance(row.get("item"), list) and depth < _MOST_DEPTH:
            yield from _postman_items(row, variables, own, depth + 1)
        elif (request := row.get("request")) is not None:
            yield _postman_request(row, request if isinstance(request, dict) else {"url": request}, variables, own)


def _postman_request(row: JsonObject, request: JsonObject, variables: dict[str, str], auth: JsonValue) -> Request:
    address = request.get("url")
    url = str(address.get("raw") or "") if isinstance(address, dict) else str(address or "")
    body: JsonValue = None
    is_form, obstacle = False, ""
    held = request.get("body")
    if isinstance(held, dict):
        mode = held.get("mode")
        if mode == "raw" and str(held.get("raw") or "").strip():
            body, obstacle = _json_body(str(held["raw"]))
        elif mode == "urlencoded":
            rows = [one for one in _objects(held.get("urlencoded")) if one.get("disabled") is not True]
            body, is_form = {str(one.get("key")): str(one.get("value") or "") for one in rows}, True
        elif mode not in (None, "raw"):
            obstacle = f"its body is {mode}"
    said = request.get("description") or row.get("description")
    text = said.get("content") if isinstance(said, dict) else said
    own = request.get("auth", auth)
    return Request(
        method=str(request.get("method") or "GET"),
        url=_filled(url, variables),
        headers=tuple(
            Header(str(one.get("key")), str(one.get("value") or ""))
            for one in _objects(request.get("header"))
            if one.get("disabled") is not True
        ),
        body=body,
        is_form=is_form,
        name=str(row.get("name") or ""),
        description=str(text or "").strip(),
        auth=_scheme(str(own.get("type"))) if isinstance(own, dict) else "",
        obstacle=obstacle,
    )


def _bruno_items(holder: JsonObject, variables: dict[str, str], depth: int) -> Iterator[Request]:
    for row in _objects(holder.get("items")):
        if isinstance(row.get("items"), list) and depth < _MOST_DEPTH:
            yield from _bruno_items(row, variables, depth + 1)
        elif isinstance(request := row.get("request"), dict):
            yield _bruno_request(row, request, variables)


def _bruno_request(row: JsonObject, request: JsonObject, variables: dict[str, str]) -> Request:
    held = request.get("body")
    body: JsonValue = None
    is_form, obstacle = False, ""
    mode = held.get("mode") if isinstance(held, dict) else None
    if isinstance(held, dict) and mode == "json":
        body, obstacle = _json_body(str(held.get("json") or ""))
    elif isinstance(held, dict) and mode == "formUrlEncoded":
        body, is_form = {str(one.get("name")): str(one.get("value") or "") for one in _objects(held.get(mode))}, True
    elif mode not in (None, "none"):
        obstacle = f"its body is {mode}"
    auth = request.get("auth")
    return Request(
        method=str(request.get("method") or "GET"),
        url=_filled(str(request.get("url") or ""), variables),
        headers=tuple(
            Header(str(one.get("name")), str(one.get("value") or ""))
            for one in _objects(request.get("headers"))
            if one.get("enabled") is not False
        ),
        body=body,
        is_form=is_form,
        name=str(row.get("name") or ""),
        description=str(request.get("docs") or "").strip(),
        auth=_scheme(str(auth.get("mode"))) if isinstance(auth, dict) else "",
        obstacle=obstacle,
    )


def _scheme(kind: str) -> str:
    return {"bearer": "Bearer", "basic": "Basic", "oauth2": "Bearer"}.get(kind, "")


def _json_body(text: str) -> tuple[JsonValue, str]:
    """The JSON of a body; a variable outside of quotes stands for any value."""
    if not text.strip():
        return None, ""
    for written in (text, re.sub(r'(?<!")\{\{[^{}]+\}\}(?!")', "null", text)):
        try:
            return parse_strict(written), ""
        except MalformedJson:
            continue
    return None, "its body is not JSON"


def _filled(text: str, variables: dict[str, str]) -> str:
    """The text with the collection's own variables; other ones stay, and become arguments where they can."""
    for _ in range(5):
        before, text = text, _VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], text)
        if before == text:
            break
    return text


def _pairs(block: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for line in block.splitlines():
        name, colon, value = line.strip().partition(":")
        if colon and name and not name.startswith("~"):
            made[name.strip()] = value.strip()
    return made


def _objects(value: Any) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
