"""A tool of the project that an MCP server's tool runs: the project's own description, the server's work."""

from collections.abc import Callable

from workbench.core.errors import ExecutorUnavailable
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.executors.mcp import McpExecutor


class BoundTool:
    """Looks the server up at every call, since servers come and go with the project file. The server needs its own
    approval, as for its own tools."""

    def __init__(self, server: str, tool: str, find: Callable[[str, str], McpExecutor | None]) -> None:
        """`tool` is the server's name for it."""
        self.server = server
        """See `engine.ports.FromServer`."""
        self._tool = tool
        self._find = find

    @property
    def name(self) -> str:
        """`mcp SERVER:TOOL`, as for the server's own tool."""
        return f"mcp {self.server}:{self._tool}"

    @property
    def fingerprint(self) -> str:
        """See `engine.ports.Fingerprinted`."""
        found = self._find(self.server, self._tool)
        return found.fingerprint if found is not None else ""

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`."""
        found = self._find(self.server, self._tool)
        if found is None:
            raise ExecutorUnavailable(
                f"the project has no MCP server {self.server!r}", hint="Add it, or choose what else runs this tool."
            )
        return await found.execute(order)
