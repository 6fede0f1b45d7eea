"""What a tool of the project is at this moment. Its files are looked at again at every question."""

import asyncio
import hashlib
import json
import tomllib
from functools import lru_cache
from pathlib import Path

from workbench.core.errors import ProjectError, WorkbenchError
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.store.code_folder import code_folder
from workbench.store.small_file import KnownFiles
from workbench.store.tool_file import read_tool


class ToolRegistry:
    """Implements the engine's `Registry`: the tool's file, its row in workbench.toml and the project's code."""

    def __init__(self, folder: Path) -> None:
        self._project_file, self._tools = folder / PROJECT_FILE, folder / TOOLS_FOLDER
        self._likely: dict[str, Path] = {}
        """Tool → where its file nearly always is. To put a path together takes longer than to look at the file."""
        self._code = code_folder(folder)
        self._files = KnownFiles(lambda path, content: content)
        self._found: dict[str, str] = {}
        """In this turn of the loop: calls that are made together ask together."""

    async def fingerprint(self, tool: Tool) -> str:
        """See `engine.ports.Registry`. Looking at very much code does not hold up others."""
        if self._code.is_large:
            return await asyncio.to_thread(self.fingerprint_now, tool)
        if not self._found:
            asyncio.get_running_loop().call_soon(self._found.clear)
        if tool.name not in self._found:
            self._found[tool.name] = self.fingerprint_now(tool)
        return self._found[tool.name]

    def fingerprint_now(self, tool: Tool) -> str:
        """The same at once. Files that cannot be read count as a state of their own."""
        found = hashlib.sha256()
        for part in (self._document(tool.name), self._row(tool.name)):
            found.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
        try:
            found.update(self._code.content())
        except ProjectError:  # such code is not trusted either, so that nothing of it runs
            found.update(b"more than can be checked")
        return found.hexdigest()

    def _document(self, name: str) -> str:
        path = self._likely.get(name)
        if path is None and PORTABLE_NAME.fullmatch(name):
            path = self._likely[name] = self._tools / f"{name}.json"
        if path is not None and (found := self._digest_in(path, name)):
            return found
        others = sorted(self._tools.glob("*.json"))
        return next((found for other in others if (found := self._digest_in(other, name))), "")

    def _digest_in(self, path: Path, name: str) -> str:
        """The digest of the tool in a file, if that is its name; nearly always the file is called like it."""
        tool = _tool(self._bytes(path))
        return tool.digest if tool is not None and tool.name == name else ""

    def _row(self, name: str) -> str:
        rows = _executors(self._bytes(self._project_file))
        return "unreadable" if rows is None else rows.get(name, "null")

    def _bytes(self, path: Path) -> bytes:
        try:
            return self._files.read(path)
        except (OSError, WorkbenchError):
            return b""


# What the very same bytes mean is remembered.


@lru_cache(maxsize=512)
def _tool(file: bytes) -> Tool | None:
    try:
        return read_tool(file.decode("utf-8-sig"))
    except (WorkbenchError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=8)
def _executors(file: bytes) -> dict[str, str] | None:
    """The rows as text; None when the file cannot be understood."""
    try:
        document = tomllib.loads(file.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None
    rows = document.get("executors")
    if not isinstance(rows, dict):
        return {}
    return {name: json.dumps(row, sort_keys=True, default=str) for name, row in rows.items()}
