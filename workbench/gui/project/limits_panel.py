"""Limits in the settings: one box each; what is typed counts when the box is left or Enter is pressed."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.project.limits_form import LINES, LimitLine, LimitsForm


class LimitsPanel(QWidget):
    """Shows a `LimitsForm`."""

    def __init__(self, form: LimitsForm, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._form = form
        self._tasks = tasks
        self.boxes: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, line in enumerate(LINES):
            box = QLineEdit()
            box.setAccessibleName(f"{line.label} {line.unit}")
            box.setAccessibleDescription(line.about)
            box.setToolTip(f"{line.about}. By default: {form.default_text(line)}.")
            box.setPlaceholderText(form.default_text(line))
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setFixedWidth(look.px(110))
            box.editingFinished.connect(partial(self._take, line))
            name = label(line.label)
            name.setBuddy(box)
            self.boxes[line.key] = box
            for place, widget in enumerate(
                (name, box, label(line.unit, "muted"), label(line.about, "muted", wraps=True))
            ):
                grid.addWidget(widget, row, place)
        grid.setColumnStretch(3, 1)
        self.undo = QPushButton("Undo")
        self.undo.setAccessibleName("Undo the last limit change")
        self.undo.clicked.connect(lambda _=False: self._start(form.undo()))
        self.message = label("", "", wraps=True)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.undo)
        foot.addWidget(self.message, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addLayout(foot)
        listen(self, form.changed, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the limits as they are now; a box that was typed into and refused shows what holds."""
        for line in LINES:
            text = self._form.text(line)
            if self.boxes[line.key].text() != text:
                self.boxes[line.key].setText(text)
        self.undo.setEnabled(self._form.can_undo)
        self.message.setText(self._form.message)
        set_role(self.message, "tone", "muted" if self._form.is_good else "error")

    def _take(self, line: LimitLine) -> None:
        text = self.boxes[line.key].text()
        if text.strip() != self._form.text(line):
            self._start(self._form.write(line, text))

    def _start(self, work: Coroutine[Any, Any, bool]) -> None:
        self._tasks.start("limits", work)
