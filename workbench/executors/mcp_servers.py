"""The MCP servers of a project together: their tools under names that cannot collide, and what runs them."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from workbench.core.errors import ExecutorUnavailable
from workbench.core.tool import Tool
from workbench.executors.mcp import Hold, McpExecutor, Permit
from workbench.executors.mcp_server import McpServer, Secret
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpSpec, McpTool


class McpServers:
    """Implements `engine.ports.Executors` for the tools of servers. Starts nothing that is not permitted."""

    def __init__(
        self,
        specs: Sequence[McpSpec],
        *,
        secret: Secret,
        permit: Permit,
        hold: Hold = lambda _spec, _tool: "",
        redact: Callable[[str], str] = str,
        on_change: Callable[[], None] = lambda: None,
        sign_in: Callable[[McpSpec], SignIn | None] = lambda _spec: None,
    ) -> None:
        """`permit` and `hold` are asked at every start and call. `on_change`: a state or a list of tools changed.
        `sign_in` makes what signs in to a server, if anything does."""
        self._secret = secret
        self._permit = permit
        self._hold = hold
        self._redact = redact
        self._on_change = on_change
        self._sign_in = sign_in
        self._servers = {spec.name: self._server(spec) for spec in specs}

    @property
    def servers(self) -> tuple[McpServer, ...]:
        """All servers, in the order of the project file."""
        return tuple(self._servers.values())

    @property
    def tools(self) -> tuple[McpTool, ...]:
        """The tools of the servers that are ready."""
        return tuple(tool for server in self.servers if server.state == "ready" for tool in server.tools)

    def server(self, name: str) -> McpServer | None:
        """The server of that name."""
        return self._servers.get(name)

    def executor_for(self, tool: Tool) -> McpExecutor | None:
        """See `engine.ports.Executors`. Also for a server that has ended meanwhile: the call starts it again."""
        for server in self.servers:
            for one in server.tools:
                if one.tool.name == tool.name:
                    return McpExecutor(server, one.name, permit=self._permit, hold=self._hold, redact=self._redact)
        return None

    def executor_of(self, server: str, tool: str) -> McpExecutor | None:
        """What carries out calls of another tool by this one; None when there is no such server."""
        found = self.server(server)
        if found is None:
            return None
        return McpExecutor(found, tool, permit=self._permit, hold=self._hold, redact=self._redact, is_bound=True)

    async def connect(self, names: Iterable[str] | None = None) -> None:
        """Start every permitted server (of `names`, if given) and wait until each is ready or has failed.

        A failure is in the server's `state` and `failure`; nothing is raised for it.
        """
        chosen = self.servers if names is None else [self._servers[name] for name in names]
        await asyncio.gather(*(self._start(server) for server in chosen if not self._permit(server.spec)))

    async def adopt(self, specs: Sequence[McpSpec]) -> None:
        """Go on with these servers: what has not changed runs on, what has changed or is gone is stopped."""
        old = self._servers
        self._servers = {
            spec.name: old[spec.name] if spec.name in old and old[spec.name].spec == spec else self._server(spec)
            for spec in specs
        }
        kept = set(map(id, self._servers.values()))
        await asyncio.gather(*(server.stop() for server in old.values() if id(server) not in kept))

    async def close(self) -> None:
        """Stop all servers."""
        await asyncio.gather(*(server.stop() for server in self.servers))

    def _server(self, spec: McpSpec) -> McpServer:
        sign_in = self._sign_in(spec)
        return McpServer(spec, secret=self._secret, redact=self._redact, on_change=self._on_change, sign_in=sign_in)

    async def _start(self, server: McpServer) -> None:
        try:
            await server.start()
        except ExecutorUnavailable:
            return  # it is in the server's own state
