"""The person's keys for commands, in a TOML file of the user's own: only differences from the defaults."""

import logging
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbench.core.errors import StoreError
from workbench.store.tool_file import write_whole

_log = logging.getLogger(__name__)
_TABLE = "keys"
_HEAD = 'Keyboard shortcuts: only what differs from the defaults, such as run = ["Ctrl+Return"].'


class KeyMap:
    """Name of a command → its keys as text (`Ctrl+Shift+P`); a command without keys has an empty list.

    `problem` says what is wrong with the file; then the defaults apply.
    """

    def __init__(self, file: Path) -> None:
        self.problem = ""
        self._file = file
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._read()

    @property
    def file(self) -> Path:
        """The file."""
        return self._file

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The differences from the defaults."""
        return dict(self._chosen)

    def keys_of(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of a command."""
        return self._chosen.get(name, default)

    def keep(self, chosen: dict[str, tuple[str, ...]]) -> None:
        """Replace all differences from the defaults, now and for the next start. Raises `StoreError`.

        Comments in the file stay. An unreadable file is backed up first.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self.problem and self._file.exists():
                self._file.replace(self._file.with_name(f"{self._file.name}.unreadable"))
            write_whole(self._file, self._text(chosen))
        except OSError as error:
            raise StoreError(f"the keys cannot be saved: {error.strerror or error}", where=str(self._file)) from None
        self.problem = ""
        self._chosen = dict(chosen)

    def _text(self, chosen: dict[str, tuple[str, ...]]) -> str:
        if self._file.exists():
            document = tomlkit.parse(self._file.read_text(encoding="utf-8-sig"))
        else:
            document = tomlkit.document()
            document.add(tomlkit.comment(_HEAD))
            document.add(tomlkit.nl())
        table = document.setdefault(_TABLE, tomlkit.table())
        for name in [name for name in table if name not in chosen]:
            del table[name]
        for name, keys in chosen.items():
            if name not in table or list(table[name]) != list(keys):
                table[name] = list(keys)
        return tomlkit.dumps(document)

    def _read(self) -> None:
        try:
            table = tomlkit.parse(self._file.read_text(encoding="utf-8-sig")).unwrap().get(_TABLE, {})
            self._chosen = {str(name): _keys(keys) for name, keys in table.items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError, TOMLKitError) as error:
            self.problem = f"{self._file.name} cannot be read, so the default keys apply: {error}"
            _log.info("%s", self.problem)


def _keys(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise TypeError('keys must be a list of strings, such as ["Ctrl+Return"]')
    return tuple(value)
