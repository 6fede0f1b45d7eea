"""Every command once: its words, keys, icon, and action. Menus and the palette read from here."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.app.shortcuts.key_map import KeyMap
from workbench.core.signal import Signal
from workbench.gui.look.look import Look


@dataclass(frozen=True)
class Command:
    """`group` is its heading in the menu; `keys` are its default shortcuts, of which the first is shown.

    Quick open offers what `opens_page`. `synonyms` are other words by which the palette finds it.
    """

    name: str
    text: str
    group: str
    act: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    opens_page: bool = False
    synonyms: str = ""


class Actions:
    """The commands as `QAction`s of a window."""

    def __init__(
        self, window: QWidget, look: Look, commands: tuple[Command, ...], *, may_lack_some: bool = False
    ) -> None:
        """`may_lack_some`: a feature with commands has failed, so unknown commands do nothing."""
        self.commands = commands
        self._window = window
        self._may_lack_some = may_lack_some
        self.keys_changed: Signal[[]] = Signal()
        """The keys have changed."""
        self._look = look
        self._map: KeyMap | None = None
        self._actions: dict[str, QAction] = {}
        for command in commands:
            action = QAction(command.text, window)
            action.triggered.connect(lambda _=False, command=command: command.act())
            window.addAction(action)
            self._actions[command.name] = action
        self.take_keys()
        self._take_look()
        look.follow(window, self._take_look)

    def __getitem__(self, name: str) -> QAction:
        if self._may_lack_some and name not in self._actions:
            self._actions[name] = QAction(name, self._window)
            self._actions[name].setEnabled(False)
        return self._actions[name]

    def use(self, key_map: KeyMap) -> None:
        """Use the person's keys."""
        self._map = key_map
        self.take_keys()

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """The current keys of a command."""
        return self._map.keys_of(command.name, command.keys) if self._map is not None else command.keys

    def shown_keys(self, name: str) -> str:
        """The first shortcut of a command as shown on this system; texts that name a key use it."""
        return native_keys(self[name].shortcut().toString())

    def take_keys(self) -> None:
        """The keys have changed."""
        for command in self.commands:
            self._actions[command.name].setShortcuts([QKeySequence(keys) for keys in self.keys_of(command)])
        self._show_tips()
        self.keys_changed.emit()

    def _show_tips(self) -> None:
        for command in self.commands:
            keys = self.shown_keys(command.name)
            self._actions[command.name].setToolTip(f"{command.text} ({keys})" if keys else command.text)

    def _take_look(self) -> None:
        for command in self.commands:
            if command.icon:
                self._actions[command.name].setIcon(self._look.icon(command.icon))


def native_keys(keys: str) -> str:
    """Keys as shown on this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
