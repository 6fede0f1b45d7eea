"""A project that is served, and clients of it, all in this process."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.support.projects import CODE, TOML, make_project
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import Scope
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.session import Session
from workbench.core.approval import Question
from workbench.core.json_text import JsonObject
from workbench.service.guard import MAX_BODY
from workbench.service.server import Service

ANSWER: JsonObject = {"text": "Hello."}


class Served:
    """`look` runs at once, `touch` asks. Use it as a context; everything ends with it."""

    def __init__(
        self,
        folder: Path,
        *answers: JsonObject,
        settings: ServiceSettings | None = None,
        has_person: bool = True,
        scopes: tuple[Scope, ...] = ("read", "call", "approve"),
        toml: str = TOML,
        code: str = CODE,
    ) -> None:
        self.session = Session(make_project(folder, *answers, toml=toml, code=code), trust_for_now=True)
        self.tokens = ClientTokens(self.session.keys, folder)
        self.token, _ = self.tokens.create("tester", scopes)
        self.tools = self.session.serve(settings or ServiceSettings(), has_person=lambda: has_person)
        self.service = Service(self.tools, self.tokens, title="Marks", port=0)

    async def __aenter__(self) -> "Served":
        await self.service.start()
        self.http = httpx2.AsyncClient(base_url=self.service.url, headers=self.auth(), trust_env=False, timeout=60)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        await self.service.stop()
        await self.session.close()

    def auth(self, token: str | None = None) -> dict[str, str]:
        return {"authorization": f"Bearer {token or self.token}"}

    async def post(self, path: str, body: Mapping[str, Any] | None = None, **more: Any) -> httpx2.Response:
        content = None if body is None else json.dumps(body)
        headers = {"content-type": "application/json", **more.pop("headers", {})}
        return await self.http.post(path, content=content, headers=headers, **more)

    async def call(self, tool: str, **arguments: Any) -> Any:
        return (await self.post(f"/v1/tools/{tool}/call", {"arguments": arguments})).json()

    async def asked(self, count: int = 1) -> tuple[Question, ...]:
        """The questions on the desk, once there are this many."""
        desk, changed = self.session.desk, asyncio.Event()
        forget = desk.changed.connect(changed.set)
        while len(desk.pending) != count:
            await changed.wait()
            changed.clear()
        forget()
        return desk.pending

    async def idle(self) -> None:
        """Wait until nothing of a client is under way."""
        changed = asyncio.Event()
        forget = self.tools.changed.connect(changed.set)
        while self.tools.under_way:
            await changed.wait()
            changed.clear()
        forget()


@dataclass
class Attack:
    """Something a web page or a stranger may send, and how it has to be answered."""

    name: str
    send: Callable[[], Awaitable[httpx2.Response]]
    statuses: tuple[int, ...]


def attacks(served: Served) -> Iterator[Attack]:
    """All of them."""
    http = served.http
    port = served.service.url.rsplit(":", 1)[1]
    good = {"host": f"127.0.0.1:{port}", **served.auth()}

    def get(name: str, path: str, headers: dict[str, str], *statuses: int) -> Attack:
        async def send() -> httpx2.Response:
            request = http.build_request("GET", path)
            request.headers = httpx2.Headers(headers)
            return await http.send(request)

        return Attack(name, send, statuses)

    def post(name: str, kind: str, content: bytes, *statuses: int, **headers: str) -> Attack:
        async def send() -> httpx2.Response:
            own = {"content-type": kind, **{key.replace("_", "-"): value for key, value in headers.items()}}
            return await http.post("/v1/tools/touch/call", content=content, headers=own)

        return Attack(name, send, statuses)

    tables: list[tuple[str, list[str], Callable[[str], tuple[str, dict[str, str]]], int]] = [
        (
            "token",
            ["", "Bearer", "Bearer wbt_wrong", "Basic abc", f"bearer{served.token}"],
            lambda text: ("/v1/tools", {**good, "authorization": text}),
            401,
        ),
        (
            "in the address",
            ["token", "access_token", "key", "api_key"],
            lambda text: (f"/v1/tools?{text}={served.token}", good),
            400,
        ),
        (
            "host",
            ["evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", ""],
            lambda text: ("/v1/tools", {**good, "host": text}),
            421,
        ),
        (
            "origin",
            ["https://evil.example", "null", f"https://127.0.0.1:{port}", "http://127.0.0.1:1"],
            lambda text: ("/v1/tools", {**good, "origin": text}),
            403,
        ),
        ("fetched", ["cross-site", "same-site"], lambda text: ("/v1/tools", {**good, "sec-fetch-site": text}), 403),
        (
            "path",
            ["/v1/tools/../../etc/passwd", "/v1/runs/..%2f..%2fetc%2fpasswd", "/v1/suite-runs/..%2fx", "/.git"],
            lambda text: (text, good),
            404,
        ),
    ]
    for name, texts, made, status in tables:
        for text in texts:
            yield get(f"{name} {text[:30]!r}", *made(text), status)
    body = b'{"arguments": {"mark": "x"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        yield post(f"type {kind!r}", kind, body, 415)
    yield post("form with an origin", "text/plain", body, 403, origin="https://evil.example")
    yield post("too long", "application/json", b" " * (MAX_BODY + 1), 413)
    for content in (b"{", b"[]", b'{"arguments": 5}', b'{"arguments": {}, "extra": 1}', b"\xff"):
        yield post(f"body {content!r}", "application/json", content, 400, 422)

    async def preflight() -> httpx2.Response:
        asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
        return await http.request("OPTIONS", "/v1/tools", headers=asked)

    yield Attack("preflight", preflight, (403,))
