"""One open connection to an MCP server: listing and calling, in terms of JSON. Only this place knows the SDK's client.

Results come as JSON objects and are not judged by the SDK: its own check of results against `outputSchema` runs in this
process, where a hostile schema would hold everything up.

Workaround (modelcontextprotocol/python-sdk#2626, modelcontextprotocol/python-sdk#3513): the SDK gives no result as the
server wrote it, and no word to what servers ask back in the middle of a call, so private members of its session are
used. Remove when it has an option for both.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.core.json_text import JsonObject
from workbench.core.tool_progress import progress_text
from workbench.core.visible_text import visible_line
from workbench.executors.mcp_listing import ToolListing
from workbench.executors.mcp_message import error_words

if TYPE_CHECKING:
    from mcp import Client
    from mcp.shared.dispatcher import CallOptions
    from mcp_types import Request

_ASKED = {
    "sampling/createMessage": "an answer of a model (sampling)",
    "elicitation/create": "an answer of yours (elicitation)",
    "roots/list": "a list of your folders (roots)",
}
LIST_LIMIT_S = 30.0
_SDK_LOGGERS = ("client", "mcp")


def asked_back(method: str) -> str:
    """What a server that sends this request asks for, in words."""
    return _ASKED.get(method, visible_line(method, max_chars=60))


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
            listing.end(f"its list of tools breaks off: {error_words(error)}")
        return listing.tools, listing.remarks

    async def _page(self, cursor: str | None) -> JsonObject:
        from mcp_types import ListToolsRequest, PaginatedRequestParams

        return await self._ask(ListToolsRequest(params=PaginatedRequestParams(cursor=cursor)), {})

    def _absorb(self, tools: list[JsonObject], *, is_whole: bool) -> None:
        """The headers that some servers require with a call come from the listing the client has read."""
        from mcp_types import ListToolsResult

        parsed = ListToolsResult.model_validate({"tools": tools}, by_name=False)
        self._client.session._absorb_tool_listing(parsed, complete=is_whole)  # noqa: SLF001

    async def call(self, tool: str, arguments: JsonObject, on_progress: Callable[[str], None]) -> JsonObject:
        """Call a tool by its own name. Cancelling notifies the server."""
        from mcp import MCPError
        from mcp_types import HEADER_MISMATCH, CallToolRequest, CallToolRequestParams

        async def report_progress(progress: float, total: float | None, message: str | None) -> None:
            on_progress(progress_text(progress, total, message or ""))

        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments))
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
    on_refused: Callable[[str], None] = lambda what: None,
) -> AsyncGenerator[McpConnection]:
    """A connection over `transport`. `on_changed` is called when a server of an older protocol says that its tools
    have changed. Enter and leave it in the same task. Nothing is offered to the server: no sampling, no questions, no
    list of folders; one that asks anyway is refused, and `on_refused` gets what it asked for."""
    from mcp import Client
    from mcp_types import INVALID_REQUEST, ErrorData, Implementation, ToolListChangedNotification

    async def on_message(message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            on_changed()

    async def refuse(_context: Any, request: Any) -> Any:
        wanted = asked_back(str(request.method))
        on_refused(wanted)
        return ErrorData(code=INVALID_REQUEST, message=f"This client offers servers nothing of that kind: {wanted}.")

    for name in _SDK_LOGGERS:  # what is wrong with a server is said in its remarks and results, not in a log
        logging.getLogger(name).setLevel(logging.CRITICAL)
    info = Implementation(name="tool-calling-workbench", version=__version__)
    async with Client(transport, mode=mode, cache=None, client_info=info, message_handler=on_message) as client:
        client.session.dispatch_input_request = refuse  # type: ignore[assignment, method-assign]
        yield McpConnection(client)
