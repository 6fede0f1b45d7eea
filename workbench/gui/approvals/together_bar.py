"""Deciding about several waiting calls at once, with one line in between that names them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel, Verb
from workbench.viewmodels.shared.figures import count


class TogetherBar(QFrame):
    """Approve all, reject all; the first press only asks. Esc takes it back."""

    def __init__(self, approvals: ApprovalsViewModel) -> None:
        super().__init__()
        self._approvals = approvals
        self.setProperty("role", "notice")
        self.setAccessibleName("Decide together")
        self._text = label("", "", wraps=True)
        self.approve = self._button("Approve all…", lambda: self._ask("approve"))
        self.reject = self._button("Reject all…", lambda: self._ask("reject"))
        self.confirm = self._button("Confirm", self._confirm)
        self.back = self._button("Back  Esc", self._back)
        buttons, row = flow_row()
        for button in (self.approve, self.reject, self.confirm, self.back):
            row.addWidget(button)
        self.confirm.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self._text)
        column.addWidget(buttons)
        self._refresh()
        listen(self, approvals.changed, self._refresh)

    def take_focus(self) -> None:
        """Put the focus on the way back, so that a key pressed too long decides nothing."""
        self.back.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask(self, verb: Verb) -> None:
        self._approvals.ask_together(verb)

    def _confirm(self) -> None:
        self._leave()
        self._approvals.confirm()

    def _back(self) -> None:
        self._leave()
        self._approvals.take_back()

    def _leave(self) -> None:
        """The buttons are about to go, and Qt would hand the focus to the next card."""
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def _refresh(self) -> None:
        together = self._approvals.confirming
        several = len(self._approvals.decidable) > 1
        self.setVisible(together is not None or several)
        if together is not None:
            self._text.setText(together.words)
            verb = together.verb.capitalize()
            self.confirm.setText(f"{verb} {count(len(together.cards), 'call')}")
            self.confirm.setAccessibleName(self.confirm.text())
        else:
            self._text.setText(f"{count(len(self._approvals.decidable), 'call')} can be decided together.")
        for button in (self.approve, self.reject):
            button.setVisible(together is None)
        for button in (self.confirm, self.back):
            button.setVisible(together is not None)

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text.partition("  ")[0].rstrip("…"))
        button.clicked.connect(lambda _=False: act())
        return button

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the question while it is open, not to the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._approvals.confirming is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._approvals.confirming is not None:
            self._back()
        else:
            super().keyPressEvent(event)
