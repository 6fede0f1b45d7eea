"""Every command in a menu, for those who look around rather than search: one submenu a group."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.gui.frame.actions import Actions
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look


class MainMenu(QToolButton):
    """The button and its menu, which is filled when it opens."""

    def __init__(self, actions: Actions, look: Look) -> None:
        super().__init__()
        self._actions = actions
        self._look = look
        self.groups: dict[str, QMenu] = {}
        self.setAccessibleName("All commands in a menu")
        self.setToolTip("All commands in a menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.commands_menu = QMenu(self)
        self.commands_menu.setAccessibleName("Main menu")
        self.commands_menu.aboutToShow.connect(self._fill)
        self.setMenu(self.commands_menu)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._take_look()
        listen(self, look.changed, self._take_look)

    def _fill(self) -> None:
        """Groups in the order in which they first appear; the actions are the window's own, keys and all."""
        self.commands_menu.clear()
        groups = self.groups = {}
        for command in self._actions.commands:
            if command.group not in groups:
                groups[command.group] = self.commands_menu.addMenu(command.group.replace("&", "&&"))
            groups[command.group].addAction(self._actions[command.name])

    def _take_look(self) -> None:
        self.setIcon(self._look.icon("list"))
