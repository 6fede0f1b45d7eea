"""The command palette: every command by name, with its keys; Enter runs it, Esc closes."""

from PySide6.QtWidgets import QWidget

from workbench.gui.actions import Actions, Command
from workbench.gui.look import Look
from workbench.gui.popup_list import PopupList
from workbench.viewmodels.palette import marked, ranked
from workbench.viewmodels.popup_row import PopupRow


class Palette(PopupList):
    """All commands that can be used now."""

    def __init__(self, actions: Actions, look: Look, window: QWidget) -> None:
        super().__init__(look, window, name="Command palette", hint="Run a command…")
        self._actions = actions

    def open(self) -> None:
        """Show it with an empty field."""
        self.field.clear()
        super().open()

    def typed(self, text: str) -> None:
        """The commands that fit, the closest first."""
        enabled = [command for command in self._actions.commands if self._actions[command.name].isEnabled()]
        fitting = ranked(enabled, text, lambda command: f"{command.text} {command.group}")
        self.show_rows([self._row(command, text) for command in fitting])

    def choose(self, payload: object) -> None:
        """Run the command."""
        if isinstance(payload, Command):
            self._actions[payload.name].trigger()

    def _row(self, command: Command, text: str) -> PopupRow:
        keys = self._actions.shown_keys(command)
        return PopupRow(
            marked(command.text, text), command, detail=command.group, keys=keys, icon=command.icon or "chevron-right"
        )
