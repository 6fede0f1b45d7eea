"""The keys of all commands as a table that can be changed, and undone."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.app.shortcuts.key_map import KeyMap
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal

_MODIFIERS = ("Ctrl", "Alt", "Meta", "Shift")
_TABS = frozenset(f"Ctrl+{number}" for number in range(1, 10))
_FUNCTION_KEY = re.compile(r"F\d{1,2}|Esc|Pause|Print|Help|Media .+|Back|Forward")


class KeyedCommand(Protocol):
    """A command as this table needs it."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ShortcutRow:
    """One command. `clashes` are the words of other commands that one of its keys belongs to as well."""

    name: str
    text: str
    group: str
    keys: tuple[str, ...]
    default: tuple[str, ...]
    clashes: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether somebody chose other keys than the default ones."""
        return self.keys != self.default


class ShortcutTable:
    """Every change counts at once and is kept; each can be undone in this sitting."""

    def __init__(self, commands: Sequence[KeyedCommand], key_map: KeyMap, apply: Callable[[], object]) -> None:
        """`apply` lets the window take the keys of the map."""
        self.rows: tuple[ShortcutRow, ...] = ()
        self.trouble = key_map.problem
        """Why the keys could not be read or kept; empty when all is well."""
        self.changed: Signal[[]] = Signal()
        self._commands = tuple(commands)
        self._map = key_map
        self._apply = apply
        self._words = ""
        self._before: list[dict[str, tuple[str, ...]]] = []
        self._fill()

    @property
    def can_undo(self) -> bool:
        """Whether a change can be undone."""
        return bool(self._before)

    @property
    def is_changed(self) -> bool:
        """Whether any command has other keys than its default ones."""
        return bool(self._map.chosen)

    def filter_by(self, words: str) -> None:
        """Show only what contains every word, in names or keys."""
        self._words = words.casefold()
        self._fill()
        self.changed.emit()

    def row(self, name: str) -> ShortcutRow | None:
        """The row of a command, if it is shown."""
        return next((row for row in self.rows if row.name == name), None)

    def warning(self, name: str, keys: str) -> str:
        """What speaks against these keys for a command, before they are chosen; empty when nothing does."""
        if objection := objection_to(keys):
            return objection
        others = [command for command in self._owners(keys) if command.name != name]
        if not others:
            return ""
        texts = ", ".join(f"“{other.text}”" for other in others)
        return f"{keys} is assigned to {texts}. Using it here removes it there."

    def choose(self, name: str, keys: str, *, also: bool = False) -> bool:
        """Give a command these keys alone, or `also` beside what it has. Another command loses them. False when they
        cannot be chosen at all."""
        if objection_to(keys):
            return False
        command = self._command(name)
        others = {
            other.name: tuple(key for key in self._keys(other) if key.casefold() != keys.casefold())
            for other in self._owners(keys)
            if other.name != name
        }
        own = tuple(dict.fromkeys((*self._keys(command), keys))) if also else (keys,)
        return self._keep({**others, name: own})

    def clear(self, name: str) -> bool:
        """Leave a command without keys; the palette still has it."""
        return self._keep({name: ()})

    def reset(self, name: str) -> bool:
        """The default keys again; the one who has taken one of them loses it."""
        default = self._command(name).keys
        changed: dict[str, tuple[str, ...]] = {name: default}
        for other in self._commands:
            kept = tuple(key for key in self._keys(other) if key not in default)
            if other.name != name and kept != self._keys(other):
                changed[other.name] = kept
        return self._keep(changed)

    def reset_all(self) -> bool:
        """All default keys again."""
        return self._put({})

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self._write(self._before.pop())

    def _keep(self, changed: dict[str, tuple[str, ...]]) -> bool:
        chosen = {**self._map.chosen, **changed}
        defaults = {command.name: command.keys for command in self._commands}
        return self._put({name: keys for name, keys in chosen.items() if defaults.get(name) != keys})

    def _put(self, chosen: dict[str, tuple[str, ...]]) -> bool:
        before = self._map.chosen
        if chosen == before:
            return False
        if not self._write(chosen):
            return False
        self._before.append(before)
        self.changed.emit()
        return True

    def _write(self, chosen: dict[str, tuple[str, ...]]) -> bool:
        try:
            self._map.keep(chosen)
            self.trouble = ""
        except WorkbenchError as error:
            self.trouble = error.message
        self._apply()
        self._fill()
        self.changed.emit()
        return not self.trouble

    def _fill(self) -> None:
        words = self._words.split()
        owners: dict[str, list[KeyedCommand]] = {}
        for command in self._commands:
            for key in self._keys(command):
                owners.setdefault(key.casefold(), []).append(command)
        rows = [self._row(command, owners) for command in self._commands]
        self.rows = tuple(
            row
            for row in rows
            if all(word in f"{row.text} {row.group} {' '.join(row.keys)}".casefold() for word in words)
        )

    def _row(self, command: KeyedCommand, owners: Mapping[str, Sequence[KeyedCommand]]) -> ShortcutRow:
        keys = self._keys(command)
        clashes = [other.text for key in keys for other in owners[key.casefold()] if other.name != command.name]
        return ShortcutRow(command.name, command.text, command.group, keys, command.keys, tuple(dict.fromkeys(clashes)))

    def _owners(self, keys: str) -> list[KeyedCommand]:
        wanted = keys.casefold()
        return [command for command in self._commands if any(key.casefold() == wanted for key in self._keys(command))]

    def _keys(self, command: KeyedCommand) -> tuple[str, ...]:
        return self._map.keys_of(command.name, command.keys)

    def _command(self, name: str) -> KeyedCommand:
        return next(command for command in self._commands if command.name == name)


def objection_to(keys: str) -> str:
    """Why these keys can belong to no command; empty when they can."""
    if not keys:
        return "No keys were pressed."
    if "," in keys.replace("Ctrl+,", "").replace("Alt+,", "").replace("Meta+,", "").replace("Shift+,", ""):
        return "Press one key combination at a time."
    if keys in _TABS:
        return "Ctrl+1 to Ctrl+9 go to the tabs."
    pressed = _without_modifiers(keys)
    has_command = any(f"{modifier}+" in keys for modifier in _MODIFIERS[:3])
    if not pressed:
        return "A modifier alone does nothing."
    if not has_command and not _FUNCTION_KEY.fullmatch(pressed):
        return f"{keys} is needed for typing and for the cards. Add Ctrl or Alt, or use a function key."
    return ""


def _without_modifiers(keys: str) -> str:
    while any(keys.startswith(f"{modifier}+") for modifier in _MODIFIERS):
        keys = keys.partition("+")[2]
    return "" if keys in _MODIFIERS else keys
