"""A request that somebody made or wrote down, as a tool: what varies becomes arguments, what is secret is left out.

No value of a request is written anywhere, only its shape: it may be a key, or a person's.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from workbench.app.imports.addresses import inside_note
from workbench.app.imports.found import FoundTool
from workbench.app.imports.names import Names, key_name, portable_name, words_of_path
from workbench.app.imports.value_schema import schema_of
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool
from workbench.store.executor_row import origin_problem

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_IN_QUERY = frozenset(["GET", "HEAD", "DELETE"])
_KEPT_HEADERS = re.compile(r"accept|accept-language|prefer|x-requested-with|[a-z-]*version", re.IGNORECASE)
_SECRET = re.compile(
    r"(^|[-_.])(key|api-?key|apikey|token|secret|auth|authorization|password|passwd|pwd|signature|sig|session|cookie|"
    r"credentials?|csrf|xsrf|appid|jwt|bearer)([-_.]|$)|api_?key|token$",
    re.IGNORECASE,
)
_VARIES = re.compile(
    r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_.:~=-]{20,}", re.IGNORECASE
)
_VARIABLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}|^:([A-Za-z]\w*)$|^\{(\w+)\}$")


class Header(msgspec.Struct, frozen=True):
    """One header, as it was."""

    name: str
    value: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is the JSON it carries, or the fields of a form; None for none. `obstacle` says why it cannot be made a
    tool that can be called, such as a file in its body."""

    method: str
    url: str
    headers: tuple[Header, ...] = ()
    body: JsonValue = None
    is_form: bool = False
    name: str = ""
    description: str = ""
    auth: str = ""
    """The scheme of a key that is sent as a header, where the source has a place of its own for it."""
    obstacle: str = ""


class _Shape(msgspec.Struct):
    """What is common to requests of one method and path."""

    first: Request
    template: str
    path_names: list[str]
    queries: list[list[tuple[str, str]]]
    bodies: list[JsonValue]


def tools_of_requests(requests: Sequence[Request], shape: str) -> tuple[tuple[FoundTool, ...], list[tuple[str, str]]]:
    """One tool for all requests of one method and path, and what could not become one, with the reason."""
    shapes: dict[tuple[str, str, str], _Shape] = {}
    skipped: list[tuple[str, str]] = []
    for one in requests:
        method = one.method.upper()
        label = f"{method} {one.url.partition('?')[0][:120]}"
        if method not in METHODS:
            skipped.append((label, f"tools cannot send {method[:20]}"))
            continue
        url = _without_user(one.url)
        if (unknown := _VARIABLE.match(url)) is not None:
            skipped.append((label, f"its address begins with {unknown[0]}, whose value is not in the file"))
            continue
        if problem := origin_problem(url.partition("?")[0]):
            skipped.append((label, problem))
            continue
        template, names = _template(url)
        key = (method, template, one.name if one.name else "")
        held = shapes.setdefault(key, _Shape(one, template, names, [], []))
        held.queries.append(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        held.bodies.append(one.body)
    names_given = Names()
    return tuple(_tool(one, shape, names_given) for one in shapes.values()), list(dict.fromkeys(skipped))


def _tool(shape: _Shape, label: str, names: Names) -> FoundTool:
    first, method = shape.first, shape.first.method.upper()
    path = urlsplit(shape.template).path
    identity = " ".join(part for part in (first.name, method, shape.template.partition("://")[2]) if part)
    name = names.take(first.name or words_of_path(method, _last_words(path)), identity)
    properties: JsonObject = {one: {"type": "string"} for one in shape.path_names}
    required = list(shape.path_names)
    notes: list[str] = []
    query, keys = _query(shape, properties, required)
    bodies = [body for body in shape.bodies if body is not None]
    body = _body(bodies, properties, required, is_always=len(bodies) == len(shape.bodies)) if bodies else None
    row: dict[str, Any] = {"kind": "http", "url": shape.template}
    if method != "GET":
        row["method"] = method
    _add_headers(row, first, notes)
    _add_query_keys(row, keys, notes)
    notes += [note] if (note := inside_note(shape.template)) else []
    is_free = method in _IN_QUERY and body is None
    if query and not (is_free and all(slot == f"{{{one}}}" for one, slot in query.items())):
        row["query"] = query
    if body is not None:
        is_flat = isinstance(body, dict) and all(slot == f"{{{one}}}" for one, slot in body.items())
        row |= {} if is_flat and method not in _IN_QUERY else {"body": body}
        row |= {"body_as": "form"} if first.is_form else {}
    if first.obstacle:
        notes.append(f"calls wait for a result from you: {first.obstacle}")
    schema: JsonObject = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list[JsonValue](dict.fromkeys(required))
    schema["additionalProperties"] = False
    hints: JsonObject | None = {"readOnlyHint": True} if method in ("GET", "HEAD") else None
    hints = {"destructiveHint": True} if method == "DELETE" else hints
    tool = Tool.make(name, first.description, schema, annotations=hints)
    return FoundTool(tool, label, None if first.obstacle else row, identity, tuple(notes))


def _query(shape: _Shape, properties: JsonObject, required: list[str]) -> tuple[JsonObject, list[str]]:
    """Templates of the query, and the names of what looks like a key, which is not an argument."""
    made: JsonObject = {}
    keys: list[str] = []
    always = set.intersection(*({name for name, _ in pairs} for pairs in shape.queries)) if shape.queries else set()
    seen: dict[str, list[JsonValue]] = {}
    for pairs in shape.queries:
        one: dict[str, JsonValue] = {}
        for name, text in pairs:
            held = one.get(name)
            value = _of_text(text)
            one[name] = value if name not in one else [*held, value] if isinstance(held, list) else [held, value]
        for name, value in one.items():
            seen.setdefault(name, []).append(value)
    for name, values in seen.items():
        if _SECRET.search(name):
            keys.append(name)
            continue
        argument = _free(name, properties)
        properties[argument] = schema_of(values)
        required += [argument] if name in always and len(shape.queries) > 1 else []
        made[name] = f"{{{argument}}}"
    return made, keys


def _body(bodies: Sequence[JsonValue], properties: JsonObject, required: list[str], *, is_always: bool) -> JsonValue:
    """The template of the body: its fields one by one where it is an object."""
    objects = [body for body in bodies if isinstance(body, dict)]
    if len(objects) < len(bodies) or not all(objects):
        argument = _free("body", properties)
        properties[argument] = schema_of(bodies)
        required += [argument] if is_always else []
        return f"{{{argument}}}"
    made: JsonObject = {}
    for name in dict.fromkeys(key for body in objects for key in body):
        argument = _free(name, properties)
        properties[argument] = schema_of([body[name] for body in objects if name in body])
        required += [argument] if is_always and all(name in body for body in objects) else []
        made[name] = f"{{{argument}}}"
    return made


def _add_headers(row: dict[str, Any], request: Request, notes: list[str]) -> None:
    host = urlsplit(row["url"]).hostname or ""
    kept: dict[str, str] = {}
    left: list[str] = []
    if request.auth:
        row["auth"] = _auth(host, "Authorization", request.auth)
    elif "@" in urlsplit(request.url).netloc:
        row["auth"] = _auth(host, "Authorization", "Basic")
    for one in request.headers:
        name = one.name.strip()
        if _SECRET.search(name) and "auth" not in row and name.casefold() != "cookie":
            scheme = one.value.split()[0] if " " in one.value.strip() else ""
            row["auth"] = _auth(host, name, scheme if re.fullmatch(r"[A-Za-z]{1,20}", scheme) else "")
        elif _KEPT_HEADERS.fullmatch(name) and one.value.isascii() and one.value.isprintable() and "{" not in one.value:
            kept[name] = one.value[:200]
        elif _SECRET.search(name) or name.casefold().startswith("x-"):
            left.append(name)
    if kept:
        row["headers"] = kept
    if left:
        notes.append(f"headers left out: {', '.join(left[:5])}")


def _add_query_keys(row: dict[str, Any], names: list[str], notes: list[str]) -> None:
    """One key is sent, in a header or else as a parameter; others may be cookies or marks of a session, so their names
    are said."""
    if names and "auth" not in row:
        host = urlsplit(row["url"]).hostname or ""
        row["auth"] = {**_auth(host, "Authorization", "Bearer"), "query": names.pop(0)}
    if "auth" in row:
        notes.append(f"its key is not written; give it as {row['auth']['key']}")
    notes += [
        f"{name} in the address looks like a key; it is left out, and more_keys in its row can send it"
        for name in names
    ]


def _auth(host: str, header: str, scheme: str) -> dict[str, Any]:
    kind = {"bearer": "Bearer", "basic": "Basic"}.get(scheme.casefold(), scheme)
    made = {"key": key_name(host.removeprefix("api.").removeprefix("www."), "key")}
    if header.casefold() != "authorization" or kind != "Bearer":
        made |= {"header": header, "scheme": kind}
    return made


def _template(url: str) -> tuple[str, list[str]]:
    """The address with slots for what varies in it, such as the number in `/users/42`, and their names."""
    parts = urlsplit(url)
    names: list[str] = []
    made: list[str] = []
    before = "item"
    for segment in parts.path.split("/"):
        plain = unquote(segment)
        variable = _VARIABLE.search(plain)
        if variable is not None and variable[0] == plain:
            name = portable_name(next(group for group in variable.groups() if group))
        elif segment and _VARIES.fullmatch(plain):
            name = f"{before}_id"
        else:
            before = _singular(portable_name(plain)) if plain else before
            made.append(segment.replace("{", "%7B").replace("}", "%7D"))
            continue
        while name in names:
            name += "_2"
        names.append(name)
        made.append(f"{{{name}}}")
    return f"{parts.scheme}://{parts.netloc}{'/'.join(made)}", names


def _last_words(path: str) -> str:
    """The end of a path, which says what it is about: `/api/v3/pets/{id}` → `/pets/{id}`."""
    parts = [part for part in path.split("/") if part and not re.fullmatch(r"api|v\d+(\.\d+)*", part)]
    return "/" + "/".join(parts[-4:])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def _without_user(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return f"{scheme}{mark}{host.rpartition('@')[2]}{rest[len(host) :]}"


def _of_text(text: str) -> JsonValue:
    if re.fullmatch(r"-?(0|[1-9]\d{0,15})", text):
        return int(text)
    return {"true": True, "false": False}.get(text, text)


def _free(wanted: str, properties: JsonObject) -> str:
    name = wanted if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", wanted) else portable_name(wanted)
    while name in properties:
        name = f"{name[:60]}_2"
    return name
