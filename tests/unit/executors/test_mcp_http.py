"""An MCP server over streamable HTTP that answers with anything but messages."""

import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.support.loop_clock import LoopClock
from tests.unit.executors.http_endpoint import Asked, Endpoint, answer, endpoint
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.ids import CallId, RunId
from workbench.engine.ports import ExecutionOrder
from workbench.executors.mcp import McpExecutor
from workbench.executors.mcp_server import McpServer
from workbench.executors.mcp_spec import McpHeader, McpSpec

GO: dict[str, Any] = {"name": "go", "inputSchema": {"type": "object", "properties": {}}}
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "far", "version": "1"}}
Said = bytes | Callable[[Asked, Any], bytes | Awaitable[bytes]]


class Far:
    """A server that is well until a tool is called; `called` are its answers to that, the last one again and again."""

    def __init__(self, at: Endpoint) -> None:
        self.at = at
        self.called: list[Said] = []
        self.sessions = 0
        self.tools = [GO]
        at.answers = [self._answer]
        self.server = McpServer(McpSpec(name="far", url=f"{at.origin}/mcp", start_limit_s=30.0), secret=lambda _: None)

    @property
    def methods(self) -> list[str]:
        """What it was asked, without the notifications."""
        bodies = [json.loads(one.body) for one in self.at.asked if one.method == "POST"]
        return [body["method"] for body in bodies if "id" in body and body["method"] != "server/discover"]

    async def call(self) -> Any:
        """Call the tool in the way the loop does."""
        await self.server.start()
        order = ExecutionOrder(RunId("r"), CallId("r.1.1.1"), self.server.tools[0].tool, {}, 60.0)
        executor = McpExecutor(self.server, "go", permit=lambda _: "", hold=lambda *_: "")
        return (await executor.execute(order)).value

    async def failure(self) -> ToolError:
        """The error that a call ends with."""
        with pytest.raises(ToolError) as caught:
            await self.call()
        return caught.value

    def _answer(self, asked: Asked) -> bytes | Awaitable[bytes]:
        message = json.loads(asked.body) if asked.body else {}
        match message.get("method"):
            case "initialize":
                self.sessions += 1
                return result(message, HELLO, Mcp_Session_Id=f"session-{self.sessions}")
            case "tools/list":
                return result(message, {"tools": self.tools})
            case "tools/call":
                said = self.called.pop(0) if len(self.called) > 1 else self.called[0]
                return said if isinstance(said, bytes) else said(asked, message)
            case "server/discover":
                return answer(400, b"what?", "text/plain")
            case _:
                return answer(405 if asked.method == "GET" else 202)


def result(message: Any, document: Any, **headers: str) -> bytes:
    return answer(200, json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": document}).encode(), **headers)


def well(_asked: Asked, message: Any) -> bytes:
    return result(message, {"content": [{"type": "text", "text": "ok"}]})


def raw(line: str, content_type: str = "application/json") -> Callable[[Asked, Any], bytes]:
    """An answer whose body is `line`, with the call's id in place of ID."""
    return lambda _, message: answer(200, line.replace("ID", json.dumps(message["id"])).encode(), content_type)


def body_of(message: Any, text: str) -> bytes:
    return f'{{"jsonrpc":"2.0","id":{json.dumps(message["id"])},"result":{{"content":"{text}"}}}}'.encode()


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with endpoint() as at:
        found = Far(at)
        yield found
        await found.server.stop()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'),
        (404, b""),
        (410, b"gone"),
        (400, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID"}}'),
    ],
)
async def test_a_session_that_has_ended_is_opened_again_and_the_call_made_there(
    far: Far, status: int, body: bytes
) -> None:
    far.called = [answer(status, body), well]
    assert await far.call() == "ok"
    assert far.methods == ["initialize", "tools/list", "tools/call"] * 2
    called = [one for one in far.at.asked if b"tools/call" in one.body]
    assert [one.headers["mcp-session-id"] for one in called] == ["session-1", "session-2"]
    assert await far.call() == "ok"
    assert far.sessions == 2


async def test_a_server_that_ends_every_session_is_asked_twice(far: Far) -> None:
    far.called = [answer(404, b"Session not found", "text/plain")]
    error = await far.failure()
    assert error.kind == "mcp_session"
    assert error.message == "its session has ended. It said: Session not found"
    assert far.methods.count("tools/call") == 2


async def test_a_tool_that_is_another_one_in_the_new_session_is_not_called(far: Far) -> None:
    def ended(_asked: Asked, _message: Any) -> bytes:
        far.tools = [{**GO, "description": "Something else."}]
        return answer(404)

    far.called = [ended, well]
    with pytest.raises(ExecutorUnavailable, match="has changed 'go'"):
        await far.call()
    assert far.methods.count("tools/call") == 1


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (answer(500, b"out of memory", "text/plain"), "mcp_error", "500 Internal Server Error. It said: out of memory"),
        (answer(502, b"<h1>Bad Gateway</h1>", "text/html"), "mcp_error", "502 Bad Gateway. It said: Bad Gateway"),
        (answer(503, b"", retry_after="100"), "mcp_error", "it asks for a wait of 1 min 40 s"),
        (answer(429, b"[]", retry_after="7"), "mcp_error", "429 Too Many Requests; it asks for a wait of 7 s"),
        (answer(403, b'{"detail": "no seat"}'), "mcp_error", "the token does not allow this. It said: no seat"),
        (answer(400, b'{"jsonrpc":"2.0","id":null,"error":{"code":7,"message":"m","data":"d"}}'), "mcp_error", "m: d"),
        (answer(200, b"<h1>Sign in</h1>", "text/html"), "mcp_error", "html that is not a message. It said: Sign in"),
        (answer(200, b"{}"), "mcp_error", "application/json that is not a message"),
        (answer(202), "mcp_error", "gave no result"),
        (answer(200, b"junk", content_encoding="gzip"), "mcp_error", "cannot be decompressed"),
        (answer(307, b"", location="http://localhost:1/x?key=y"), "mcp_error", "to http://localhost:1/x (status 307)"),
        (b"HTTP/1.1 200 OK\r\n", "mcp_gone", "the connection broke"),
        (raw('{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"m","data":"d"}}'), "mcp_error", "m: d"),
        (raw('{"jsonrpc":"2.0","id":ID,"result":"done"}'), "mcp_protocol", "does not follow MCP"),
        (raw('{"jsonrpc":"2.0","id":ID,"result":{"content":[{"text":"torn'), "mcp_protocol", "torn"),
        (raw('data: {"jsonrpc":"2.0","id":ID,"result":"done"}\n\n', "text/event-stream"), "mcp_protocol", "follow MCP"),
        (raw(": nothing\n\n", "text/event-stream"), "mcp_gone", "may have taken effect"),
        (raw("data: out of memory\n\n", "text/event-stream"), "mcp_gone", "without a result. It said: out of memory"),
        (raw('data: {"error": "overloaded"}\n\n', "text/event-stream"), "mcp_error", "overloaded"),
    ],
)  # fmt: skip
async def test_a_call_that_gets_no_message_ends_at_once_in_the_servers_words(
    far: Far, said: Said, kind: str, words: str
) -> None:
    far.called = [said]
    error = await far.failure()
    assert (error.kind, words in error.message) == (kind, True), error.message


@pytest.mark.parametrize(
    "said",
    [
        raw(r'{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"a \ud83d"}]}}'),
        raw(r'{"jsonrpc":"2.0","id":"7","result":{"content":[{"type":"text","text":"a \ud83d"}]}}'),
        raw('data: {"jsonrpc":"2.0","id":ID,"result":{"content":"a \\ud83d"}}\r\n\r\n', "text/event-stream"),
        lambda _, message: answer(200, gzip.compress(body_of(message, r"a \ud83d")), content_encoding="gzip"),
    ],
)
async def test_half_a_character_is_replaced_at_once(far: Far, said: Said) -> None:
    far.called = [said]
    assert await far.call() == "a \ufffd"


RESULT = '{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"ok"}]}}'
BROKEN = '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}'
PROGRESS = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"half"}}'


@pytest.mark.parametrize(
    "said",
    [
        raw(f"event: ping\n\n: ping\n\ndata: ping\n\nevent: message\ndata: {RESULT}\n\n", "text/event-stream"),
        raw(f"event: ping\ndata: {{}}\n\ndata: {RESULT}\n\nevent: end\ndata: bye\n\n", "text/event-stream"),
        raw(f"id: 1\ndata:\n\nevent: ping\ndata: 1\n\nid: 2\ndata: {RESULT}\n\n", "text/event-stream"),
        raw(f"data: {PROGRESS}\n\ndata: null\n\nevent: result\ndata: {RESULT}", "text/event-stream"),
        raw(f"data: [{PROGRESS},{RESULT}]\n\n", "text/event-stream; charset=utf-8"),
        raw(f"[{PROGRESS},{RESULT}]"),
        raw(f"data: {BROKEN}\n\ndata: {RESULT}\n\n", "text/event-stream"),
        raw(f"[{RESULT}]"),
    ],
)
async def test_pings_comments_and_other_events_in_a_stream_end_no_call(far: Far, said: Said) -> None:
    far.called = [said]
    assert await far.call() == "ok"


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "put a token of yours"), (403, "does not allow this"), (404, "no MCP server"), (405, "no MCP server")],
)
async def test_an_address_that_refuses_is_said_with_what_to_do(status: int, words: str) -> None:
    async with endpoint() as there:
        there.answers = [answer(status, b"You have no seat here", "text/plain", WWW_Authenticate="Bearer")]
        server = McpServer(McpSpec(name="far", url=f"{there.origin}/mcp", start_limit_s=30.0), secret=lambda _: None)
        with pytest.raises(ExecutorUnavailable, match=words):
            await server.start()
        assert f"it answered {status}" in server.failure
        assert "You have no seat here" in server.failure
        await server.stop()


async def test_a_token_that_is_not_taken_is_named() -> None:
    async with endpoint() as there:
        there.answers = [answer(401)]
        headers = {"Authorization": McpHeader("TOKEN", "Bearer")}
        server = McpServer(McpSpec(name="far", url=there.origin, headers=headers), secret=lambda _: "some-token")
        with pytest.raises(ExecutorUnavailable, match="does not accept the key TOKEN in the header Authorization"):
            await server.start()
        there.answers = [answer(403)]
        with pytest.raises(ExecutorUnavailable, match="the key TOKEN in the header Authorization does not allow this"):
            await server.start()
        await server.stop()


async def test_a_server_that_cannot_be_reached_is_said_to_be_and_nothing_was_run(far: Far) -> None:
    with pytest.raises(ExecutorUnavailable, match="cannot be reached"):
        await McpServer(McpSpec(name="none", url="http://127.0.0.1:1/mcp"), secret=lambda _: None).start()
    far.called = [well]
    await far.call()
    far.at.answers = [b""]
    assert (await far.failure()).kind == "mcp_gone"


async def test_a_key_in_the_address_is_filled_in_and_escaped() -> None:
    async with endpoint() as there:
        far = Far(there)
        spec = McpSpec(name="far", url=f"{there.origin}/mcp/${{key:A}}?apiKey=${{key:A}}")
        server = McpServer(spec, secret=lambda _: "a/b&c")
        await server.start()
        assert {one.target for one in far.at.asked} == {"/mcp/a%2Fb%26c?apiKey=a%2Fb%26c"}
        await server.stop()


async def test_a_call_in_which_nothing_comes_while_a_person_thinks_has_no_other_limit_than_its_own(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    await far.server.start()
    clock = LoopClock(monkeypatch)

    async def late(asked: Asked, message: Any) -> bytes:
        await clock.push(3_600.0)
        return well(asked, message)

    far.called = [late]
    answer, _ = await far.server.call("go", {}, 7_200.0)
    assert answer["content"] == [{"type": "text", "text": "ok"}]
