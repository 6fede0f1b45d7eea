"""The vendors' own counters of tokens, asked only on purpose."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.app.models.connections import Connection
from workbench.app.project.folders import UserFolders
from workbench.app.schema_editor.token_counting import count_tokens, counters, weigh_exactly
from workbench.app.session import Session
from workbench.core.errors import ProviderFailure
from workbench.core.tool import Tool

KEY = "sk-canary-abcdefghijklmnop"
SEEN: list[tuple[str, dict[str, Any]]] = []
LOOK = Tool.make("look", "Look around.")


class CountingServer(BaseHTTPRequestHandler):
    """Counts ten tokens and thirty a tool, for the one who has the key."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        SEEN.append((self.path, body))
        asked = self.headers.get("Authorization", "")
        if asked != f"Bearer {KEY}":
            self._answer(401, {"error": {"message": f"no: {asked}"}})
        elif "rubbish" in body["model"]:
            self._answer(200, {"tokens": "many"})
        else:
            self._answer(200, {"input_tokens": 10 + 30 * len(body.get("tools", []))})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        held = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(held)))
        self.end_headers()
        self.wfile.write(held)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    SEEN.clear()
    listening = HTTPServer(("127.0.0.1", 0), CountingServer)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
async def session(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    monkeypatch.setenv("COUNTER_KEY", KEY)
    home = tmp_path / "home"
    made = Session(make_project(tmp_path / "p"), folders=UserFolders(home, home, home), trust_for_now=True)
    for name, wire, model in (
        ("claude", "anthropic", "claude-x"),
        ("gpt", "openai-responses", "gpt-x"),
        ("chat", "openai-chat", "chat-x"),
        ("odd", "anthropic", "rubbish"),
    ):
        made.connections.save(Connection(name, wire, server, "COUNTER_KEY", model))  # type: ignore[arg-type]
    yield made
    await made.close()


def test_only_wires_with_a_counter_and_a_key_are_offered_and_nothing_is_sent(session: Session) -> None:
    found = counters(session.providers)
    assert [counter.spec for counter in found] == ["claude", "gpt", "odd"]
    assert found[0].model == "claude-x"
    assert "127.0.0.1" in found[0].to
    assert SEEN == []


async def test_a_tool_is_the_difference_of_a_request_with_it_and_one_without(session: Session) -> None:
    claude, gpt, _ = counters(session.providers)
    assert await count_tokens(session.providers, session.keys, claude, LOOK) == 30
    assert await count_tokens(session.providers, session.keys, gpt, LOOK) == 30
    assert [path for path, _ in SEEN] == ["/v1/messages/count_tokens"] * 2 + ["/responses/input_tokens"] * 2
    assert SEEN[0][1]["tools"][0]["name"] == "look"
    assert "tools" not in SEEN[1][1]
    assert SEEN[2][1]["tools"][0]["type"] == "function"


async def test_a_refusal_is_told_without_the_key(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTER_KEY", "sk-canary-qrstuvwxyz1234")
    with pytest.raises(ProviderFailure) as caught:
        await count_tokens(session.providers, session.keys, counters(session.providers)[0], LOOK)
    assert caught.value.kind == "authentication"
    assert "qrstuvwxyz1234" not in str(caught.value)


async def test_an_answer_that_is_no_count_is_said_to_be_none(session: Session) -> None:
    with pytest.raises(ProviderFailure, match="not a count"):
        await count_tokens(session.providers, session.keys, counters(session.providers)[2], LOOK)


async def test_the_parts_of_a_tool_are_counted_by_leaving_each_out(session: Session) -> None:
    whole, *parts = await weigh_exactly(session.providers, session.keys, counters(session.providers)[0], LOOK)
    assert (whole.tokens, whole.tokens_text) == (30, "30")
    assert [(part.place, part.tokens, part.is_counted) for part in parts] == [("/description", 0, True)]
    offered = [body["tools"][0] for _, body in SEEN if "tools" in body]
    assert [tool.get("description", "") for tool in offered] == ["Look around.", ""]
