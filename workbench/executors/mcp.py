"""Calls carried out by a tool of an MCP server."""

from collections.abc import Callable

from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.picture_header import redacted
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.executors.mcp_result import call_result
from workbench.executors.mcp_server import McpServer, SessionEnded
from workbench.executors.mcp_spec import McpSpec, McpTool, fingerprint
from workbench.executors.mcp_words import each_text

Permit = Callable[[McpSpec], str]
"""Why a server may not be used at this moment, in words; empty when it may."""
Hold = Callable[[McpSpec, McpTool], str]
"""Why a tool may not be used at this moment, in words; empty when it may."""


class McpExecutor:
    """Calls one tool of one server; starts the server if need be.

    Runs nothing when the server's command is not approved, or when the tool is no longer, to the letter, the one that
    was offered. Raises what `McpServer.call` and `call_result` raise.
    """

    def __init__(
        self,
        server: McpServer,
        tool: str,
        *,
        permit: Permit,
        hold: Hold,
        redact: Callable[[str], str] = str,
        is_bound: bool = False,
    ) -> None:
        """`tool` is the server's own name for it. `is_bound`: it carries out a tool of the project, which has words of
        its own, so the two need not be the same."""
        self._is_bound = is_bound
        self._server = server
        self._tool = tool
        self._permit = permit
        self._hold = hold
        self._redact = redact

    @property
    def name(self) -> str:
        """`mcp SERVER:TOOL`, with the server's own name for the tool."""
        return f"mcp {self._server.spec.name}:{self._tool}"

    @property
    def server(self) -> str:
        """See `engine.ports.FromServer`."""
        return self._server.spec.name

    @property
    def fingerprint(self) -> str:
        """See `engine.ports.Fingerprinted`."""
        return fingerprint(self._server.spec, self._server.tool(self._tool))

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`. Cancelling notifies the server and returns."""
        try:
            return await self._once(order)
        except SessionEnded:
            return await self._once(order)  # in a new session, and only if the tool is still the same there

    async def _once(self, order: ExecutionOrder) -> ExecutionResult:
        spec = self._server.spec
        refusal = self._permit(spec)
        if refusal:
            raise ExecutorUnavailable(refusal, hint="Review its full command, then approve it.")
        await self._server.start()
        tool = self._server.tool(self._tool)
        if tool is None:
            raise ExecutorUnavailable(f"the MCP server {spec.name} no longer has a tool {self._tool!r}")
        if not self._is_bound and tool.digest != order.tool.digest:
            raise ExecutorUnavailable(f"{spec.name} has changed {self._tool!r} since it was offered; nothing was run")
        refusal = self._hold(spec, tool)
        if refusal:
            raise ExecutorUnavailable(refusal, hint="Review what has changed, then accept it.")
        try:
            answer, notes = await self._server.call(
                self._tool,
                order.arguments,
                order.time_limit_s,
                lambda note: order.report(self._redact(note)),
                lambda asked: order.ask(spec.name, asked),
            )
            result = call_result(answer, notes)
        except ToolError as error:  # a server can put its keys into anything it says
            raise type(error)(
                self._redact(error.message), kind=error.kind, hint=error.hint, output=self._redact(error.output)
            ) from None
        attachments = tuple(redacted(one, self._redact) for one in result.attachments)
        value, output = each_text(result.value, self._redact), self._redact(result.output)
        return ExecutionResult(value, output, result.is_error, attachments=attachments)
