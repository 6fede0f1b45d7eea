"""Projects as a feature of the window: those that were open before are one key away."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.app.recent_projects import RecentProjects
from workbench.gui.actions import Command
from workbench.gui.chat.chat_pane import ChatPane
from workbench.gui.feature import Feature, Workplace
from workbench.gui.labels import label, plain_tip
from workbench.gui.projects.project_popup import ProjectPopup, ProjectWish
from workbench.viewmodels.project_rows import ProjectRow, project_rows

_SHOWN_AT_FIRST = 3


class Projects(Feature):
    """Remembers what was open, and goes there."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.recent = RecentProjects(place.session.folders)
        self.popup: ProjectPopup

    def commands(self) -> tuple[Command, ...]:
        """Open a project."""
        return (Command("open", "Open a project…", "Project", lambda: self.popup.open(), ("Ctrl+O",), "folder"),)

    def begin(self) -> None:
        """Make the popup, and remember this project."""
        place = self.place
        project = place.session.project
        self.recent.add(project.folder, project.name)
        self.popup = ProjectPopup(
            self.recent,
            project.folder,
            place.look,
            place.as_window,
            opened=place.switch.open,
            forgotten=self.forget,
            wishes=(
                ProjectWish("Open a folder…", place.switch.choose),
                ProjectWish("Open the sample: weather desk", partial(place.switch.open_sample, "weather-desk"), "tool"),
                ProjectWish("Open the sample: shop support", partial(place.switch.open_sample, "shop-support"), "tool"),
            ),
        )

    def take_pane(self, pane: ChatPane) -> None:
        """An empty conversation offers the newest ones that can be opened."""
        rows = [row for row in project_rows(self.recent.all(), self.place.session.project.folder) if not row.obstacle]
        layout = pane.first_view.layout()
        if rows and isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.count() - 2, self._line(rows[:_SHOWN_AT_FIRST]))

    def forget(self, folder: str) -> None:
        """Take a project out of the list; its files stay."""
        gone = self.recent.forget(folder)
        if gone is not None:
            self.place.toasts.tell(f"“{gone.name}” is out of the list", lambda: self.recent.put_back(gone))

    def _line(self, rows: list[ProjectRow]) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addStretch(1)
        line.addWidget(label("Recent:", "hint"))
        for row in rows:
            button = QPushButton(row.name.replace("&", "&&"))
            button.setProperty("role", "link")
            button.setAccessibleName(f"Open the project {row.name}")
            button.setToolTip(plain_tip(row.place))
            button.clicked.connect(lambda _=False, folder=row.folder: self.place.switch.open(Path(folder)))
            line.addWidget(button)
        line.addStretch(1)
        return holder
