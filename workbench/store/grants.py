"""Grants for a project, kept in its run database and listed until they are revoked.

A database can come with a project from anywhere, so every row carries a seal that only this user's programs can make.
A row without a valid seal is not a permission and is not read.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

import msgspec

from workbench.core.grant import Grant
from workbench.store.event_reader import Read
from workbench.store.redaction import Redactor
from workbench.store.tool_file import write_whole
from workbench.store.writer import Writer

WAIT_S = 10.0


class GrantStore:
    """Writes through the one writer and reads what is committed: another program's revocation counts at once."""

    def __init__(self, writer: Writer, read: Read, redactor: Redactor, seal_file: Path | None) -> None:
        """`seal_file` holds this user's secret, outside of every project; None: grants end with the program."""
        self._writer = writer
        self._read = read
        self._redactor = redactor
        self._secret = _secret(seal_file) if seal_file is not None else secrets.token_bytes(32)

    def kept(self, tool: str | None = None) -> tuple[Grant, ...]:
        """The grants that hold, of one tool or of all, oldest first. Raises `StoreError`."""
        rows = self._read("SELECT line, seal, tool FROM grants WHERE revoked_at IS NULL ORDER BY at, grant_id", ())
        found = (self._opened(line, seal) for line, seal, name in rows if tool in (None, name))
        return tuple(grant for grant in found if grant is not None)

    def keep(self, grant: Grant) -> None:
        """Write a grant; it holds when this returns. Raises `StoreError`."""
        line = self._redactor.line(msgspec.json.encode(grant))
        row = (grant.grant_id, grant.tool, line, self._seal(line), grant.at)
        self._writer.submit(
            lambda connection: connection.execute(
                "INSERT OR IGNORE INTO grants (grant_id, tool, line, seal, at) VALUES (?, ?, ?, ?, ?)", row
            )
        ).result(WAIT_S)

    def revoke(self, grant_id: str, at: float) -> bool:
        """End a grant now. False when it had already ended. Raises `StoreError`."""
        done = self._writer.submit(
            lambda connection: (
                connection.execute(
                    "UPDATE grants SET revoked_at = ? WHERE grant_id = ? AND revoked_at IS NULL", (at, grant_id)
                ).rowcount
                == 1
            )
        )
        return bool(done.result(WAIT_S))

    def _opened(self, line: object, seal: object) -> Grant | None:
        """The grant in a row, which may hold anything, since the file may come from anywhere."""
        if not isinstance(line, bytes) or not isinstance(seal, str):
            return None
        if not hmac.compare_digest(self._seal(line).encode(), seal.encode("utf-8", "replace")):
            return None
        try:
            return msgspec.json.decode(line, type=Grant)
        except msgspec.DecodeError:
            return None

    def _seal(self, line: bytes) -> str:
        return hmac.new(self._secret, line, hashlib.sha256).hexdigest()


def _secret(file: Path) -> bytes:
    """This user's secret, made at its first use. Where it cannot be saved, it lasts for this session."""
    try:
        known = file.read_text(encoding="ascii").strip()
        if len(known) == 64:
            return bytes.fromhex(known)
    except (OSError, ValueError):
        pass
    fresh = secrets.token_hex(32)
    try:
        write_whole(file, fresh + "\n", is_private=True)
        file.chmod(0o600)
    except OSError:
        pass
    return bytes.fromhex(fresh)
