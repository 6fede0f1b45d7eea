"""Serving is started and stopped by hand, and what becomes of it is said in words."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.service.tool_service import ToolService
from workbench.app.session import Session
from workbench.core.errors import UsageError
from workbench.viewmodels.service.serving import Serving


class Server:
    """Listens to nobody; `refusal` keeps it from starting."""

    def __init__(self, refusal: str = "") -> None:
        self.url = ""
        self.refusal = refusal
        self.made: list[tuple[str, int, bool]] = []
        self.may_start = asyncio.Event()
        self.may_start.set()

    def make(self, tools: ToolService, tokens: ClientTokens, title: str, port: int, with_mcp: bool) -> "Server":
        self.made.append((title, port, with_mcp))
        return self

    async def start(self) -> None:
        await self.may_start.wait()
        if self.refusal:
            raise UsageError(self.refusal)
        self.url = "http://127.0.0.1:7"

    async def stop(self) -> None:
        self.url = ""


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
    opened = Session(make_project(tmp_path / "marks"), folders=folders)
    yield opened
    await opened.close()


def serving(session: Session, server: Server) -> Serving:
    return Serving(session, server.make, lambda act: act())


async def test_it_says_what_is_served_and_where(session: Session) -> None:
    made = serving(session, server := Server())
    made.set_port(8_080)
    made.set_mcp(is_on=False)
    made.set_settings(ServiceSettings(read_only=True))
    assert made.state_words == "Not serving. Other programs cannot reach this project."
    await made.start()
    await made.start()
    assert server.made == [("Marks", 8_080, False)]
    assert made.state_words == "Serving 0 tools at http://127.0.0.1:7"
    assert any(remark.startswith("Withheld: touch: ") for remark in made.remarks)
    assert made.message == "Create a token, so that a program can use it."
    await made.close()
    assert not made.is_serving
    assert made.message == "Stopped. Nothing is listening now."


async def test_one_that_cannot_start_says_why(session: Session) -> None:
    made = serving(session, Server("port 8080 is taken"))
    await made.start()
    assert (made.is_serving, made.is_good) == (False, False)
    assert "port 8080 is taken" in made.message


async def test_what_is_stopped_while_it_starts_does_not_go_on(session: Session) -> None:
    made = serving(session, server := Server())
    server.may_start.clear()
    starting, stopping = asyncio.create_task(made.start()), asyncio.create_task(made.stop())
    await asyncio.sleep(0)
    server.may_start.set()
    await asyncio.gather(starting, stopping)
    assert (made.is_serving, server.url) == (False, "")


async def test_a_token_is_shown_once_and_can_be_revoked(session: Session) -> None:
    made = serving(session, Server())
    assert made.create_token("editor", ["call", "read"])
    assert made.new_token.startswith("wbt_")
    assert (made.tokens[0].name, made.tokens[0].scopes) == ("editor", "read, call")
    assert not made.create_token("editor", ["read"])
    assert not made.is_good
    made.put_token_away()
    assert made.new_token == ""
    made.revoke("editor")
    assert made.tokens == ()
    assert made.message == "Revoked the token of editor."
