"""Undo and Redo belong to the tool as a whole, not to the field that happens to have the focus."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class UndoKeys(QObject):
    """Takes the keys for Undo and Redo away from the inputs it watches."""

    def __init__(self, undo: Callable[[], object], redo: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._undo = undo
        self._redo = redo

    def watch(self, field: QWidget) -> None:
        """Ctrl+Z in this input is the tool's Undo."""
        field.installEventFilter(self)

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        act = self._act_of(event)
        if act is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            act()
        return event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.matches(QKeySequence.StandardKey.Undo):
            return self._undo
        is_ctrl_y = event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_Y
        return self._redo if is_ctrl_y or event.matches(QKeySequence.StandardKey.Redo) else None
