"""The inside of an approval: arguments line by line, what is wrong with them, and the ways to decide.

It stands in the chat's call card and in the dock alike. Its keys act only while its card has the focus.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.approvals.draft_box import DraftBox
from workbench.gui.flow_layout import flow_row
from workbench.gui.labels import label
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.gui.plain_view import PlainView
from workbench.viewmodels.approvals import ApprovalCard, Mode
from workbench.viewmodels.argument_line import ArgumentLine
from workbench.viewmodels.plain import one_line

_KEYS: dict[int, str] = {Qt.Key.Key_A: "approve", Qt.Key.Key_E: "edit", Qt.Key.Key_R: "reject", Qt.Key.Key_M: "mock"}


class ApprovalBody(QWidget):
    """Shows one `ApprovalCard` and passes decisions on to it."""

    decided = Signal()
    """A decision was made here; the card is about to leave."""

    def __init__(self, card: ApprovalCard, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self._look = look
        self._box: DraftBox | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._lines = QWidget()
        self._lines.setLayout(self._make_lines())
        self._column.addWidget(self._lines)
        problems = "\n".join(one_line(str(problem), 300) for problem in card.question.problems)
        self._problems = label(problems, "hint", wraps=True)
        self._problems.setProperty("tone", "error")
        self._problems.setVisible(bool(problems))
        self._column.addWidget(self._problems)
        self._column.addWidget(label(card.explanation, "hint", wraps=True))
        self._buttons = self._make_buttons()
        self._column.addWidget(self._buttons)
        self._show_mode()
        listen(self, card.changed, self._show_mode)

    @property
    def box(self) -> DraftBox | None:
        """The open edit, reject or result box."""
        return self._box

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on A, E, R or M without modifiers; True when the key was one of them and is used up."""
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        wish = _KEYS.get(event.key())
        if wish is None or not self.card.is_open or self.card.mode != "look":
            return False
        if not event.isAutoRepeat():
            if wish == "approve":
                self._approve()
            else:
                self._start(wish)  # type: ignore[arg-type]
        return True

    def _make_lines(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for line in (*self.card.lines, *self.card.defaults):
            self._add_line(grid, line)
        if not self.card.lines and not self.card.defaults:
            grid.addWidget(label("No arguments.", "hint"), 0, 0)
        return grid

    def _add_line(self, grid: QGridLayout, line: ArgumentLine) -> None:
        row = grid.rowCount()
        name = label(one_line(line.name, 40), "mono-muted")
        value = PlainView(self._look, f"Argument {line.name}", max_lines=10)
        value.show_text(line.text)
        value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if line.name:
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        else:
            grid.addWidget(value, row, 0, 1, 2)
        if line.origin:
            origin = label(line.origin, "hint")
            if line.origin == "written by the model":
                origin.setProperty("tone", "warn")
            grid.addWidget(origin, row, 2, Qt.AlignmentFlag.AlignTop)

    def _make_buttons(self) -> QWidget:
        row, layout = flow_row()
        tool = self.card.tool
        for text, key, what, act in (
            ("Approve", "A", "Run the call with these arguments", self._approve),
            ("Edit", "E", "Change the arguments before it runs", lambda: self._start("edit")),
            ("Mock result", "M", "Run nothing; you write the result", lambda: self._start("mock")),
            ("Reject", "R", "Run nothing; tell the model why", lambda: self._start("reject")),
        ):
            button = QPushButton(f"{text}  {key}")
            button.setAccessibleName(f"{text} {tool}")
            button.setAccessibleDescription(what)
            button.setToolTip(f"{what} ({key} while the card has the focus)")
            button.clicked.connect(act)
            if key == "A":
                button.setProperty("role", "primary")
            layout.addWidget(button)
        return row

    def _approve(self) -> None:
        self.decided.emit()
        self.card.approve()

    def _start(self, mode: Mode) -> None:
        self.card.start(mode)
        if self._box is not None:
            self._box.take_focus()

    def _submit(self) -> None:
        if self.card.can_submit:
            self.decided.emit()
            self.card.submit()

    def _stop_run(self) -> None:
        self.decided.emit()
        self.card.stop_run()

    def _cancel(self) -> None:
        self.decided.emit()
        self.card.cancel()

    def _show_mode(self) -> None:
        mode = self.card.mode
        self._buttons.setVisible(mode == "look")
        self._lines.setVisible(mode != "edit")
        if self._box is not None and self._box.mode != mode:
            self._column.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
            self._box = None
        if mode != "look" and self._box is None:
            self._box = DraftBox(self.card, self._look)
            self._box.submitted.connect(self._submit)
            self._box.canceled.connect(self._cancel)
            self._box.run_stopped.connect(self._stop_run)
            self._column.addWidget(self._box)
        self.setEnabled(self.card.is_open)
