"""What MCP servers ask in the middle of calls, in both revisions of the protocol, against the SDK's own server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import mcp_types as types
import pytest
from mcp.client._memory import InMemoryTransport
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from tests.support.forms import form_defaults
from tests.support.loop_clock import LoopClock
from workbench.core.errors import ToolError
from workbench.core.server_question import NOBODY, AddressAsked, Asked, FormAsked, ModelAsked, Reply
from workbench.executors import mcp_server
from workbench.executors.mcp_server import McpServer
from workbench.executors.mcp_spec import McpSampling, McpSpec

pytestmark = pytest.mark.filterwarnings("ignore:The sampling capability is deprecated")

Tool = Callable[[Any, types.CallToolRequestParams], Awaitable[Any]]
Open = Callable[..., Awaitable[McpServer]]

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "Ana"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "gone"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    },
    "required": ["name"],
}
MODEL = {"messages": [{"role": "user", "content": {"type": "text", "text": "Sum up."}}], "maxTokens": 900}


class Person:
    """Gives prepared replies and keeps what was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.asked: list[Asked] = []
        self._replies = list(replies)

    async def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


async def defaults(asked: Asked) -> Reply:
    """Takes the form as it stands."""
    assert isinstance(asked, FormAsked)
    return Reply("accept", "person", form_defaults(asked.schema))


def said(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)])


def text_of(answer: Any) -> str:
    return str(answer["content"][0]["text"])


@pytest.fixture(params=["legacy", "auto"])
def mode(request: pytest.FixtureRequest) -> str:
    """`legacy`: 2025-11-25, where servers send requests of their own. `auto`: 2026-07-28, where they answer that they
    need something."""
    return str(request.param)


@pytest.fixture
async def open_server(monkeypatch: pytest.MonkeyPatch, mode: str) -> AsyncIterator[Open]:
    opened: list[McpServer] = []
    connect = mcp_server.connect

    async def open_(call: Tool, sampling: McpSampling | None = None) -> McpServer:
        async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
            return types.ListToolsResult(tools=[types.Tool(name="do", input_schema={"type": "object"})])

        server: Server[Any] = Server("asking", on_list_tools=list_tools, on_call_tool=call)
        client = McpServer(McpSpec(name="asking", url="http://127.0.0.1:9", sampling=sampling), secret=lambda _: None)
        transport: Callable[[], AbstractAsyncContextManager[Any]] = lambda: InMemoryTransport(server)  # noqa: E731
        monkeypatch.setattr(client, "_transport", transport)
        monkeypatch.setattr(mcp_server, "connect", lambda *args, **more: connect(*args, **{**more, "mode": mode}))
        opened.append(client)
        await client.start()
        return client

    yield open_
    for one in opened:
        await one.stop()


def asking(request: dict[str, Any], told: list[Any]) -> Tool:
    """A tool that asks this once, in whichever way its client speaks, and keeps what it was told."""

    async def call(context: Any, params: types.CallToolRequestParams) -> Any:
        if context.protocol_version >= "2026-07-28":
            if params.input_responses is None:
                requests = {"it": request}
                return types.InputRequiredResult.model_validate(
                    {"resultType": "input_required", "inputRequests": requests, "requestState": "sealed-7"}
                )
            told.append(params.request_state)
            told.append(params.input_responses["it"])
        elif request["method"] == "sampling/createMessage":
            messages = [types.SamplingMessage.model_validate(one) for one in request["params"]["messages"]]
            told.append(await context.session.create_message(messages, max_tokens=request["params"]["maxTokens"]))
        else:
            params_ = request["params"]
            sent = (
                context.session.elicit_url(params_["message"], params_["url"], params_["elicitationId"])
                if params_.get("mode") == "url"
                else context.session.elicit_form(params_["message"], params_["requestedSchema"])
            )
            told.append(await sent)
        return said("done")

    return call


def form(schema: Any = FORM, message: str = "Who is it?") -> dict[str, Any]:
    return {"method": "elicitation/create", "params": {"mode": "form", "message": message, "requestedSchema": schema}}


async def test_a_form_is_answered_with_its_defaults(open_server: Open, mode: str) -> None:
    told: list[Any] = []
    server = await open_server(asking(form(), told))
    assert server.protocol == ("2025-11-25" if mode == "legacy" else "2026-07-28")
    answer, _ = await server.call("do", {}, 5.0, ask=defaults)
    content = {"name": "Ana", "age": 30, "score": 95.5, "status": "active", "verified": True}
    assert (text_of(answer), told[-1].action, told[-1].content) == ("done", "accept", content)
    assert mode == "legacy" or told[0] == "sealed-7"


@pytest.mark.parametrize("reply", [NOBODY, Reply("cancel", "person")])
async def test_a_person_may_say_no_and_the_call_goes_on(open_server: Open, reply: Reply) -> None:
    told: list[Any] = []
    server = await open_server(asking(form(), told))
    answer, _ = await server.call("do", {}, 5.0, ask=Person(reply))
    assert (text_of(answer), told[-1].action, told[-1].content) == ("done", reply.action, None)


async def test_an_address_is_shown_and_nothing_is_sent_with_the_consent(open_server: Open) -> None:
    told: list[Any] = []
    params = {"mode": "url", "message": "Sign in.", "url": "https://x.example/a?b=1", "elicitationId": "e1"}
    person = Person(Reply("accept", "person", {"secret": 1}))
    server = await open_server(asking({"method": "elicitation/create", "params": params}, told))
    await server.call("do", {}, 5.0, ask=person)
    assert person.asked == [AddressAsked("Sign in.", "https://x.example/a?b=1")]
    assert (told[-1].action, told[-1].content) == ("accept", None)


async def test_time_in_which_a_person_thinks_does_not_count_for_the_call(
    open_server: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LoopClock(monkeypatch)

    async def slow(asked: Asked) -> Reply:
        await clock.push(3_600.0)
        return await defaults(asked)

    server = await open_server(asking(form(), []))
    answer, _ = await server.call("do", {}, 60.0, ask=slow)
    assert text_of(answer) == "done"


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (form({"type": "object", "properties": {"a": {"type": "object", "properties": {}}}}), "not nested"),
        (form({"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(201)}}), "at most 200"),
        (
            {
                "method": "elicitation/create",
                "params": {"mode": "url", "message": "", "url": "javascript:alert(1)", "elicitationId": "e"},
            },
            "begin with http",
        ),
        ({"method": "sampling/createMessage", "params": MODEL}, "an answer of a model"),
        (form({"type": "object", "properties": {"a": {"type": "string", "minLength": "x"}}}), "not valid JSON Schema"),
        (
            form({"type": "object", "properties": {f"f{n}": {"description": "d" * 2_001} for n in range(100)}}),
            "at most 200,000",
        ),
    ],
    ids=["nested", "too many fields", "no web address", "sampling that is not allowed", "no schema", "too many words"],
)
async def test_what_cannot_be_asked_is_refused_with_the_reason(
    open_server: Open, mode: str, request_: dict[str, Any], why: str
) -> None:
    server, person = await open_server(asking(request_, [])), Person(NOBODY)
    heard: list[str] = []
    if mode == "legacy":  # the tool gets an error in place of an answer
        answer = await asyncio.gather(server.call("do", {}, 5.0, heard.append, person), return_exceptions=True)
        assert why in " ".join([*map(str, answer), *heard])
    else:
        with pytest.raises(ToolError, match=why) as caught:
            await server.call("do", {}, 5.0, heard.append, person)
        assert caught.value.kind == "mcp_input"
    assert person.asked == []
    assert any("was refused" in one for one in heard)
    assert "and was refused" in server.remarks[0]


async def test_the_model_answers_where_the_project_allows_it_within_its_limit(open_server: Open) -> None:
    told: list[Any] = []
    content = {
        "role": "assistant",
        "content": {"type": "text", "text": "Short."},
        "model": "m",
        "stopReason": "endTurn",
    }
    person = Person(Reply("accept", "person", content))
    server = await open_server(asking({"method": "sampling/createMessage", "params": MODEL}, told), McpSampling(2, 500))
    await server.call("do", {}, 5.0, ask=person)
    assert person.asked == [ModelAsked((("user", "Sum up."),), 500, 2, 500)]
    assert told[-1].content.text == "Short."


async def test_a_refused_answer_of_the_model_is_an_error_for_the_server(open_server: Open) -> None:
    server = await open_server(asking({"method": "sampling/createMessage", "params": MODEL}, []), McpSampling())
    with pytest.raises(ToolError, match="refused: nobody is there"):
        await server.call("do", {}, 5.0)


def asking_at_once(number: int) -> Tool:
    """A tool that asks so many questions at once."""
    messages = [f"{each}?" for each in range(number)]

    async def call(context: Any, params: types.CallToolRequestParams) -> Any:
        if context.protocol_version < "2026-07-28":
            await asyncio.gather(*(context.session.elicit_form(message, FORM) for message in messages))
        elif params.input_responses is None:
            requests = {message: form(message=message) for message in messages}
            return types.InputRequiredResult.model_validate(
                {"resultType": "input_required", "inputRequests": requests, "requestState": "s"}
            )
        return said("done")

    return call


class Thinking:
    """A person who never replies; keeps what waits."""

    def __init__(self) -> None:
        self.waiting: list[Asked] = []
        self.most = 0
        self.changed = asyncio.Condition()

    async def __call__(self, asked: Asked) -> Reply:
        await self._note(self.waiting.append, asked)
        self.most = max(self.most, len(self.waiting))
        try:
            await asyncio.Event().wait()
        finally:
            await self._note(self.waiting.remove, asked)
        raise AssertionError("unreachable")

    async def _note(self, change: Callable[[Asked], None], asked: Asked) -> None:
        async with self.changed:
            change(asked)
            self.changed.notify_all()

    async def until(self, number: int) -> None:
        """So many questions wait."""
        async with self.changed, asyncio.timeout(30.0):
            await self.changed.wait_for(lambda: len(self.waiting) == number)


async def test_two_questions_at_once_are_both_put_and_a_stop_withdraws_both(open_server: Open) -> None:
    server, person = await open_server(asking_at_once(2)), Thinking()
    calling = asyncio.create_task(server.call("do", {}, 30.0, ask=person))
    await person.until(2)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    await person.until(0)
    answer, _ = await server.call("do", {}, 30.0, ask=defaults)
    assert (text_of(answer), server.state) == ("done", "ready"), "the connection is still the same"


async def test_a_server_has_no_more_than_20_questions_open_at_once(open_server: Open) -> None:
    server, person = await open_server(asking_at_once(21)), Thinking()
    heard: asyncio.Queue[str] = asyncio.Queue()
    calling = asyncio.create_task(server.call("do", {}, 30.0, heard.put_nowait, person))
    async with asyncio.timeout(30.0):
        assert "20 of its questions are open already" in await heard.get()
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    await person.until(0)
    assert person.most <= 20


async def test_a_server_that_never_stops_asking_is_left(open_server: Open, mode: str) -> None:
    if mode == "legacy":
        pytest.skip("a server of that revision waits for each answer")

    async def call(_context: Any, _params: Any) -> Any:
        return types.InputRequiredResult.model_validate(
            {"resultType": "input_required", "inputRequests": {"it": form()}, "requestState": "s"}
        )

    server = await open_server(call)
    with pytest.raises(ToolError, match="10 times without an end"):
        await server.call("do", {}, 5.0, ask=defaults)


async def test_addresses_that_an_error_names_are_put_and_the_call_is_made_again(open_server: Open, mode: str) -> None:
    if mode == "auto":
        pytest.skip("since 2026-07-28 servers answer that they need something")
    calls: list[Any] = []

    async def call(_context: Any, params: types.CallToolRequestParams) -> Any:
        calls.append(params.arguments)
        if len(calls) == 1:
            named = {"mode": "url", "elicitationId": "e", "url": "https://x.example/in", "message": "Sign in."}
            raise MCPError(types.URL_ELICITATION_REQUIRED, "needs a sign-in", {"elicitations": [named]})
        return said("done")

    person = Person(Reply("accept", "person"))
    server = await open_server(call)
    answer, _ = await server.call("do", {"a": 1}, 5.0, ask=person)
    assert (text_of(answer), calls) == ("done", [{"a": 1}, {"a": 1}])
    assert person.asked == [AddressAsked("Sign in.", "https://x.example/in")]


@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_a_call_is_not_made_again_for_an_address_that_was_not_opened(
    open_server: Open, mode: str, action: Any
) -> None:
    if mode == "auto":
        pytest.skip("since 2026-07-28 servers answer that they need something")
    calls: list[Any] = []

    async def call(_context: Any, params: types.CallToolRequestParams) -> Any:
        calls.append(params.arguments)
        named = {"mode": "url", "elicitationId": "e", "url": "https://x.example/in", "message": "Sign in."}
        raise MCPError(types.URL_ELICITATION_REQUIRED, "needs a sign-in", {"elicitations": [named]})

    person = Person(Reply(action, "person"))
    server = await open_server(call)
    with pytest.raises(ToolError, match="an address that the server needs opened was not opened") as caught:
        await server.call("do", {}, 5.0, ask=person)
    assert (caught.value.kind, len(calls), len(person.asked)) == ("mcp_input", 1, 1)
