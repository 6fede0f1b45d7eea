"""Security schemes as named secrets: a row names a key and says how it is sent; no key is ever written."""

from typing import Any

import msgspec

from workbench.app.imports.names import key_name
from workbench.core.json_text import JsonObject, JsonValue


class Access(msgspec.Struct, frozen=True):
    """`keys` are for an HTTP row: its `auth`, and what is sent beside it."""

    keys: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


def access_to(title: str, ways: list[JsonObject], schemes: JsonObject) -> Access:
    """The first way to sign in that can be used; it may need several keys."""
    if not ways or any(not way for way in ways):
        return Access()
    reasons: list[str] = []
    for way in ways:
        usable = []
        names = _needed(way, schemes)
        for name in names:
            auth, why = _auth(title, name, schemes.get(name))
            if auth is None:
                reasons.append(f"{name}: {why}")
            else:
                usable.append(auth)
        if len(usable) < len(names):
            continue
        if len({_place(auth) for auth in usable}) == len(usable):
            return Access(tuple(usable))
        reasons.append(f"{' and '.join(names)}: both would be sent in the same place")
    return Access((), (f"it needs a key that cannot be sent ({'; '.join(dict.fromkeys(reasons))})",))


def _needed(way: JsonObject, schemes: JsonObject) -> list[str]:
    """The schemes of a way. Several of OAuth are flows of one sign-in, and one token is enough for them."""
    kinds = {name: scheme.get("type") if isinstance(scheme := schemes.get(name), dict) else None for name in way}
    flows = [name for name, kind in kinds.items() if kind in ("oauth2", "openIdConnect")]
    return [name for name in way if name not in flows[1:]]


def _place(auth: dict[str, Any]) -> tuple[str, ...]:
    """Where it is sent; without regard to case in a header."""
    return (auth.get("query", ""), auth.get("cookie", ""), auth.get("header", "Authorization").casefold())


def _auth(title: str, name: str, scheme: JsonValue) -> tuple[dict[str, Any] | None, str]:
    held = scheme if isinstance(scheme, dict) else {}
    key = key_name(title, name)
    match held.get("type"), held.get("in"):
        case "apiKey", "header" if str(held.get("name")).casefold() == "cookie":
            return None, "a header of cookies"
        case "apiKey", "header" if isinstance(header := held.get("name"), str) and header:
            return {"key": key, "header": header, "scheme": ""}, ""
        case "apiKey", ("query" | "cookie") as place if isinstance(sent_as := held.get("name"), str) and sent_as:
            return {"key": key, place: sent_as}, ""
        case "apiKey", place:
            return None, f"a key in the {place}"
        case "http", _ if str(held.get("scheme")).casefold() == "basic":
            return {"key": key, "scheme": "Basic"}, ""
        case "http", _ if str(held.get("scheme")).casefold() == "bearer":
            return {"key": key}, ""
        case ("basic", _):
            return {"key": key, "scheme": "Basic"}, ""
        case ("oauth2" | "openIdConnect", _):
            return {"key": key}, ""
        case kind, _:
            return None, f"{held.get('scheme') or kind or 'an unknown scheme'}"
