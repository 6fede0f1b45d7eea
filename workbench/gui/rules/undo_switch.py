"""Whether an approval of a call that acts on the world can be undone for some seconds."""

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from workbench.app.approvals.approval_habit import UNDO_S, ApprovalHabit
from workbench.core.errors import WorkbenchError
from workbench.gui.kit.labels import label


class UndoSwitch(QWidget):
    """Takes effect with the next question."""

    def __init__(self, habit: ApprovalHabit) -> None:
        super().__init__()
        self._habit = habit
        self.box = QCheckBox(f"Wait {UNDO_S:g} seconds, so that I can undo")
        self.box.setAccessibleName(self.box.text())
        self.box.setChecked(habit.undo_s > 0)
        self.box.clicked.connect(self._take)
        self.message = label("", "hint", wraps=True)
        self.message.setProperty("tone", "warn")
        self.message.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self.message)

    def _take(self, is_on: bool) -> None:
        try:
            self._habit.allow_undo(is_on=is_on)
        except WorkbenchError as error:
            self.message.setText(error.message)
            self.message.show()
