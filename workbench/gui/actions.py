"""Every command once: its words, its keys, its icon, what it does. Menus and the palette read from here."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.gui.listening import listen
from workbench.gui.look import Look


@dataclass(frozen=True)
class Command:
    """`group` is its heading in the menu; `keys` are shortcuts, the first of them the one that is shown."""

    name: str
    text: str
    group: str
    act: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""


class Actions:
    """The commands as `QAction`s of a window."""

    def __init__(self, window: QWidget, look: Look, commands: tuple[Command, ...]) -> None:
        self.commands = commands
        self._look = look
        self._actions: dict[str, QAction] = {}
        for command in commands:
            action = QAction(command.text, window)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.triggered.connect(lambda _=False, command=command: command.act())
            window.addAction(action)
            self._actions[command.name] = action
        self._take_look()
        listen(window, look.changed, self._take_look)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @staticmethod
    def keys_text(command: Command) -> str:
        """The first shortcut as people read it on this system."""
        return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""

    def _take_look(self) -> None:
        for command in self.commands:
            action = self._actions[command.name]
            if command.icon:
                action.setIcon(self._look.icon(command.icon))
            keys = self.keys_text(command)
            action.setToolTip(f"{command.text} ({keys})" if keys else command.text)
