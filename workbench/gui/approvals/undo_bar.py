"""The seconds in which an approval can be undone. Nothing has run yet."""

import math
import time

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import ticker
from workbench.viewmodels.approvals.approval_card import ApprovalCard

_TICK_MS = 100


class UndoBar(QFrame):
    """Counts down; Esc or Undo takes the approval back."""

    leaving = Signal()
    """It is about to hide: Qt would hand the focus to the next call, where a key could approve something else."""

    def __init__(self, card: ApprovalCard) -> None:
        super().__init__()
        self._card = card
        self.setProperty("role", "notice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{card.tool} was approved and can still be undone")
        self.text = label("", "strong", wraps=True)
        self.undo = QPushButton("Undo  Esc")
        self.undo.setAccessibleName(f"Undo the approval of {card.tool}")
        self.undo.setProperty("role", "primary")
        self.undo.clicked.connect(lambda _=False: card.take_back())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        self._timer = ticker(self, _TICK_MS, self._refresh)
        self._refresh()
        listen(self, card.changed, self._refresh)

    def _refresh(self) -> None:
        until = self._card.held_until
        if until is None and not self.isHidden():
            self.leaving.emit()
        self.setVisible(until is not None)
        if until is None:
            self._timer.stop()
            return
        left = max(0, math.ceil(until - time.time()))
        self.text.setText(f"Approved. Starts in {left} s; nothing has run yet." if left else "Approved. Starting…")
        if not self._timer.isActive():
            self._timer.start()

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the countdown while it has the focus, not to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_undo(event):
            self._card.take_back()
        else:
            super().keyPressEvent(event)

    def _is_undo(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self._card.is_held
