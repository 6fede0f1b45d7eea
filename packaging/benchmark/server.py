"""A server that streams canned answers: `python -m benchmark.server`. Says its port, ends when its input ends.

The first folder of the path chooses the answer: `/tools/v1/chat/completions` makes three calls, `/calls-N/…` makes
`N`, and then, when it sees their results, 64 tokens; `/words-N/…`, `/markdown-N/…` and `/paced-N/…` stream `N` pieces;
`/case-MS/…` gives 64 tokens after so many milliseconds, in one piece to a client that does not stream.
"""

import asyncio
import sys
from functools import lru_cache

from benchmark import canned

_OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
_LAST = b"0\r\n\r\n"


def _body(events: list[bytes]) -> bytes:
    return _OK + b"".join(map(canned.http_chunk, events)) + _LAST


def _has_results(request: bytes) -> bool:
    return b'"role":"tool"' in request


class _Answers:
    """Everything that can be asked for, as it goes over the wire."""

    def __init__(self) -> None:
        self.calls = _body(canned.tool_calls())
        self.final = _body(canned.words(canned.FINAL_TOKENS))
        whole = canned.plain_words(canned.FINAL_TOKENS)
        self.plain = _JSON % len(whole) + whole

    @lru_cache  # noqa: B019 — there is one for the whole life of the process
    def whole(self, kind: str, count: int) -> bytes:
        """All pieces at once."""
        return _body({"markdown": canned.markdown, "calls": canned.many_calls}.get(kind, canned.words)(count))

    @lru_cache  # noqa: B019 — as above
    def paced(self, count: int) -> list[bytes]:
        """The pieces, to be sent one by one."""
        return [canned.http_chunk(event) for event in canned.words(count)]


class _Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, answers: _Answers, pacing: "set[asyncio.Task[None]]") -> None:
        self._answers = answers
        self._pacing = pacing
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) >= length:
            self._received = rest[length:]
            self._answer(head.split(b" ")[1].split(b"/")[1].decode(), rest[:length])

    def _answer(self, name: str, request: bytes) -> None:
        answers = self._answers
        kind, _, count = name.partition("-")
        if name == "tools":
            self._transport.write(answers.final if _has_results(request) else answers.calls)
        elif kind == "calls":
            self._transport.write(answers.final if _has_results(request) else answers.whole(kind, int(count)))
        elif kind == "case":
            is_streamed = b'"stream":true' in request.replace(b" ", b"")
            body = answers.final if is_streamed else answers.plain
            asyncio.get_running_loop().call_later(int(count) / 1000, self._transport.write, body)
        elif kind in ("words", "markdown"):
            self._transport.write(answers.whole(kind, int(count)))
        elif kind == "paced":
            task = asyncio.get_running_loop().create_task(self._pace(answers.paced(int(count))))
            self._pacing.add(task)
            task.add_done_callback(self._pacing.discard)
        else:
            self._transport.write(_NOT_FOUND)

    async def _pace(self, pieces: list[bytes]) -> None:
        """A hundred pieces a second, by the clock."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._transport.write(_OK)
        for number, piece in enumerate(pieces):
            await asyncio.sleep(max(0.0, begun + number * canned.PACE_S - loop.time()))
            if self._transport.is_closing():
                return
            self._transport.write(piece)
        self._transport.write(_LAST)


async def _serve() -> None:
    answers = _Answers()
    pacing: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers, pacing), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
