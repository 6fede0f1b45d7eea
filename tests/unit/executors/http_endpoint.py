"""A small HTTP server on this machine that answers as it is told and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """A request as it arrived; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Endpoint:
    """`answers` are whole answers, used up in order; the last one is given again and again."""

    def __init__(self) -> None:
        self.answers: list[bytes | Callable[[Asked], bytes | Awaitable[bytes]]] = [answer(200, b"{}")]
        self.asked: list[Asked] = []
        self.origin = ""
        self.hanging = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.asked.append(Asked(method, target, headers, body))
            given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            said = given if isinstance(given, bytes) else given(self.asked[-1])
            said = said if isinstance(said, bytes) else await said
            if said == HANG:
                self.hanging.set()
                await reader.read()
            writer.write(said)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


HANG = b"hang"


def answer(status: int, body: bytes = b"", content_type: str = "application/json", **headers: str) -> bytes:
    """A whole answer; underscores in header names stand for hyphens."""
    lines = [f"HTTP/1.1 {status} Said", f"content-type: {content_type}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "connection: close", "", ""]).encode() + body


@asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    """A running endpoint; it ends with the block."""
    running = Endpoint()
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield running
    finally:
        server.close()
        await server.wait_closed()
