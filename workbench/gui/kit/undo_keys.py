"""Undo and Redo belong to the page as a whole, not to the field that happens to have the focus."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget


class CanUndo(Protocol):
    """What Undo and Redo would do, in words; None where there is nothing."""

    @property
    def undo_words(self) -> str | None: ...
    @property
    def redo_words(self) -> str | None: ...


def show_undo(undo: QAbstractButton, redo: QAbstractButton, history: CanUndo) -> None:
    """Let the two buttons say what they would do; one that would do nothing is disabled."""
    for button, verb, keys, words in (
        (undo, "Undo", "Ctrl+Z", history.undo_words),
        (redo, "Redo", "Ctrl+Shift+Z", history.redo_words),
    ):
        button.setEnabled(words is not None)
        button.setAccessibleName(f"{verb}: {words}" if words else verb)
        button.setToolTip(f"{button.accessibleName()} ({keys})")


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
