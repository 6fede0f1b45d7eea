"""Gemini's short questions: its list of models and its counter of tokens."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.contract.invented import answer_bytes
from workbench.core.errors import ProviderFailure
from workbench.core.tool import Tool
from workbench.providers.gemini.wire import GEMINI
from workbench.providers.questions import count_tool, list_models

KEY = "AIza-canary-0123456789-WXYZ"
SEEN: list[tuple[str, str, Any]] = []
LOOK = Tool.make("look", "Look around.")
MODELS = {
    "models": [
        {"name": "models/gemini-3-flash", "supportedGenerationMethods": ["generateContent", "countTokens"]},
        {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/gemini-2.5-pro"},
    ]
}


class GoogleServer(BaseHTTPRequestHandler):
    """Lists three models and counts ten tokens, and thirty a tool, for who has the key."""

    def do_GET(self) -> None:
        self._answer(None, MODELS)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tools = body["generateContentRequest"].get("tools", [])
        declared = sum(len(tool["functionDeclarations"]) for tool in tools)
        self._answer(body, {"totalTokens": 10 + 30 * declared, "promptTokensDetails": []})

    def _answer(self, body: Any, document: Any) -> None:
        key = self.headers.get("x-goog-api-key", "")
        SEEN.append((self.path, key, body))
        held = json.dumps(document).encode() if key == KEY else answer_bytes("gemini", "error_400.json")
        self.send_response(200 if key == KEY else 400)
        self.send_header("Content-Length", str(len(held)))
        self.end_headers()
        self.wfile.write(held)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    SEEN.clear()
    listening = HTTPServer(("127.0.0.1", 0), GoogleServer)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/v1beta"
    listening.shutdown()
    listening.server_close()
    thread.join()


async def test_only_models_that_generate_are_listed_by_their_short_names(server: str) -> None:
    assert await list_models(GEMINI, base_url=server, key=KEY) == ("gemini-3-flash", "gemini-2.5-pro")
    assert SEEN == [("/v1beta/models?pageSize=1000", KEY, None)]


async def test_a_tool_is_the_difference_of_a_request_with_it_and_one_without(server: str) -> None:
    assert await count_tool(GEMINI, "gemini-3-flash", (LOOK,), base_url=server, key=KEY) == 30
    (path, _, with_tool), (_, _, without) = SEEN
    assert path == "/v1beta/models/gemini-3-flash:countTokens"
    assert with_tool["generateContentRequest"]["model"] == "models/gemini-3-flash"
    assert with_tool["generateContentRequest"]["tools"][0]["functionDeclarations"][0]["name"] == "look"
    assert "tools" not in without["generateContentRequest"]


async def test_a_wrong_key_is_said_to_be_one_although_the_status_says_less(server: str) -> None:
    with pytest.raises(ProviderFailure) as caught:
        await list_models(GEMINI, base_url=server, key="AIza-another-9876543210", key_name="MY_KEY")
    assert (caught.value.kind, caught.value.status) == ("authentication", 400)
    assert "MY_KEY" in caught.value.hint
    assert "9876543210" not in str(caught.value)
