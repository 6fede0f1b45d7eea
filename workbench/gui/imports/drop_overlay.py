"""What would happen, said over the window while something hovers over it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look

if TYPE_CHECKING:
    from workbench.viewmodels.imports.drop import DropPlan


class DropOverlay(QWidget):
    """Covers its window and lets everything through."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop")
        self._card = QFrame()
        self._card.setProperty("role", "popup")
        self._card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = QVBoxLayout(self._card)
        self._rows.setContentsMargins(22, 18, 22, 18)
        self._rows.setSpacing(8)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.hide()

    def show_plan(self, plan: "DropPlan") -> None:
        """Say it."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        title = "Drop to" if plan.is_usable else "Cannot drop this here"
        self._rows.addWidget(label(title, "strong"))
        for words, would_be_done in plan.lines:
            self._rows.addWidget(self._row(words, would_be_done=would_be_done))
        self.setGeometry(self._window.rect())
        self._card.setMaximumWidth(max(240, self.width() - 80))
        self.setAccessibleDescription("; ".join(words for words, _ in plan.lines))
        self.show()
        self.raise_()

    def _row(self, words: str, *, would_be_done: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        icon = QLabel()
        name, token = ("plus", "ok") if would_be_done else ("warn", "warn")
        icon.setPixmap(self._look.pixmap(name, token, self._look.px(16), self.devicePixelRatioF()))
        row.addWidget(icon)
        row.addWidget(label(words, "" if would_be_done else "muted"), 1)
        return holder

    # overrides of Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self._look.color("window")
        veil.setAlphaF(0.72)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self._look.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(8, 8, -8, -8), 10, 10)
