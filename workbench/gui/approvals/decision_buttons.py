"""The ways to decide a call, as buttons with their keys, and how long an approval applies."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from workbench.core.prepared_failure import FAILURE_NAMES, prepared_failure
from workbench.gui.approvals.pattern_box import PatternBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.viewmodels.approvals.approval_card import ApprovalCard
from workbench.viewmodels.approvals.grant_choice import GRANT_OPTIONS

_HOLDS = "It ends when the tool or its executor changes. You can revoke it under Approvals and grants."


class DecisionButtons(QWidget):
    """Emits which button was pressed; `fail` carries the name of a prepared failure."""

    approve = Signal()
    edit = Signal()
    mock = Signal()
    fail = Signal(str)
    reject = Signal()

    def __init__(self, card: ApprovalCard) -> None:
        super().__init__()
        self._card = card
        row, layout = flow_row()
        self.scope = self._button("Only this call", "How long the approval holds", "", "picker", self._open_scopes)
        self.fail_button = self._button(
            "Fail with…  F",
            "Fail with a prepared error",
            "Run nothing; return an error",
            "",
            self.open_failures,
        )
        self._scopes, self._failures = self._make_scopes(), self._make_failures()
        self.approve_button = self._button(
            "Approve  A", "Approve", "Run the call with these arguments", "primary", self.approve.emit
        )
        for button in (
            self.approve_button,
            self._button("Edit  E", "Edit", "Change the arguments before it runs", "", self.edit.emit),
            self._button("Mock result  M", "Mock result", "Run nothing; you write the result", "", self.mock.emit),
            self.fail_button,
            self._button("Reject  R", "Reject", "Run nothing; tell the model why", "", self.reject.emit),
            self.scope,
        ):
            layout.addWidget(button)
        self.patterns: PatternBox | None = None
        self._hint = label(_HOLDS, "hint", wraps=True)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(row)
        column.addWidget(self._hint)
        self._refresh()
        listen(self, card.changed, self._refresh)

    def open_failures(self) -> None:
        """Offer the prepared failures; nothing is chosen yet."""
        self._failures.popup(self.fail_button.mapToGlobal(self.fail_button.rect().bottomLeft()))

    def _make_scopes(self) -> QMenu:
        menu = QMenu(self)
        self._group = QActionGroup(menu)
        for request, words in GRANT_OPTIONS:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setData(GRANT_OPTIONS.index((request, words)))
            action.triggered.connect(lambda _=False, request=request: self._card.allow(request))
            self._group.addAction(action)
        return menu

    def _make_failures(self) -> QMenu:
        menu = QMenu(self)
        for name in FAILURE_NAMES:
            action = menu.addAction(prepared_failure(name).label)
            action.triggered.connect(lambda _=False, name=name: self.fail.emit(name))
        return menu

    def _open_scopes(self) -> None:
        self._scopes.popup(self.scope.mapToGlobal(self.scope.rect().bottomLeft()))

    def _button(self, text: str, name: str, what: str, role: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"{name} {self._card.tool}" if what else name)
        key = text.rpartition("  ")[2]
        if what:
            button.setAccessibleDescription(what)
            button.setToolTip(f"{what} ({key} while the card has the focus)")
        if role:
            button.setProperty("role", role)
        button.clicked.connect(lambda _=False: act())
        return button

    def _refresh(self) -> None:
        grant = self._card.grant
        self.scope.setText(f"{grant.words} ▾")
        self.scope.setAccessibleDescription(grant.words)
        for action in self._group.actions():
            action.setChecked(action.data() == grant.place)
        if grant.wants_patterns and self.patterns is None:
            self.patterns = PatternBox(self._card)
            self._column.insertWidget(1, self.patterns)
        if self.patterns is not None:
            self.patterns.setVisible(grant.wants_patterns)
        self._hint.setVisible(grant.request is not None)
        self.approve_button.setEnabled(self._card.can_approve)
