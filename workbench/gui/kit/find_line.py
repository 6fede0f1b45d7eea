"""A line to find things with: Enter and Shift+Enter step through what was found, Esc closes."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class FindLine(QLineEdit):
    """Emits what the user asks for; the bar around it does it."""

    stepped = Signal(int)
    """To the next (1) or the one before (-1)."""
    closed = Signal()

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Esc closes the bar here, and stops no run."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
