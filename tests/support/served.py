"""A project that is served, and clients of it, all in this process."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2

from tests.support.projects import TOML, make_project
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import Scope
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.session import Session
from workbench.core.approval import Question
from workbench.core.json_text import JsonObject
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
    ) -> None:
        self.session = Session(make_project(folder, *answers, toml=toml), trust_for_now=True)
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
        forget = desk.subscribe(changed.set)
        while len(desk.pending) != count:
            await changed.wait()
            changed.clear()
        forget()
        return desk.pending

    async def idle(self) -> None:
        """Wait until nothing of a client is under way."""
        changed = asyncio.Event()
        forget = self.tools.subscribe(changed.set)
        while self.tools.under_way:
            await changed.wait()
            changed.clear()
        forget()
