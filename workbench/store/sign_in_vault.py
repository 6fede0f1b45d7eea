"""What a sign-in to an MCP server has left, in the system's keyring: one record for each server and project."""

from pathlib import Path

from workbench.core.json_text import digest
from workbench.store.keys import KeyStore

_PIECE = 1_000
"""Characters to an entry of the keyring; that of Windows takes 1,280."""
_MAX_PIECES = 64


class SignInVault:
    """Keeps the record in memory where the machine has no keyring. Never in a file. May block: use it in a thread."""

    def __init__(self, keys: KeyStore, project: Path, server: str, address: str) -> None:
        self._keys = keys
        self._name = f"mcp-sign-in:{server}:{digest([str(project.resolve()), server, address])[:24]}"

    def read(self) -> str:
        """The record; empty when there is none, or when a part of it is missing."""
        count, _, text = self._keys.record(self._name).partition("|")
        if not count.isdecimal() or int(count) > _MAX_PIECES:
            return ""
        pieces = [self._keys.record(self._piece(number)) for number in range(1, int(count))]
        return text + "".join(pieces) if all(pieces) else ""

    def write(self, text: str) -> None:
        """Keep the record in place of the one before. Not atomic: a record that was cut off is read as none."""
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        for number, piece in enumerate(pieces[1:], 1):
            self._keys.save_record(self._piece(number), piece)
        self._keys.save_record(self._name, f"{len(pieces)}|{pieces[0]}")

    def clear(self) -> None:
        """Forget the record."""
        count = self._keys.record(self._name).partition("|")[0]
        self._keys.forget(self._name)
        for number in range(1, min(int(count), _MAX_PIECES) if count.isdecimal() else 1):
            self._keys.forget(self._piece(number))

    def _piece(self, number: int) -> str:
        return f"{self._name}:{number}"
