"""Asks for the name, folder, and template of a new project; or whether a folder should become one."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.project.new_project_form import NewProjectForm

_TASK = "create a project"


class NewProjectDialog(QDialog):
    """Shows a `NewProjectForm`; it does not block; open it with `open()`."""

    def __init__(
        self, form: NewProjectForm, look: Look, tasks: Tasks, parent: QWidget, created: Callable[[Path], object]
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._tasks = tasks
        self._created = created
        self.setWindowTitle(form.title)
        self.name = self._line("Project name", form.name, form.write_name)
        self.name.selectAll()
        self.folder = self._line("Project folder", form.folder_text, form.write_folder)
        self.folder.setEnabled(form.existing is None)
        browse = action_button("Choose…", "Choose the folder", self._choose)
        browse.setVisible(form.existing is None)
        browse.setAutoDefault(False)
        self.start = ComboBox()
        self.start.setAccessibleName("Start with")
        self.start.view().setAccessibleName("What it can start with")
        for start, words in form.starts:
            self.start.addItem(words, start)
        self.start.currentIndexChanged.connect(lambda _: form.choose(self.start.currentData()))
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        fields = QFormLayout()
        fields.setSpacing(10)
        fields.addRow("Name", self.name)
        fields.addRow("Folder", place)
        if len(form.starts) > 1:
            fields.addRow("Start with", self.start)
        self.words = label("", "hint", wraps=True)
        self.create_button = QPushButton("Create project")
        self.create_button.setProperty("role", "primary")
        self.create_button.setAccessibleName("Create project")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self._create)
        cancel = action_button("Cancel", "Cancel", self.reject)
        cancel.setAutoDefault(False)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.create_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(label(form.title, "heading"))
        column.addLayout(fields)
        column.addWidget(self.words)
        column.addLayout(row)
        self.setMinimumWidth(look.px(520))
        self.finished.connect(self.deleteLater)
        listen(self, form.changed, self._refresh)
        self._refresh()

    def _line(self, name: str, text: str, take: Callable[[str], object]) -> QLineEdit:
        line = QLineEdit(text)
        line.setAccessibleName(name)
        line.textEdited.connect(take)
        return line

    def _choose(self) -> None:
        chooser = QFileDialog(self, "Choose a folder for the project", str(self._form.folder.parent))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly, on=True)
        chooser.fileSelected.connect(self._form.write_folder)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _create(self) -> None:
        if not self._form.problem:
            self._tasks.start(_TASK, self._work())

    async def _work(self) -> None:
        self.create_button.setEnabled(False)
        is_there = await asyncio.to_thread(self._form.create)
        self._refresh()
        if is_there:
            folder = self._form.folder
            self.accept()
            self._created(folder)

    def _refresh(self) -> None:
        form = self._form
        if self.folder.text() != form.folder_text and not self.folder.hasFocus():
            self.folder.setText(form.folder_text)
        problem = form.trouble or form.problem
        self.words.setText(problem or form.outcome)
        set_role(self.words, "tone", "error" if problem else "")
        self.create_button.setEnabled(not form.problem)
