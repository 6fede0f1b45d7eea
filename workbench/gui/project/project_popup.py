"""Going to another project: those that were open before, the samples, or a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from workbench.app.project.recent_projects import RecentProjects
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.look.look import Look
from workbench.viewmodels.project.project_rows import ProjectRow, project_rows
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.popup_row import PopupRow

HINT = "Open a project…"


@dataclass(frozen=True)
class ProjectAction:
    """What can be chosen besides a folder that is known."""

    text: str
    act: Callable[[], object]
    icon: str = "folder"


class ProjectPopup(PopupList):
    """Enter opens; Shift+Del takes a project out of the list."""

    def __init__(
        self,
        recent: RecentProjects,
        here: Path,
        look: Look,
        window: QWidget,
        *,
        opened: Callable[[Path], object],
        forgotten: Callable[[str], object],
        actions: tuple[ProjectAction, ...],
    ) -> None:
        """`here` is the project of this window, which is not offered."""
        super().__init__(look, window, name=HINT.rstrip("…"), hint=HINT, width=680, rows=12)
        self._recent = recent
        self._here = here
        self._opened = opened
        self._forgotten = forgotten
        self._actions = actions
        self._rows_made: tuple[ProjectRow, ...] = ()

    def open(self) -> None:
        """Show it with an empty field."""
        self._rows_made = project_rows(self._recent.all(), self._here)
        self.field.clear()
        super().open()

    def typed(self, text: str) -> None:
        """The projects and ways that fit."""
        projects = ranked(self._rows_made, text, lambda row: f"{row.name} {row.folder}")
        actions_found = ranked(self._actions, text, lambda action: action.text)
        self.show_rows([row.shown(text) for row in projects] + [_way(action, text) for action in actions_found])

    def choose(self, payload: object) -> None:
        """Open it."""
        if isinstance(payload, ProjectRow):
            self._opened(Path(payload.folder))
        elif isinstance(payload, ProjectAction):
            payload.act()

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
            and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            and isinstance(row := self.chosen_payload, ProjectRow)
        ):
            self._forgotten(row.folder)
            self._rows_made = project_rows(self._recent.all(), self._here)
            self.typed(self.field.text())
            return True
        return super().eventFilter(watched, event)


def _way(action: ProjectAction, text: str) -> PopupRow:
    return PopupRow(marked(action.text, text), action, icon=action.icon)
