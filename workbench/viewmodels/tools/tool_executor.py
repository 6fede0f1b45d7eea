"""What runs the tool in the editor: nothing, a Python function, an HTTP endpoint, an MCP server or a mock."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from workbench.app.code.python_functions import new_function
from workbench.app.parts import HasProject, HasServers, HasTrust
from workbench.app.project.file_change import project_text
from workbench.app.tools.executor_editing import (
    ExecutorKind,
    changed_executor,
    executor_fields,
    executor_kind,
    mocked,
    real_executor,
)
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

KINDS: tuple[tuple[ExecutorKind, str], ...] = (
    ("nothing", "Nothing: you answer"),
    ("python", "Python function"),
    ("http", "HTTP endpoint"),
    ("mcp", "MCP server"),
    ("mock", "Mock"),
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


class ExecutorParts(HasProject, HasTrust, HasServers, Protocol):
    """What executors are edited with."""


class ToolExecutor:
    """What is chosen is written at once where it is complete; else its fields are shown, and written when they are."""

    def __init__(self, parts: ExecutorParts, tool: Callable[[], str], reload: Callable[[], Awaitable[None]]) -> None:
        """`tool` gives the name of the tool in the editor; `reload` reads the project's files again."""
        self._parts = parts
        self._tool = tool
        self._reload = reload
        self._wanted: ExecutorKind | None = None
        self.changed: Signal[[]] = Signal()
        self.done: Signal[[Undoable]] = Signal()
        """Something was written, and this undoes it."""
        self.message = ""
        """Why the last change was not made."""
        self.functions: tuple[str, ...] = ()
        """The functions that could run it, as they were found last."""

    # what is shown

    @property
    def kind(self) -> ExecutorKind:
        """What is chosen: what the project says, or what is being filled in."""
        return self._wanted or executor_kind(self._parts.project, self._tool())

    @property
    def fields(self) -> dict[str, Any]:
        """What the project says about it, as far as it is about what is chosen."""
        project, tool = self._parts.project, self._tool()
        found = executor_fields(project, tool)
        real = real_executor(project, tool) or {}
        return next((one for one in (found, real) if one.get("kind") == self.kind), {})

    @property
    def effect(self) -> tuple[str, Tone]:
        """What happens to a call, in a sentence."""
        if self.message:
            return self.message, "error"
        match self.kind:
            case "nothing":
                return "Calls wait for a result from you.", "plain"
            case "mcp" if not self._parts.project.file.mcp:
                return "Add an MCP server first.", "warn"
            case "mcp" if not self.fields.get("tool"):
                return "Choose a tool of a server.", "warn"
            case "mcp":
                return "Runs on the MCP server, once that is approved.", "ok"
            case "mock":
                return "A mock answers. Nothing runs.", "plain"
            case "python" if not self.fields.get("function"):
                return "Choose a function, or create one.", "warn"
            case "http" if not self.fields.get("url"):
                return "Enter an address. {name} stands for an argument.", "warn"
        if not self._parts.trust_seen.is_trusted:
            return "Trust the project's code before it can run.", "warn"
        return "Runs in a process of its own." if self.kind == "python" else "Sends each call to this address.", "ok"

    @property
    def server_tools(self) -> tuple[str, ...]:
        """The tools of servers that could run it, as `server:tool`."""
        return self._parts.mcp.tool_names

    # what can be done

    async def choose(self, kind: ExecutorKind) -> bool:
        """Choose what runs the tool."""
        self.message, self._wanted = "", None
        if kind == self.kind:
            self.changed.emit()
            return True
        if kind == "nothing":
            return await self._write(None, f"{self._tool()}: nothing runs it")
        if kind == "mock":
            return await self._write(mocked(self._text(), self._tool()), f"{self._tool()}: a mock answers")
        self._wanted = kind
        real = real_executor(self._parts.project, self._tool())
        if real is not None and real.get("kind") == kind:
            return await self._write(real, f"{self._tool()}: {kind} again")
        self.changed.emit()
        return True

    async def use_function(self, function: str) -> bool:
        """Let this function run the tool, written `module:function`."""
        name = function.strip()
        fields = {**self._own("python"), "kind": "python", "function": name}
        return await self._write(fields, f"{self._tool()}: {one_line(name, 60)} runs it")

    async def create_function(self, tool: Tool) -> str:
        """Write a function for the tool as it is in the editor: how it is called, empty where that failed."""
        path, function, text = new_function(self._parts.project.folder, tool)
        fields = {**self._own("python"), "kind": "python", "function": function}
        is_there = await self._write(fields, f"Created {path.name}", {path: text})
        return function if is_there else ""

    async def use_http(self, *, url: str, method: str, key: str, response: str) -> bool:
        """Let this endpoint run the tool. `key` is the name of a key; other fields of the file are kept."""
        own = self._own("http")
        fields = {**own, "kind": "http", "url": url.strip(), "method": method, "response": response.strip()}
        auth = {**own.get("auth", {}), "key": key.strip()} if key.strip() else None
        fields["auth"] = auth
        if auth is None:
            fields["more_keys"] = None
        return await self._write(fields, f"{self._tool()}: {method} {one_line(url, 60)}")

    async def use_server_tool(self, text: str) -> bool:
        """Let a tool of an MCP server run it, written `server:tool`."""
        server, _, name = text.strip().partition(":")
        return await self._write(
            {"kind": "mcp", "server": server, "tool": name}, f"{self._tool()}: {one_line(text, 60)} runs it"
        )

    def offer_functions(self, found: tuple[str, ...]) -> None:
        """Offer these functions of the project."""
        if found != self.functions:
            self.functions = found
            self.changed.emit()

    def refresh(self) -> None:
        """The project was reloaded, or the tool has another name."""
        if self._wanted is not None and executor_kind(self._parts.project, self._tool()) == self._wanted:
            self._wanted = None
        self.message = ""
        self.changed.emit()

    def _own(self, kind: ExecutorKind) -> dict[str, Any]:
        found = executor_fields(self._parts.project, self._tool())
        return found if found.get("kind") == kind else {}

    def _text(self) -> str:
        return project_text(self._parts.project.folder)

    async def _write(
        self, fields: dict[str, Any] | None, words: str, files: dict[Path, bytes | None] | None = None
    ) -> bool:
        tool, folder = self._tool(), self._parts.project.folder
        try:
            text = changed_executor(self._text(), tool, fields)
            wanted = {folder / PROJECT_FILE: text.encode(), **(files or {})}
            done = await asyncio.to_thread(self._parts.edit_code, words, wanted)
        except WorkbenchError as error:
            self.message = f"{error.message}. {error.hint}".strip()
            self.changed.emit()
            return False
        self.message, self._wanted = "", None
        await self._reload()
        self.changed.emit()
        self.done.emit(done)
        return True
