"""Projects as a feature of the window: those that were open before are one key away."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.app.parts import HasFolders, HasProject
from workbench.app.project.recent_projects import RecentProjects
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.after_paint import AfterPaint
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.labels import label, plain_tip
from workbench.gui.kit.listening import listen
from workbench.gui.project.project_popup import ProjectAction, ProjectPopup
from workbench.viewmodels.project.project_rows import ProjectRow, project_rows
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.popup_row import PopupRow

if TYPE_CHECKING:
    from workbench.gui.project.new_project_dialog import NewProjectDialog

_SHOWN_AT_FIRST = 3
_TASK = "remember the project"


class ProjectParts(HasProject, HasFolders, Protocol):
    """This project, and where others are remembered."""


class ProjectFeature(Feature[ProjectParts]):
    """Remembers what was open, and goes there."""

    def __init__(self, context: WindowContext, parts: ProjectParts) -> None:
        super().__init__(context, parts)
        self.recent = RecentProjects(self.parts.folders)
        self.popup: ProjectPopup
        self._rows: list[ProjectRow] = []
        self._shown: AfterPaint

    def commands(self) -> tuple[Command, ...]:
        """Open a project, or make one."""
        return (
            Command("open", "Open a project…", "Project", lambda: self.popup.open(), ("Ctrl+O",), "folder"),
            Command("new-project", "New project…", "Project", self.ask_for_new, ("Ctrl+Shift+N",), "plus"),
        )

    def begin(self) -> None:
        """Make the popup, and remember this project."""
        context = self.context
        project = self.parts.project
        context.palette_.offer_more(self._palette_rows)
        listen(context.as_window, context.switch.create_asked, self.ask_for_new)
        self._shown = AfterPaint(context.as_window, lambda: context.tasks.start(_TASK, self._remember()))
        self.popup = ProjectPopup(
            self.recent,
            project.folder,
            context.look,
            context.as_window,
            opened=context.switch.open,
            forgotten=self.forget,
            actions=(
                ProjectAction("New project…", self.ask_for_new, "plus"),
                ProjectAction("Open a folder…", context.switch.choose),
                ProjectAction(
                    "Open the sample: weather desk", partial(context.switch.open_sample, "weather-desk"), "tool"
                ),
                ProjectAction(
                    "Open the sample: shop support", partial(context.switch.open_sample, "shop-support"), "tool"
                ),
            ),
        )

    def ask_for_new(self, existing: Path | None = None) -> NewProjectDialog:
        """Ask for the name and the place of a new project; or whether this folder should become one."""
        from workbench.gui.project.new_project_dialog import NewProjectDialog
        from workbench.viewmodels.project.new_project_form import NewProjectForm

        form = NewProjectForm(self.parts.project.folder.parent if self._is_at_home else Path.home(), existing)
        dialog = NewProjectDialog(
            form, self.context.look, self.context.tasks, self.context.as_window, self.context.switch.open
        )
        dialog.open()
        return dialog

    @property
    def _is_at_home(self) -> bool:
        """Whether this project lies where the user keeps projects, and is no sample of the program's."""
        return not self.parts.project.folder.is_relative_to(self.parts.folders.data.resolve())

    def _palette_rows(self, text: str) -> list[PopupRow]:
        """Projects that were open before, for the palette."""
        fitting = ranked(self._rows, text, lambda row: f"open {row.name}")
        return [
            PopupRow(
                marked(f"Open {row.name}", text),
                partial(self.context.switch.open, Path(row.folder)),
                detail=row.place,
                icon="folder",
            )
            for row in fitting[:_SHOWN_AT_FIRST]
        ]

    def take_pane(self, pane: ChatPane) -> None:
        """An empty conversation offers the newest ones that can be opened, once it is known which."""
        if self._rows and pane.conversation.is_fresh:
            pane.first_view.show_line(lambda: self._line(self._rows[:_SHOWN_AT_FIRST]))

    async def _remember(self) -> None:
        """Disks may be slow, so the window does not wait for them."""
        project = self.parts.project
        await asyncio.to_thread(self.recent.add, project.folder, project.name)
        rows = await asyncio.to_thread(lambda: project_rows(self.recent.all(), project.folder))
        self._rows = [row for row in rows if not row.obstacle]
        for pane in self.context.documents.panes():
            self.take_pane(pane)

    async def put_away(self) -> None:
        """What is being remembered is remembered."""
        self._shown.stop()
        await self.context.tasks.finish(_TASK)

    def forget(self, folder: str) -> None:
        """Take a project out of the list; its files stay."""
        gone = self.recent.forget(folder)
        if gone is not None:
            self.context.toasts.tell(
                f"“{gone.name}” was removed from recent projects", lambda: self.recent.put_back(gone)
            )

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
            button.clicked.connect(lambda _=False, folder=row.folder: self.context.switch.open(Path(folder)))
            line.addWidget(button)
        line.addStretch(1)
        return holder
