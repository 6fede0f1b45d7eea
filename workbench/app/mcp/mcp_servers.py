"""The MCP servers of an open project: what they are, whether the person has approved them, and what they offer."""

import shlex
from typing import Literal, assert_never

import msgspec

from workbench.app.mcp.bound_tool import BoundTool
from workbench.app.mcp.sign_ins import sign_in_lines, sign_in_of, sign_in_setup
from workbench.core.errors import UsageError
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.core.visible_text import visible_line
from workbench.engine.ports import Executor
from workbench.executors.mcp_server import McpServer, ServerState
from workbench.executors.mcp_servers import McpServers
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpHeader, McpSampling, McpSpec, McpTool
from workbench.executors.sign_in_setup import Person, SignInState
from workbench.store.keys import KeyStore
from workbench.store.mcp_file import McpRow, folder_of, seal_row
from workbench.store.mcp_store import McpStore
from workbench.store.project import Project, server_of
from workbench.store.redaction import Redactor

ToolChange = Literal["changed", "new", "gone"]


class ServerView(msgspec.Struct, frozen=True):
    """A server as a person is shown it.

    `shown` is all that would be started or reached, uncut, one fact a line; approving means approving exactly that.
    `state` is `unapproved` or `off` where nothing may be started.
    """

    name: str
    shown: str
    state: ServerState | Literal["unapproved", "off"]
    is_local: bool
    failure: str = ""
    about: str = ""
    protocol: str = ""
    tools: tuple[McpTool, ...] = ()
    remarks: tuple[str, ...] = ()
    output: str = ""
    rubbish_lines: int = 0
    rubbish: tuple[str, ...] = ()
    sign_in: SignInState = ""
    sign_in_reason: str = ""
    has_tokens: bool = False


class ChangedTool(msgspec.Struct, frozen=True):
    """A tool that is not what it was when the person approved its server. A changed tool is held back; a new one is
    offered and asked about like any other. `before` is the tool as it was known, where that was kept."""

    server: str
    name: str
    change: ToolChange
    tool: Tool | None = None
    before: Tool | None = None


class ProjectServers:
    """Implements `engine.ports.Executors` for the tools of the project's approved servers.

    Nothing is started before `connect`, and never what is not approved as it is at that moment.
    """

    def __init__(self, project: Project, store: McpStore, keys: KeyStore, redactor: Redactor) -> None:
        self._store = store
        self._project = project
        self._redact = redactor.text
        self.changed: Signal[[]] = Signal()
        """A server, its tools, or its approval has changed."""
        self._servers = McpServers(
            self._specs(),
            secret=keys.get,
            permit=self._why_not,
            hold=self._why_held,
            redact=redactor.text,
            on_change=self._changed,
            sign_in=lambda spec: sign_in_of(spec, project.folder, store, keys, redactor, self.changed.emit),
        )

    @property
    def views(self) -> tuple[ServerView, ...]:
        """All servers of the project file, in its order."""
        return tuple(self._view(name, row) for name, row in self._project.file.mcp.items())

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What is offered: the tools of servers that are ready, except those held back and those whose name a tool
        of the project has."""
        if not self._servers.tools:
            return ()
        own = set(self._project.toolset.names)
        held = {(one.server, one.name) for one in self.changed_tools if one.change == "changed"}
        return tuple(
            one.tool for one in self._servers.tools if one.tool.name not in own and (one.server, one.name) not in held
        )

    @property
    def changed_tools(self) -> tuple[ChangedTool, ...]:
        """What servers that are ready have changed since the person approved them or accepted their changes."""
        return tuple(
            change for server in self._servers.servers if server.state == "ready" for change in self._changes(server)
        )

    def why_not_offered(self, tool: str) -> UsageError | None:
        """Why a tool of a server is not there, and what to do; None when no server would have it."""
        name = server_of(tool, self._project.file)
        if name is None:
            return None
        view = self.view(name)
        first = visible_line(tool, max_chars=80)
        changed = (one for one in self.changed_tools if one.change == "changed" and one.tool is not None)
        if any(one.tool is not None and one.tool.name == tool for one in changed):
            return UsageError(f"{first} is withheld: the MCP server {name} has changed it", hint="Accept the change.")
        match view.state:
            case "ready":
                said, hint = "is ready, but has no such tool", "See what it offers under MCP servers."
            case "unapproved":
                said, hint = "is not approved", "Review its full command under MCP servers, then approve it."
            case "off":
                said, hint = "is switched off", "Switch it on in workbench.toml."
            case "failed":
                said, hint = f"is unavailable: {view.failure}", "Fix it and restart it under MCP servers."
            case "stopped" | "starting":
                said, hint = "is not started", "Connect it under MCP servers, or run again."
            case _:
                assert_never(view.state)
        return UsageError(f"{first} is a tool of the MCP server {name}, which {said}", hint=hint)

    def executor_for(self, tool: Tool) -> Executor | None:
        """See `engine.ports.Executors`."""
        return self._servers.executor_for(tool)

    def bound(self, server: str, tool: str) -> Executor:
        """What lets a tool of a server carry out a tool of the project."""
        return BoundTool(server, tool, lambda server, tool: self._servers.executor_of(server, tool))

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The tools of servers that are ready, as `server:tool` in the server's own words."""
        return tuple(f"{one.server}:{one.name}" for one in self._servers.tools)

    def view(self, name: str) -> ServerView:
        """One server; raises `UsageError` when there is none of that name."""
        return self._view(name, self._row(name))

    def approve(self, name: str, shown: str) -> None:
        """Let the server be started. `shown` is what the person saw; raises `UsageError` when that is no longer it."""
        view = self.view(name)
        if view.shown != shown:
            raise UsageError(f"the server {name!r} has changed since it was shown", hint="Review it again.")
        self._store.approve(self._seal(self._row(name)), shown)
        self.changed.emit()

    async def revoke(self, name: str) -> None:
        """Stop the server and ask again before its next start."""
        self._store.revoke(self._seal(self._row(name)))
        server = self._servers.server(name)
        if server is not None:
            await server.stop()
        self.changed.emit()

    def accept_changes(self, name: str) -> None:
        """Take the server's tools as they are now for known; what was held back is offered again.

        Raises `UsageError` for a name that is not a server's.
        """
        server = self._servers.server(name)
        if server is None:
            raise self._unknown(name)
        self._remember(server)
        self.changed.emit()

    async def connect(self, name: str = "") -> None:
        """Start every approved server that is not running, or only `name`, and wait for it. Failures are in `views`."""
        if name:
            self._row(name)
        await self._servers.adopt(self._specs())
        await self._servers.connect([name] if name else None)

    async def restart(self, name: str) -> None:
        """Stop and start one server."""
        self._row(name)
        server = self._servers.server(name)
        if server is not None:
            await server.stop()
        await self.connect(name)

    async def sign_in(self, name: str, person: Person) -> None:
        """Sign in to an approved server and connect to it.

        Raises `SignInFailed` when that does not come to its end, `UsageError` when the server cannot be signed in to.
        """
        if self.view(name).state in ("stopped", "failed"):
            await self.connect(name)
        try:
            await self._sign_in(name).run(person)
        finally:
            self.changed.emit()
        await self.restart(name)

    async def sign_out(self, name: str) -> None:
        """Revoke and forget the server's tokens, and stop it. Raises `UsageError` when it cannot be signed in to."""
        server, sign_in = self._servers.server(name), self._sign_in(name)
        if server is not None:
            await server.stop()
        await sign_in.sign_out()
        self.changed.emit()

    def _sign_in(self, name: str) -> SignIn:
        row = self._row(name)
        server = self._servers.server(name)
        if not self._store.approves(self._seal(row)) or server is None or row.is_off:
            raise UsageError(f"the server {name!r} is not approved or is off", hint="Approve it first.")
        if server.sign_in is None:
            said = "gets your key in a header" if row.url else "runs on this machine"
            raise UsageError(
                f"the server {name!r} {said}, so there is no sign-in", hint="Connect it without signing in."
            )
        return server.sign_in

    async def adopt(self, project: Project) -> None:
        """Go on with the project as it was reloaded; servers that have changed are stopped."""
        self._project = project
        await self._servers.adopt(self._specs())
        self.changed.emit()

    async def close(self) -> None:
        """Stop all servers."""
        await self._servers.close()

    def _specs(self) -> list[McpSpec]:
        return [self._spec(name, row) for name, row in self._project.file.mcp.items() if not row.is_off]

    def _spec(self, name: str, row: McpRow) -> McpSpec:
        return McpSpec(
            name=name,
            command=row.command,
            arguments=row.args,
            folder=str(folder_of(row, self._project.folder)),
            environment=dict(row.env),
            url=row.url,
            headers={header: McpHeader(one.key, one.scheme) for header, one in row.headers.items()},
            sign_in=sign_in_setup(row),
            start_limit_s=row.start_limit_s,
            sampling=McpSampling(row.sampling.answers, row.sampling.tokens) if row.sampling is not None else None,
            seal=self._seal(row),
        )

    def _seal(self, row: McpRow) -> str:
        return seal_row(row, self._project.folder)

    def _why_not(self, spec: McpSpec) -> str:
        row = self._project.file.mcp.get(spec.name)
        if row is None or row.is_off:
            return f"the MCP server {spec.name} is no longer part of the project"
        if self._seal(row) != spec.seal:
            return f"the MCP server {spec.name} has changed since it was started"
        return "" if self._store.approves(spec.seal) else f"the MCP server {spec.name} is not approved"

    def _why_held(self, spec: McpSpec, tool: McpTool) -> str:
        known = self._store.tools(spec.seal).get(tool.name)
        if known is not None and known != tool.digest:
            return f"the MCP server {spec.name} has changed its tool {tool.name!r} since it was approved"
        return ""

    def _remember(self, server: McpServer) -> None:
        digests = {one.name: one.digest for one in server.tools}
        self._store.remember_tools(server.spec.seal, digests, {one.name: one.tool.document for one in server.tools})

    def _changes(self, server: McpServer) -> list[ChangedTool]:
        known = self._store.tools(server.spec.seal)
        now = {one.name: one for one in server.tools}
        if all(known.get(name) == one.digest for name, one in now.items()) and len(known) == len(now):
            return []
        documents = self._store.documents(server.spec.seal)
        # What was kept counts only where it is what was known: the digest decides, not the document.
        before = {name: tool for name in documents if (tool := Tool(documents[name])).digest == known.get(name)}
        changes = [
            ChangedTool(server.spec.name, name, "changed" if name in known else "new", one.tool, before.get(name))
            for name, one in now.items()
            if known.get(name) != one.digest
        ]
        gone = [name for name in known if name not in now]
        return changes + [ChangedTool(server.spec.name, name, "gone", None, before.get(name)) for name in gone]

    def _changed(self) -> None:
        for server in self._servers.servers:
            if server.state == "ready" and server.tools and not self._store.tools(server.spec.seal):
                # The first list after an approval is what was approved.
                self._remember(server)
        self.changed.emit()

    def _row(self, name: str) -> McpRow:
        row = self._project.file.mcp.get(name)
        if row is None:
            raise self._unknown(name)
        return row

    def _unknown(self, name: str) -> UsageError:
        known = ", ".join(self._project.file.mcp) or "none"
        return UsageError(f"there is no MCP server {name!r}", hint=f"Servers of this project: {known}.")

    def _view(self, name: str, row: McpRow) -> ServerView:
        shown = self._shown(row)
        server = self._servers.server(name)
        if row.is_off or server is None:
            return ServerView(name, shown, "off" if row.is_off else "stopped", not row.url)
        seal = self._seal(row)
        is_known = self._store.approves(seal)
        state = server.state if is_known and seal == server.spec.seal else "stopped" if is_known else "unapproved"
        return ServerView(
            name,
            shown,
            state,
            not row.url,
            failure=self._redact(server.failure),
            about=self._redact(server.about),
            protocol=server.protocol,
            tools=server.tools,
            remarks=tuple(map(self._redact, server.remarks)),
            output=self._redact(server.said.errors),
            rubbish_lines=server.said.rubbish_lines,
            rubbish=tuple(map(self._redact, server.said.rubbish)),
            sign_in=server.sign_in.state if server.sign_in is not None else "",
            sign_in_reason=self._redact(server.sign_in.reason) if server.sign_in is not None else "",
            has_tokens=server.sign_in is not None and server.sign_in.has_tokens,
        )

    def _shown(self, row: McpRow) -> str:
        if row.url:
            lines = [f"url: {row.url}"]
            lines += [f"header: {name}: {one.scheme} [key {one.key}]" for name, one in row.headers.items()]
            lines += sign_in_lines(row)
        else:
            lines = [f"command: {shlex.join([row.command, *row.args])}"]
            lines.append(f"folder: {folder_of(row, self._project.folder)}")
            lines += [f"environment: {name}=[key {key}]" for name, key in row.env.items()]
        if row.sampling is not None:
            most = row.sampling
            lines.append(f"may ask the model: {most.answers} answers of {most.tokens:,} tokens in all, in each run")
        return "\n".join(map(visible_line, lines))
