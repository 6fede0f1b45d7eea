"""One open connection to an MCP server: listing and calling, in terms of JSON. Only this place knows the SDK's client.

Results come as JSON objects and are not judged by the SDK: its own check of results against `outputSchema` runs in this
process, where a hostile schema would hold everything up.

Workaround (modelcontextprotocol/python-sdk#2626, modelcontextprotocol/python-sdk#3513): the SDK gives no result as the
server wrote it, and no word to what servers ask back in the middle of a call, so private members of its session are
used. Remove when it has an option for both.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool_progress import progress_text
from workbench.executors.mcp_asked import FORM
from workbench.executors.mcp_listing import ToolListing
from workbench.executors.mcp_message import error_words

if TYPE_CHECKING:
    from mcp import Client
    from mcp.shared.dispatcher import CallOptions
    from mcp_types import Request

LIST_LIMIT_S = 30.0
MOST_INPUT_ROUNDS = 10
STATE_WAIT_S = 0.25
"""Between two calls of a server that only gave a state: it is not ready yet."""
_SDK_LOGGERS = ("client", "mcp")


OnAsked = Callable[[JsonObject], Awaitable[JsonObject]]
"""Takes a request of the server and gives its result; raises `InputRefused`."""


class InputRefused(Exception):
    """What the server asked for it does not get; the message is for the server."""


class McpConnection:
    """What can be done with a server while it is connected."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        info = client.server_info
        self.server = f"{info.name} {info.version}".strip() if info is not None else ""
        self.protocol = client.protocol_version
        self.instructions = client.instructions or ""
        tools = client.server_capabilities.tools
        self.has_tools = tools is not None
        self.announces_changes = bool(tools and tools.list_changed)

    async def list_tools(self, limit_s: float) -> tuple[list[JsonObject], list[str]]:
        """All tools, page by page, as the server wrote them, and remarks about what was left out.

        A list that breaks off after its first page, or does not end within `limit_s`, counts as far as it came.
        """
        from mcp import MCPError

        listing = ToolListing()
        if not self.has_tools:
            return [], []
        cursor: str | None = None
        try:
            async with asyncio.timeout(limit_s):
                while True:
                    known = len(listing.tools)
                    following = listing.take(await self._page(cursor))
                    self._absorb(listing.tools[known:], is_whole=cursor is None and following is None)
                    if following is None:
                        break
                    cursor = following
        except TimeoutError:
            if not listing.pages:
                raise
            listing.end(f"its list of tools did not end within {limit_s:g} s")
        except MCPError as error:
            if not listing.pages:
                raise
            listing.end(f"its list of tools ends early: {error_words(error)}")
        return listing.tools, listing.remarks

    async def _page(self, cursor: str | None) -> JsonObject:
        from mcp_types import ListToolsRequest, PaginatedRequestParams

        return await self._ask(ListToolsRequest(params=PaginatedRequestParams(cursor=cursor)), {})

    def _absorb(self, tools: list[JsonObject], *, is_whole: bool) -> None:
        """The headers that some servers require with a call come from the listing the client has read."""
        from mcp_types import ListToolsResult

        parsed = ListToolsResult.model_validate({"tools": tools}, by_name=False)
        self._client.session._absorb_tool_listing(parsed, complete=is_whole)  # noqa: SLF001

    async def call(
        self, tool: str, arguments: JsonObject, on_progress: Callable[[str], None], on_asked: OnAsked
    ) -> JsonObject:
        """Call a tool by its own name. Cancelling notifies the server.

        A server that needs something first (since 2026-07-28) gets it from `on_asked`, with the state it gave, and the
        call is made again. Raises `InputRefused` where it does not get it, and when it does not stop asking.
        """
        from mcp import MCPError
        from mcp_types import URL_ELICITATION_REQUIRED

        given: JsonObject = {}
        for _ in range(MOST_INPUT_ROUNDS):
            try:
                answer = await self._call_once(tool, {"arguments": arguments, **given}, on_progress)
            except MCPError as error:
                if error.code != URL_ELICITATION_REQUIRED:
                    raise
                await _open_all(error.data, on_asked)
                continue  # as 2025-11-25 has it: the call is made again as it was
            if answer.get("resultType") != "input_required":
                return answer
            requests = answer.get("inputRequests")
            given = {}
            if isinstance(requests, dict) and requests:
                given["inputResponses"] = await _all_given(requests, on_asked)
            if isinstance(state := answer.get("requestState"), str):
                given["requestState"] = state
            if not given:
                raise InputRefused("the server said that it needs something, and did not say what")
            if "inputResponses" not in given:
                await asyncio.sleep(STATE_WAIT_S)
        raise InputRefused(f"the server has asked for something {MOST_INPUT_ROUNDS} times without an end")

    async def _call_once(self, tool: str, fields: JsonObject, on_progress: Callable[[str], None]) -> JsonObject:
        from mcp import MCPError
        from mcp_types import HEADER_MISMATCH, CallToolRequest, CallToolRequestParams

        async def report_progress(progress: float, total: float | None, message: str | None) -> None:
            on_progress(progress_text(progress, total, message or ""))

        params = CallToolRequestParams.model_validate({"name": tool, **fields}, by_name=False)
        request = CallToolRequest(params=params)
        for is_last in (False, True):
            try:
                return await self._ask(request, {"on_progress": report_progress}, name=tool)
            except MCPError as error:
                if is_last or error.code != HEADER_MISMATCH:
                    raise
                await self.list_tools(LIST_LIMIT_S)
        raise AssertionError("unreachable")

    async def _ask(self, request: "Request[Any, Any]", options: "CallOptions", name: str = "") -> JsonObject:
        """The result as the server wrote it.

        As `ClientSession.send_request`, which refuses a whole result for one part of it that is not as it should be:
        a list for one tool, the result of a call that has taken effect for one picture.
        """
        from mcp.shared.inbound import MCP_NAME_HEADER, encode_header_value

        session = self._client.session
        data = request.model_dump(by_alias=True, mode="json", exclude_none=True)
        session._stamp(data, options)  # noqa: SLF001
        headers = options.setdefault("headers", {})
        if name:
            headers.setdefault(MCP_NAME_HEADER, encode_header_value(name))
        return await session._dispatcher.send_raw_request(data["method"], data.get("params"), options)  # noqa: SLF001

    async def changes(self) -> AsyncGenerator[None]:
        """Yields whenever the server reports, over a subscription, that its tools have changed; ends when it cannot."""
        from mcp import MCPError
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

        if not self.announces_changes:
            return
        try:
            async with self._client.listen(tools_list_changed=True) as subscription:
                async for _ in subscription:
                    yield
        except (MCPError, ListenNotSupportedError, SubscriptionLost, TimeoutError):
            return


@asynccontextmanager
async def connect(
    transport: "AbstractAsyncContextManager[Any]",
    *,
    mode: str,
    on_changed: Callable[[], None],
    on_asked: OnAsked,
    may_sample: bool = False,
) -> AsyncGenerator[McpConnection]:
    """A connection over `transport`. `on_changed` is called when a server of an older protocol says that its tools
    have changed. Enter and leave it in the same task. The server is told that it may ask the person, and with
    `may_sample` the model; `on_asked` gets what a server of an older protocol asks, whatever it is."""
    from mcp import Client
    from mcp_types import (
        INVALID_REQUEST,
        CreateMessageResult,
        ElicitResult,
        ErrorData,
        Implementation,
        ToolListChangedNotification,
    )

    async def on_message(message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            on_changed()

    async def answer(_context: Any, request: Any) -> Any:
        document = request.model_dump(by_alias=True, mode="json", exclude_none=True)
        kind = CreateMessageResult if document["method"] == "sampling/createMessage" else ElicitResult
        try:
            return kind.model_validate(await on_asked(document), by_name=False)
        except InputRefused as refused:
            return ErrorData(code=INVALID_REQUEST, message=str(refused))

    async def elsewhere(*_: Any) -> Any:
        raise AssertionError("unreachable")

    told: Any = elsewhere
    """Only says that there is such an answer; `answer` gives it."""
    for name in _SDK_LOGGERS:  # what is wrong with a server is said in its remarks and results, not in a log
        logging.getLogger(name).setLevel(logging.CRITICAL)
    info = Implementation(name="tool-calling-workbench", version=__version__)
    async with Client(
        transport,
        mode=mode,
        cache=None,
        client_info=info,
        message_handler=on_message,
        elicitation_callback=told,
        sampling_callback=told if may_sample else None,
    ) as client:
        client.session.dispatch_input_request = answer  # type: ignore[assignment, method-assign]
        yield McpConnection(client)


async def _all_given(requests: JsonObject, on_asked: OnAsked) -> JsonObject:
    """What the server asked for, under its own names. All questions are put at once; one refusal withdraws the rest."""
    given: JsonObject = {}

    async def give(name: str, request: JsonObject) -> None:
        given[name] = await on_asked(request)

    try:
        async with asyncio.TaskGroup() as group:
            for name, request in requests.items():
                group.create_task(give(name, request if isinstance(request, dict) else {}), name=f"input {name}")
    except* InputRefused as refused:
        raise InputRefused(str(refused.exceptions[0])) from None
    return given


async def _open_all(data: JsonValue, on_asked: OnAsked) -> None:
    """Put the addresses that an error says have to be opened first. Raises `InputRefused` unless all are."""
    listed = data.get("elicitations") if isinstance(data, dict) else None
    requests: JsonObject = {
        f"address {number}": {"method": FORM, "params": {"mode": "url", **one}}
        for number, one in enumerate(listed if isinstance(listed, list) else [], 1)
        if isinstance(one, dict)
    }
    if not requests:
        raise InputRefused("the server said that addresses must be opened but did not say which")
    if any(reply != {"action": "accept"} for reply in (await _all_given(requests, on_asked)).values()):
        raise InputRefused("an address that the server needs opened was not opened")
