"""The user's own connections: servers and vendors by name, in the user's settings folder. Key *names* only."""

from pathlib import Path

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from workbench.core.errors import ProjectError
from workbench.core.hand_call import HAND
from workbench.core.tool import PORTABLE_NAME
from workbench.store.project_file import ConnectionRow
from workbench.store.tool_file import write_whole


class ConnectionFile:
    """`connections.toml`: one table a connection; comments and order are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, ConnectionRow]:
        """All valid connections; an invalid one is left out and stays in the file."""
        rows: dict[str, ConnectionRow] = {}
        for name, table in self._document().unwrap().items():
            try:
                rows[name] = ConnectionRow.model_validate(table)
            except ValidationError:
                continue
        return rows

    def key_names(self) -> tuple[str, ...]:
        """The names of the keys of all connections, also of those with a mistake: their keys are secret as well."""
        tables = self._document().unwrap().values()
        found = [table.get("key") for table in tables if isinstance(table, dict)]
        return tuple(name for name in found if isinstance(name, str) and name)

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

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return tomlkit.document()
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise ProjectError(
                f"cannot be read: {error}", where=str(self.path), hint="Fix it or move it aside."
            ) from None
