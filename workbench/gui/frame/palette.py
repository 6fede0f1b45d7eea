"""The command palette: every command by name, with its keys; Enter runs it, Esc closes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from workbench.gui.frame.actions import Actions, Command
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.popup_row import PopupRow, pieces


@dataclass(frozen=True)
class Otherwise:
    """Another action for the typed text; `words` have a placeholder for it, `{}`."""

    words: str
    act: Callable[[str], object]
    icon: str = ""


class Palette(PopupList):
    """All enabled commands."""

    def __init__(self, actions: Actions, look: Look, window: QWidget) -> None:
        super().__init__(look, window, name="Command palette", hint="Run a command…")
        self._actions = actions
        self._others: list[Otherwise] = []
        self._more: list[Callable[[str], Sequence[PopupRow]]] = []

    def offer_more(self, rows_for: Callable[[str], Sequence[PopupRow]]) -> None:
        """Rows that follow the commands; their payloads are called when they are chosen."""
        self._more.append(rows_for)

    def offer_otherwise(self, *others: "Otherwise") -> None:
        """Actions for words that match no command."""
        self._others += others

    def open(self) -> None:
        """Show it with an empty field."""
        self.field.clear()
        super().open()

    def typed(self, text: str) -> None:
        """The matching commands, closest first."""
        enabled = [command for command in self._actions.commands if self._actions[command.name].isEnabled()]
        offered = [(command.text, self._row(command, text)) for command in enabled]
        if text.strip():
            offered += [(row.text, row) for rows_for in self._more for row in rows_for(text)]
        fitting = ranked(
            offered,
            text,
            lambda pair: pair[0],
            synonyms_of=lambda pair: _synonyms(pair[1].payload),
            takes_letters=lambda pair: _only_shows(pair[1].payload),
        )
        rows = [row for _, row in fitting]
        if not rows and text.strip():
            rows = [
                PopupRow(pieces(other.words.format(text.strip())), other, icon=other.icon) for other in self._others
            ]
        self.show_rows(rows)

    def choose(self, payload: object) -> None:
        """Run the command."""
        if isinstance(payload, Command):
            self._actions[payload.name].trigger()
        elif isinstance(payload, Otherwise):
            payload.act(self.field.text().strip())
        elif callable(payload):
            payload()

    def _row(self, command: Command, text: str) -> PopupRow:
        keys = self._actions.shown_keys(command.name)
        return PopupRow(
            marked(command.text, text), command, detail=command.group, keys=keys, icon=command.icon or "chevron-right"
        )


def _synonyms(payload: object) -> str:
    """Other words that find a row, including its menu."""
    return f"{payload.group} {payload.synonyms}" if isinstance(payload, Command) else ""


def _only_shows(payload: object) -> bool:
    """Whether choosing it by mistake is harmless: a command with effects must be chosen on purpose."""
    return not isinstance(payload, Command) or payload.opens_page
