"""The box in an approval card for edited arguments, a reason, or a result written by hand."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from workbench.core.approval import ModelSees
from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approval_card import ApprovalCard, Mode
from workbench.viewmodels.shared.plain import one_line

_TITLES: dict[Mode, str] = {
    "edit": "Arguments to run instead",
    "reject": "Reason for the model (optional)",
    "mock": "Result for the model",
}
_HINTS: dict[Mode, str] = {
    "edit": "",
    "reject": "For example: ask me for the address first",
    "mock": 'Text or JSON, for example {"sent": true}',
}
_MODEL_SEES: tuple[tuple[ModelSees, str], ...] = (
    ("note", "its own call, with a note that you changed it"),
    ("edited", "the edited call, as if it had made it"),
)
_BUTTONS: dict[Mode, str] = {"edit": "Run edited call", "reject": "Reject", "mock": "Send result"}
_MOST_LINES = 14


class DraftBox(QWidget):
    """An editor with a live check under it. Ctrl+Enter sends, Esc goes back."""

    submitted = Signal()
    canceled = Signal()
    run_stopped = Signal()

    def __init__(self, card: ApprovalCard, look: Look) -> None:
        super().__init__()
        self.mode: Mode = card.mode
        self._card = card
        self._look = look
        self.choices: dict[ModelSees, QRadioButton] = {}
        self._allows: QLabel | None = None
        title = label(_TITLES[self.mode], "caption")
        self.editor = _Editor(2 if self.mode == "reject" else 3)
        self.editor.setProperty("role", "input")
        self.editor.setAccessibleName(_TITLES[self.mode])
        self.editor.setPlaceholderText(_HINTS[self.mode])
        self.editor.setPlainText(card.draft)
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.submitted.connect(self.submitted)
        self.editor.canceled.connect(self._on_canceled)
        title.setBuddy(self.editor)
        if self.mode != "reject":
            self._colors = JsonColors(self.editor.document(), look)
        self._check = label("", "hint", wraps=True)
        self._submit = QPushButton(f"{_BUTTONS[self.mode]}  Ctrl+Enter")
        self._submit.setAccessibleName(f"{_BUTTONS[self.mode]} {card.tool}")
        self._submit.setProperty("role", "primary")
        self._submit.clicked.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(title)
        column.addWidget(self.editor)
        column.addWidget(self._check)
        if self.mode == "edit":
            column.addWidget(self._make_choice())
        column.addWidget(self._make_buttons())
        self._take_font()
        self._show_check()
        listen(self, card.changed, self._show_check)
        look.follow(self, self._take_font)

    def take_focus(self) -> None:
        """Put the cursor into the editor; only called after the person opened the box."""
        self.editor.setFocus()
        self.editor.selectAll() if self.mode == "mock" else self.editor.moveCursor(
            self.editor.textCursor().MoveOperation.Start
        )

    def _make_choice(self) -> QWidget:
        """What the model sees of the edit."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label("The model sees", "caption"))
        for sees, words in _MODEL_SEES:
            choice = QRadioButton(words)
            choice.setAccessibleName(f"The model sees {words}")
            choice.setChecked(self._card.model_sees == sees)
            choice.toggled.connect(lambda is_on, sees=sees: self._card.show_model(sees) if is_on else None)
            self.choices[sees] = choice
            column.addWidget(choice)
        if self._card.grant.request is not None:
            self._allows = label("", "hint", wraps=True)
            column.addWidget(self._allows)
        return holder

    def _make_buttons(self) -> QWidget:
        holder, row = flow_row()
        row.addWidget(self._submit)
        tool = self._card.tool
        if self.mode == "reject":
            stop = QPushButton("Reject and stop the run")
            stop.setAccessibleName(f"Reject {tool} and stop the run")
            stop.clicked.connect(self.run_stopped)
            row.addWidget(stop)
        if self._card.question.wants == "result" and self.mode == "mock":
            reject = QPushButton("Reject")
            reject.setAccessibleName(f"Reject {tool}")
            reject.clicked.connect(lambda: self._card.start("reject"))
            row.addWidget(reject)
        else:
            cancel = QPushButton("Back  Esc")
            cancel.setAccessibleName(f"Back to the decision on {tool}")
            cancel.clicked.connect(self.canceled)
            row.addWidget(cancel)
        return holder

    def _on_text_changed(self) -> None:
        self._card.write(self.editor.toPlainText())
        self._show_check()

    def _on_canceled(self) -> None:
        if not (self._card.question.wants == "result" and self.mode == "mock"):
            self.canceled.emit()

    def _show_check(self) -> None:
        if self.mode != "edit":
            self._check.hide()
            return
        problems = self._card.draft_problems
        text = "\n".join(f"✗ {one_line(str(problem), 300)}" for problem in problems[:6])
        self._check.setText(text or "✓ fits the schema")
        set_role(self._check, "tone", "error" if problems else "ok")
        self._submit.setEnabled(self._card.can_submit)
        if self._allows is not None:
            grant = self._card.grant
            problems_of_it = "".join(f"\n✗ {one_line(name, 40)}: {why}" for name, why in grant.problems.items())
            self._allows.setText(f"Running it also allows: {grant.summary}.{problems_of_it}")

    def _take_font(self) -> None:
        self.editor.setFont(self._look.font() if self.mode == "reject" else self._look.mono())


class _Editor(FittedText):
    submitted = Signal()
    canceled = Signal()

    def __init__(self, least: int) -> None:
        super().__init__(least=least, most=_MOST_LINES)

    def around(self) -> int:
        return 22

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Esc and Ctrl+Enter act on the box while it has the focus, not on the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _is_own(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.canceled.emit()
        else:
            self.submitted.emit()


def _is_own(event: QKeyEvent) -> bool:
    has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return event.key() == Qt.Key.Key_Escape or (has_control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter))
