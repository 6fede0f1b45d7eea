"""What was asked, what was chosen and what would have been right: the head of the microscope."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import model_words, one_line


class PointHead(QWidget):
    """Two lines, each with its name in front of it."""

    cause_asked = Signal()
    """The person wants to see why the right tool was not offered."""

    def __init__(self, point: PointViewModel, look: Look) -> None:
        super().__init__()
        self.point = point
        self._look = look
        self.asked = ElidedLabel("", "strong")
        self.chosen = ElidedLabel("", "mono")
        self.verdict = label("", "hint", wraps=True)
        self.cause = action_button(
            "Show why", "Show why the right tool was not offered", self.cause_asked.emit, role="link"
        )
        place = f"run {point.run_id} · {point.point} · {one_line(model_words(point.recording.started.model), 60)}"
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QLabel], ...] = (
            ("Asked", self.asked),
            ("Chosen", self.chosen),
        )
        for row, (name, widget) in enumerate(rows):
            title = label(name, "caption")
            title.setBuddy(widget)
            grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(widget, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Why this tool?", "heading"))
        column.addWidget(ElidedLabel(place, "caption"))
        column.addLayout(grid)
        column.addWidget(self.verdict)
        column.addWidget(self.cause, 0, Qt.AlignmentFlag.AlignLeft)
        self._refresh()
        listen(self, point.changed, self._refresh)

    def _refresh(self) -> None:
        point = self.point
        self.asked.setText(point.asked_words)
        self.chosen.setText(point.chosen_words)
        words = point.verdict_words
        is_right = words == "as expected"
        self.verdict.setText(f"{'✓' if is_right else '✗'} {words}" if words else "")
        self.verdict.setVisible(bool(words))
        self.cause.setVisible(point.was_not_offered)
        set_role(self.verdict, "tone", "ok" if is_right else "error")
