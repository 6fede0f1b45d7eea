"""Texts as vectors: by the packaged encoder in its own process, and by a server that speaks the usual endpoint."""

import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from workbench.core.errors import ProviderFailure
from workbench.providers.encoder import worker
from workbench.providers.local.embedder import TextEmbedder
from workbench.providers.openai_chat.wire import OPENAI_CHAT
from workbench.providers.questions import EMBEDDED_AT_ONCE, embed_texts
from workbench.providers.worker_process import WorkerProcess

KEY = "sk-canary-0123456789"
SEEN: list[Any] = []


class Server(BaseHTTPRequestHandler):
    """Answers in the wrong order, with the length of each text; a text “odd” gets an odd answer."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        SEEN.append((self.path, self.headers.get("Authorization"), body))
        rows = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(body["input"])]
        document: Any = {"data": rows[::-1]} if "odd" not in body["input"] else {"data": [{"vector": KEY}]}
        held = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(held)))
        self.end_headers()
        self.wfile.write(held)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    SEEN.clear()
    listening = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/v1"
    listening.shutdown()
    thread.join()
    listening.server_close()


async def test_a_server_is_asked_for_some_texts_at_a_time_and_its_order_does_not_count(address: str) -> None:
    texts = ["x" * number for number in range(1, EMBEDDED_AT_ONCE + 3)]
    found = await embed_texts(OPENAI_CHAT, "nomic", texts, base_url=address, key=KEY)
    assert [vector[0] for vector in found] == [float(len(text)) for text in texts]
    assert [(path, key, body["model"]) for path, key, body in SEEN] == [
        ("/v1/embeddings", f"Bearer {KEY}", "nomic")
    ] * 2


async def test_an_answer_without_vectors_is_said_without_the_key(address: str) -> None:
    with pytest.raises(ProviderFailure, match="not a list of vectors") as failed:
        await embed_texts(OPENAI_CHAT, "nomic", ["odd"], base_url=address, key=KEY)
    assert KEY not in str(failed.value)


@pytest.mark.child_process
@pytest.mark.skipif(importlib.util.find_spec(worker.PACKAGE) is None, reason="the encoder is not installed")
async def test_the_encoder_reads_texts_in_a_process_of_its_own() -> None:
    process = WorkerProcess(module=worker.__name__, name="sentence encoder")
    embedder = TextEmbedder(process, package=worker.PACKAGE)
    try:
        one, same, other = await embedder.embed(["where is my parcel", "where is the parcel", "3 + 4"])
        assert len(one) == len(other) > 100
        near, far = (sum(a * b for a, b in zip(one, each, strict=True)) for each in (same, other))
        assert near > far
    finally:
        await embedder.close()
