"""Every command in a menu, for those who look around rather than search: one submenu a group."""

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.gui.frame.actions import Actions
from workbench.gui.look.look import Look

_SECTIONS: tuple[tuple[str, ...], ...] = (
    ("Project",),
    ("Copy", "View", "Appearance"),
    ("Run", "Approvals", "Trace", "Replay"),
    (),
    ("Help",),
)
"""Groups in the order of the platforms' menus; those that no section names, such as Tools, are in the empty one."""

_LAST = "quit"
"""The command that stands alone at the end of its menu."""


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
        look.follow(self, self._take_look)

    def _fill(self) -> None:
        """The actions are the window's own, keys and all."""
        self.commands_menu.clear()
        self.groups = {}
        names = dict.fromkeys(command.group for command in self._actions.commands)
        for section, in_it in groupby(sorted(names, key=_place), lambda group: _place(group)[0]):
            if section:
                self.commands_menu.addSeparator()
            for group in in_it:
                self.groups[group] = self.commands_menu.addMenu(group.replace("&", "&&"))
        for command in sorted(self._actions.commands, key=lambda command: command.name == _LAST):
            if command.name == _LAST:
                self.groups[command.group].addSeparator()
            self.groups[command.group].addAction(self._actions[command.name])

    def _take_look(self) -> None:
        self.setIcon(self._look.icon("list"))


def _place(group: str) -> tuple[int, int]:
    """The section of a group and where it is in it; those in the empty section keep their order."""
    for place, section in enumerate(_SECTIONS):
        if group in section:
            return place, section.index(group)
    return _SECTIONS.index(()), 0
