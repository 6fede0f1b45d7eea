"""The inside of an approval: arguments line by line, their problems, and the ways to decide.

It appears in the chat's call card and in the dock alike. Its keys act only while its card has the focus.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.core.prepared_failure import FailureName
from workbench.gui.approvals.countdown import Countdown
from workbench.gui.approvals.decision_buttons import DecisionButtons
from workbench.gui.approvals.draft_box import DraftBox
from workbench.gui.approvals.undo_bar import UndoBar
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approval_card import ApprovalCard, Mode
from workbench.viewmodels.approvals.argument_line import ArgumentLine
from workbench.viewmodels.shared.json_tree import UNFOLDED_ROWS
from workbench.viewmodels.shared.plain import one_line

_KEYS: dict[int, str] = {
    Qt.Key.Key_A: "approve",
    Qt.Key.Key_E: "edit",
    Qt.Key.Key_R: "reject",
    Qt.Key.Key_M: "mock",
    Qt.Key.Key_F: "fail",
}


class ApprovalBody(QWidget):
    """Shows one `ApprovalCard` and passes decisions on to it."""

    decided = Signal()
    """A decision was made here; the card is about to leave."""

    def __init__(self, card: ApprovalCard, look: Look) -> None:
        super().__init__()
        self.card = card
        self._look = look
        self._box: DraftBox | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._lines = QWidget()
        self._lines.setLayout(self._make_lines())
        self._column.addWidget(self._lines)
        self._column.addWidget(self._make_remarks())
        self._explanation = label(card.explanation, "hint", wraps=True)
        self._column.addWidget(self._explanation)
        self.countdown = Countdown(card)
        self._column.addWidget(self.countdown)
        self.buttons = self._make_buttons()
        self._column.addWidget(self.buttons)
        self.undo_bar = UndoBar(card)
        self.undo_bar.leaving.connect(self.decided)
        self._column.addWidget(self.undo_bar)
        self._column.addStretch(1)
        self._show_mode()
        listen(self, card.changed, self._show_mode)

    @property
    def box(self) -> DraftBox | None:
        """The open edit, reject or result box."""
        return self._box

    def focus_result(self) -> None:
        """Put the cursor into the result box, if a result is wanted."""
        if self._box is not None and self.card.question.wants == "result":
            self._box.take_focus()

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on A, E, R, M or F without modifiers; return True when the key was one of them.

        Shift+A asks whether to approve all calls that only read, and approves nothing yet.
        """
        if event.modifiers() == Qt.KeyboardModifier.ShiftModifier and event.key() == Qt.Key.Key_A:
            if not event.isAutoRepeat():
                self.card.read_only_asked.emit()
            return True
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        action = _KEYS.get(event.key())
        if action is None or not self.card.is_open or self.card.is_held or self.card.mode != "look":
            return False
        if not event.isAutoRepeat():
            if action == "approve":
                self._approve()
            elif action == "fail":
                self.buttons.open_failures()
            else:
                self._start(action)  # type: ignore[arg-type]
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
        value = self._value(line)
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

    def _value(self, line: ArgumentLine) -> QWidget:
        """A value with members as an expanded tree: what is approved is what is seen. Anything else as text."""
        name = f"Argument {one_line(line.name, 80)}"
        if line.is_tree:
            tree = JsonView(self._look, name, max_lines=10, rows=UNFOLDED_ROWS)
            tree.show_text(line.text)
            return tree
        value = PlainView(self._look, name, max_lines=10)
        value.show_text(line.text)
        value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return value

    def _make_remarks(self) -> QWidget:
        """What to know before deciding, most urgent first."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        card = self.card
        for text, tone in (
            *((f"✗ {one_line(str(problem), 300)}", "error") for problem in card.question.problems),
            *((f"⚠ {one_line(remark, 300)}", "warn") for remark in card.remarks),
            *((f"✎ changed by the project before you were asked: {change}", "warn") for change in card.changes),
            *((f"≠ {text}" if text.startswith("differs") else f"= {text}", "") for text in (card.comparison,) if text),
        ):
            line = label(text, "hint", wraps=True)
            line.setProperty("tone", tone)
            column.addWidget(line)
        holder.setVisible(column.count() > 0)
        return holder

    def _make_buttons(self) -> DecisionButtons:
        buttons = DecisionButtons(self.card)
        buttons.approve.connect(self._approve)
        buttons.edit.connect(lambda: self._start("edit"))
        buttons.mock.connect(lambda: self._start("mock"))
        buttons.fail.connect(self._fail)
        buttons.reject.connect(lambda: self._start("reject"))
        return buttons

    def _approve(self) -> None:
        if self.card.can_approve:
            self._decide(self.card.approve)

    def _fail(self, name: FailureName) -> None:
        self.decided.emit()
        self.card.fail(name)

    def _start(self, mode: Mode) -> None:
        self.card.start(mode)
        if self._box is not None:
            self._box.take_focus()

    def _submit(self) -> None:
        if self.card.can_submit:
            self._decide(self.card.submit)

    def _decide(self, act: Callable[[], bool]) -> None:
        """Move the focus off the buttons, which are about to go: to Undo, if there is one."""
        focused = self.window().focusWidget()
        had_focus = focused is not None and (focused is self.parent() or self.isAncestorOf(focused))
        self.decided.emit()
        act()
        if had_focus and self.card.is_held:
            self.undo_bar.setFocus()

    def _stop_run(self) -> None:
        self.decided.emit()
        self.card.stop_run()

    def _cancel(self) -> None:
        self.decided.emit()
        self.card.cancel()

    def _show_mode(self) -> None:
        mode = self.card.mode
        is_held = self.card.is_held
        self.buttons.setVisible(mode == "look" and not is_held)
        self._explanation.setVisible(not is_held)
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
            self._column.insertWidget(self._column.count() - 1, self._box)
        if self._box is not None:
            self._box.setVisible(not is_held)
        self.setEnabled(self.card.is_open)
