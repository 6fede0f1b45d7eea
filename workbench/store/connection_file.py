"""The user's own connections: servers and vendors by name, in the user's settings folder. Key *names* only."""

from pathlib import Path
from typing import Any, NamedTuple

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from workbench.core.errors import ProjectError
from workbench.core.hand_call import HAND
from workbench.core.tool import PORTABLE_NAME
from workbench.store.project_file import ConnectionRow
from workbench.store.small_file import KnownFiles
from workbench.store.tool_file import write_whole


class ConnectionFile:
    """`connections.toml`: one table a connection; comments and order are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = KnownFiles(lambda path, content: _Tables.of(tomlkit.parse(content.decode()).unwrap()))

    def read(self) -> dict[str, ConnectionRow]:
        """All valid connections; an invalid one is left out and stays in the file."""
        return dict(self._tables().rows)

    def key_names(self) -> tuple[str, ...]:
        """The names of the keys of all connections, also of those with a mistake: their keys are secret as well."""
        return self._tables().key_names

    def save(self, name: str, row: ConnectionRow) -> None:
        """Add a connection or change it; raises `ProjectError` for a name that cannot be typed as a SPEC."""
        if not PORTABLE_NAME.fullmatch(name) or name in ("local", "scripted", HAND):
            raise ProjectError(f"{name!r} cannot name a connection", hint="Use letters, digits, _ or -.")
        document = self._document()
        table = tomlkit.table()
        for key, value in row.model_dump(exclude_defaults=True).items():
            table[key] = value
        document[name] = table
        write_whole(self.path, tomlkit.dumps(document))

    def remove(self, name: str) -> None:
        """Forget a connection; its key stays where it is."""
        document = self._document()
        if name in document:
            del document[name]
            write_whole(self.path, tomlkit.dumps(document))

    def _tables(self) -> "_Tables":
        try:
            return self._known.read(self.path)
        except FileNotFoundError:
            return _Tables({}, ())
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise self._unreadable(error) from None

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return tomlkit.document()
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> ProjectError:
        return ProjectError(f"cannot be read: {error}", where=str(self.path), hint="Fix it or move it aside.")


class _Tables(NamedTuple):
    """What is in the file."""

    rows: dict[str, ConnectionRow]
    key_names: tuple[str, ...]

    @classmethod
    def of(cls, document: dict[str, Any]) -> "_Tables":
        rows: dict[str, ConnectionRow] = {}
        for name, table in document.items():
            try:
                rows[name] = ConnectionRow.model_validate(table)
            except ValidationError:
                continue
        keys = [table.get("key") for table in document.values() if isinstance(table, dict)]
        return cls(rows, tuple(name for name in keys if isinstance(name, str) and name))
