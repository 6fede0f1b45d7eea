"""One open connection to an MCP server: listing and calling, in terms of JSON. Only this place knows the SDK's client.

Results come as JSON objects and are not judged by the SDK: its own check of results against `outputSchema` runs in this
process, where a hostile schema would hold everything up.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.core.json_text import JsonObject, compact
from workbench.core.visible_text import visible_line

if TYPE_CHECKING:
    from mcp import Client

_ASKED = {
    "sampling/createMessage": "an answer of a model (sampling)",
    "elicitation/create": "an answer of yours (elicitation)",
    "roots/list": "a list of your folders (roots)",
}
MAX_PAGES = 1_000
MAX_TOOLS = 20_000
MAX_TOOL_CHARS = 500_000


class TooManyTools(Exception):
    """A listing that does not end; the text says so."""


def asked_back(method: str) -> str:
    """What a server that sends this request wants, in words."""
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

    async def list_tools(self) -> tuple[list[JsonObject], list[str]]:
        """All tools, page by page, as the server wrote them, and remarks about what was left out."""
        from mcp_types import ListToolsRequest, ListToolsResult, PaginatedRequestParams
        from pydantic import TypeAdapter

        if not self.has_tools:
            return [], []
        as_json: TypeAdapter[Any] = TypeAdapter(dict[str, Any])
        found: list[JsonObject] = []
        remarks: list[str] = []
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            request = ListToolsRequest(params=PaginatedRequestParams(cursor=cursor))
            page = await self._client.session.send_request(request, as_json)
            parsed = ListToolsResult.model_validate(page, by_name=False)
            is_whole = cursor is None and parsed.next_cursor is None
            # The headers that some servers want to see beside a call come from the listing it has taken in.
            self._client.session._absorb_tool_listing(parsed, complete=is_whole)  # noqa: SLF001
            for tool in page["tools"]:
                if len(compact(tool)) > MAX_TOOL_CHARS:
                    remarks.append(f"the tool {str(tool['name'])[:80]!r} is too large and was left out")
                else:
                    found.append(tool)
            cursor = parsed.next_cursor
            if cursor is None:
                return found, remarks
            if cursor in seen or len(found) > MAX_TOOLS:
                raise TooManyTools("its list of tools does not end")
            seen.add(cursor)
        raise TooManyTools("its list of tools does not end")

    async def call(self, tool: str, arguments: JsonObject, on_progress: Callable[[str], None]) -> JsonObject:
        """Call a tool by its own name. Cancelling tells the server."""
        from mcp import MCPError
        from mcp_types import HEADER_MISMATCH, CallToolRequest, CallToolRequestParams
        from pydantic import TypeAdapter

        async def progressed(progress: float, total: float | None, message: str | None) -> None:
            share = f"{progress:g}" + (f" of {total:g}" if total is not None else "")
            on_progress(f"progress {share}" + (f": {message[:500]}" if message else ""))

        as_json: TypeAdapter[Any] = TypeAdapter(dict[str, Any])
        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments))
        for is_last in (False, True):
            try:
                answer: JsonObject = await self._client.session.send_request(
                    request, as_json, progress_callback=progressed
                )
            except MCPError as error:
                if is_last or error.code != HEADER_MISMATCH:
                    raise
                await self.list_tools()
            else:
                return answer
        raise AssertionError("unreachable")

    async def changes(self) -> AsyncGenerator[None]:
        """Yields whenever the server says, over a subscription, that its tools have changed; ends when it cannot."""
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
async def connected(
    transport: "AbstractAsyncContextManager[Any]",
    *,
    mode: str,
    on_changed: Callable[[], None],
    on_refused: Callable[[str], None] = lambda what: None,
) -> AsyncGenerator[McpConnection]:
    """A connection over `transport`. `on_changed` is called when a server of an older protocol says that its tools
    have changed. Enter and leave it in the same task. Nothing is offered to the server: no sampling, no questions, no
    list of folders; one that asks all the same is refused, and `on_refused` hears what it wanted."""
    from mcp import Client
    from mcp_types import INVALID_REQUEST, ErrorData, Implementation, ToolListChangedNotification

    async def heard(message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            on_changed()

    async def refuse(_context: Any, request: Any) -> Any:
        wanted = asked_back(str(request.method))
        on_refused(wanted)
        return ErrorData(code=INVALID_REQUEST, message=f"This client offers servers nothing of that kind: {wanted}.")

    info = Implementation(name="tool-calling-workbench", version=__version__)
    async with Client(transport, mode=mode, cache=None, client_info=info, message_handler=heard) as client:
        client.session.dispatch_input_request = refuse  # type: ignore[assignment, method-assign]
        yield McpConnection(client)
