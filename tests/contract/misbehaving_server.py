"""A server on loopback that answers as it is told, also badly. It stops with its `with` block."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, NamedTuple

_PINGS = b": ping\n" * 40


class Received(NamedTuple):
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    client_port: int


class Answer(NamedTuple):
    """What to send. `ending` says what happens after the body: closed as announced, torn, held, or sent forever."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/event-stream"),)
    ending: Literal["whole", "torn", "held", "endless"] = "whole"


class MisbehavingServer:
    """Answers every POST with what `answer` makes of it."""

    def __init__(self, answer: Callable[[Received], Answer]) -> None:
        self.received: list[Received] = []
        self.client_left = threading.Event()
        self._released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.path, headers, body, self.client_address[1])
                server.received.append(received)
                server._send(self, answer(received))

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def root(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> "MisbehavingServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.status == 0:  # nothing at all
            self._released.wait() if answer.ending == "held" else None
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers:
            handler.send_header(name, value)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        try:
            if answer.body:
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(answer.body), answer.body))
            match answer.ending:
                case "whole":
                    handler.wfile.write(b"0\r\n\r\n")
                case "torn":
                    handler.close_connection = True
                case "held":
                    self._released.wait()
                    handler.close_connection = True
                case "endless":
                    while not self._released.wait(0.005):
                        handler.wfile.write(b"%x\r\n%s\r\n" % (len(_PINGS), _PINGS))
        except OSError:
            self.client_left.set()
            handler.close_connection = True
