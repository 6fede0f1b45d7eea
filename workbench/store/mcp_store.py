"""Which MCP servers this user has approved, and what their tools were: in the user's own state folder.

An approval is bound to the seal of a server (see `mcp_file.seal_row`). The tools are remembered as they were when they
were first listed or last accepted, so that a server that changes one later is noticed.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench.core.json_text import JsonObject, canonical
from workbench.store.small_file import OwnEntries
from workbench.store.tool_file import write_whole

_MAX_DOCUMENT = 50_000


class McpStore:
    """Approvals by seal."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries = OwnEntries(file)

    def approves(self, seal: str) -> bool:
        """Whether a server with this seal may be started."""
        return seal in self._entries.readable()

    def approve(self, seal: str, shown: str) -> None:
        """Let it be started from now on. `shown` is what the person saw."""
        entries = self._entries.to_change()
        entries[seal] = {"shown": shown, "at": time.time(), "tools": {}}
        self._write(entries)

    def revoke(self, seal: str) -> None:
        """Never start it again without asking."""
        entries = self._entries.to_change()
        if entries.pop(seal, None) is not None:
            self._write(entries)

    def approves_sign_in(self, seal: str, plan: str) -> bool:
        """Whether the person has approved the sign-in with the seal `plan` for this server."""
        return plan in _sign_ins(self._entries.readable().get(seal))

    def approve_sign_in(self, seal: str, plan: str, shown: str) -> None:
        """Let the server's sign-in lead where `shown` says, and nowhere else."""
        entries = self._entries.readable()
        if isinstance(entry := entries.get(seal), dict):
            entries[seal] = {**entry, "sign_ins": {**_sign_ins(entry), plan: shown}}
            self._write(entries)

    def tools(self, seal: str) -> dict[str, str]:
        """Digests of the server's tools by their own names, as remembered."""
        entry = self._entries.readable().get(seal)
        known = entry.get("tools") if isinstance(entry, dict) else None
        return {str(name): str(mark) for name, mark in known.items()} if isinstance(known, dict) else {}

    def documents(self, seal: str) -> dict[str, JsonObject]:
        """The remembered tools themselves, without those that were too large to keep."""
        entry = self._entries.readable().get(seal)
        kept = entry.get("documents") if isinstance(entry, dict) else None
        return {str(name): one for name, one in kept.items() if isinstance(one, dict)} if isinstance(kept, dict) else {}

    def remember_tools(
        self, seal: str, digests: Mapping[str, str], documents: Mapping[str, JsonObject] = MappingProxyType({})
    ) -> None:
        """Remember these tools, replacing what was remembered under their names. Their documents are kept to show
        later what has changed."""
        entries = self._entries.readable()
        entry = entries.get(seal)
        if not isinstance(entry, dict):
            return
        known = self.tools(seal)
        if known | dict(digests) != known:
            small = {name: one for name, one in documents.items() if len(canonical(one)) <= _MAX_DOCUMENT}
            kept = {name: one for name, one in self.documents(seal).items() if name not in digests}
            entries[seal] = {**entry, "tools": known | dict(digests), "documents": kept | small}
            self._write(entries)

    def _write(self, entries: dict[str, Any]) -> None:
        write_whole(self._file, json.dumps(entries, indent=1) + "\n")


def _sign_ins(entry: Any) -> dict[str, Any]:
    """The approved sign-ins of an entry by their seals, each as it was shown; older programs kept the last one."""
    if not isinstance(entry, dict):
        return {}
    known = entry.get("sign_ins")
    old = {entry["sign_in"]: entry.get("sign_in_shown")} if isinstance(entry.get("sign_in"), str) else {}
    return old | known if isinstance(known, dict) else old
