"""What was found in a text or a file: tools, what runs them, and what could not be imported. Only values."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from workbench.app.imports.conversation import LoggedConversation
from workbench.core.json_text import JsonObject, canonical, digest
from workbench.core.tool import Tool

OWN = "MCP"
SOURCE = "workbench/source"
"""The key in a tool's `_meta` under which an import records the tool's source."""


class SourceFile(msgspec.Struct, frozen=True):
    """A Python file that a tool's function is in. `name` is the file's; its stem can be imported as a module."""

    name: str
    content: bytes

    @property
    def mark(self) -> str:
        """The digest of its content."""
        return code_mark(self.content)


class FoundTool(msgspec.Struct, frozen=True):
    """A tool, and the format it was written in.

    `runs` is the row of `[executors]` that runs it. `identity` says which part of its source it is, such as
    `listPets GET /pets`; with it, the tool is found again under another name in the project. `notes` say what
    the tool lacks that the source has. `code` is the file that a Python row needs; that row names the function alone.
    """

    tool: Tool
    shape: str = OWN
    runs: Mapping[str, Any] | None = None
    identity: str = ""
    notes: tuple[str, ...] = ()
    code: SourceFile | None = None

    @property
    def address(self) -> str:
        """Where its calls go: method and address, server and tool, or file and function; empty if nowhere."""
        if self.runs and self.code is not None:
            return f"{self.code.name}:{self.runs['function']}"
        if self.runs and self.runs.get("kind") == "mcp":
            return f"{self.runs['server']}:{self.runs['tool']}"
        return f"{self.runs.get('method', 'GET')} {self.runs['url']}" if self.runs and "url" in self.runs else ""


class Found(msgspec.Struct, frozen=True):
    """`shape` names the tools' format; `obstacle` says why there are none. `skipped` are parts that
    could not become tools, each with the reason, and `notes` are about the whole document."""

    items: tuple[FoundTool, ...] = ()
    shape: str = ""
    obstacle: str = ""
    notes: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    conversations: tuple[LoggedConversation, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be imported."""
        return not self.items and not self.conversations

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools alone."""
        return tuple(one.tool for one in self.items)

    @property
    def is_foreign(self) -> bool:
        """Whether it must be converted before it can be saved as a tool's file."""
        return bool(self.items) and (self.shape != OWN or len(self.items) > 1)


def joined(found: Iterable[tuple[str, Found]]) -> Found:
    """The contents of several files, combined; files without tools are listed as skipped, with reasons."""
    parts = list(found)
    if len(parts) == 1:
        return parts[0][1]
    obstacles = tuple((name, one.obstacle) for name, one in parts if one.obstacle)
    items = tuple(tool for _, one in parts for tool in one.items)
    is_empty = all(one.is_empty for _, one in parts)
    return Found(
        items,
        ", ".join(dict.fromkeys(one.shape for _, one in parts if one.shape)),
        "; ".join(f"{name}: {why}" for name, why in obstacles) if is_empty else "",
        tuple(note for _, one in parts for note in one.notes),
        tuple(each for _, one in parts for each in one.skipped) + (() if is_empty else obstacles),
        tuple(each for _, one in parts for each in one.conversations),
    )


def remembering(found: FoundTool) -> Tool:
    """The tool with a record of its source; unchanged if it has none."""
    if not found.identity:
        return found.tool
    held = found.tool.document.get("_meta")
    source: JsonObject = {"identity": found.identity, "digest": plain_digest(found.tool)}
    if found.code is not None:
        source["code"] = found.code.mark
    return Tool({**found.tool.document, "_meta": {**(held if isinstance(held, dict) else {}), SOURCE: source}})


class Source(msgspec.Struct, frozen=True):
    """The identity a tool was imported with, and the digests that it and the file of its function had then."""

    identity: str = ""
    digest: str = ""
    code: str = ""


def source_of(tool: Tool) -> Source:
    """Where a tool was imported from; empty if it was not."""
    meta = tool.document.get("_meta")
    source = meta.get(SOURCE) if isinstance(meta, dict) else None
    if not isinstance(source, dict):
        return Source()
    return Source(*(str(source.get(key, "")) for key in ("identity", "digest", "code")))


def code_mark(content: bytes) -> str:
    """What the content of a file is known by."""
    return hashlib.sha256(content).hexdigest()[:16]


def plain_digest(tool: Tool) -> str:
    """The digest of a tool, without its name and its record of the source."""
    return digest({key: value for key, value in tool.document.items() if key not in ("name", "_meta")})[:16]


def same_tool(one: Tool, other: Tool) -> bool:
    """Whether two tools are the same, including the name, apart from their records of the source."""
    return canonical(_plain(one)) == canonical(_plain(other))


def _plain(tool: Tool) -> JsonObject:
    return {key: value for key, value in tool.document.items() if key != "_meta"}
