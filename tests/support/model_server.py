"""A model server on this machine that lists its models."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

Asked = list[tuple[str, str]]
"""The path and the key of each request."""


@contextmanager
def model_server(*models: str) -> Iterator[tuple[int, Asked]]:
    """Listens until the block ends: its port, and what it was asked so far."""
    asked: Asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization", "")))
            body = json.dumps({"data": [{"id": model} for model in models]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield listening.server_port, asked
        listening.shutdown()
        thread.join()
