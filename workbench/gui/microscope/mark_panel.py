"""Saying what would have been right, in place: a tool or no call, its arguments, a note."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import StoreError
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.mark_form import NO_CALL, MarkForm
from workbench.viewmodels.shared.plain import one_line

_LINES = 3


class MarkPanel(QWidget):
    """Shows a `MarkForm`. Marking and taking the mark away can be undone."""

    case_asked = Signal()
    """The decision is marked, and the person wants it as a case."""

    def __init__(self, form: MarkForm, look: Look, toasts: Toasts) -> None:
        super().__init__()
        self.form = form
        self._look = look
        self._toasts = toasts
        self._is_showing = False
        self.tool = ComboBox()
        self.tool.setAccessibleName("Expected choice")
        self.tool.view().setAccessibleName("Available tools")
        self.tool.setMinimumWidth(look.px(240))
        self.tool.addItem("Set the expected choice…", None)
        self.tool.addItem("no call", NO_CALL)
        for name, title in form.tools:
            self.tool.addItem(title, name)
        self.tool.currentIndexChanged.connect(self._choose)
        self.more = QToolButton()
        self.more.setText("Arguments and note")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAccessibleName("Set the expected arguments and add a note")
        self.more.toggled.connect(self._show_details)
        self.keep = QPushButton("Mark as wrong")
        self.keep.setAccessibleName("Mark this decision as wrong")
        self.keep.clicked.connect(self._keep)
        self.case = QPushButton("Save as case")
        self.case.setAccessibleName("Mark this decision as wrong and save it as a case of a suite")
        self.case.clicked.connect(self._save_case)
        self.remove = QPushButton("Remove the mark")
        self.remove.clicked.connect(self._remove)
        self.arguments = QPlainTextEdit()
        self.arguments.setProperty("role", "input")
        self.arguments.setAccessibleName("Expected arguments as JSON; leave empty for any")
        self.arguments.setPlaceholderText('{"order_id": "A-1004"} ')
        self.arguments.setTabChangesFocus(True)
        self.arguments.textChanged.connect(self._write)
        self._colors = JsonColors(self.arguments.document(), look)
        self.exact = QCheckBox("Exactly these arguments")
        self.exact.clicked.connect(lambda is_on: form.be_exact(is_on=is_on))
        self.note = QLineEdit()
        self.note.setAccessibleName("Note about this decision")
        self.note.setPlaceholderText("Note")
        self.note.textEdited.connect(form.write_note)
        self.problem = label("", "hint", wraps=True)
        self.state = label("", "hint", wraps=True)
        ground, row = flow_row()
        for widget in (self.tool, self.keep, self.case, self.remove, self.more):
            row.addWidget(widget)
        self.details = QWidget()
        inner = QVBoxLayout(self.details)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for detail in (self.arguments, self.exact, self.problem, self.note):
            inner.addWidget(detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(ground)
        column.addWidget(self.details)
        column.addWidget(self.state)
        self.details.setVisible(False)
        self.more.setChecked(bool(form.arguments or form.note))
        self._take_look()
        self._refresh()
        listen(self, form.changed, self._refresh)
        listen(self, form.marks.changed, self._refresh)
        look.follow(self, self._take_look)

    def begin(self) -> None:
        """Let the person say it now."""
        self.more.setChecked(True)
        self.tool.setFocus()

    def _choose(self) -> None:
        if not self._is_showing:
            self.form.choose(self.tool.currentData())
            if self.form.arguments:
                self.more.setChecked(True)

    def _write(self) -> None:
        if not self._is_showing:
            self.form.write_arguments(self.arguments.toPlainText())

    def _keep(self) -> None:
        self._change(self.form.keep, "Marked as wrong")

    def _save_case(self) -> None:
        if self.form.can_keep:
            self._keep()
        if self.form.mark is not None:
            self.case_asked.emit()

    def _remove(self) -> None:
        self._change(self.form.remove, "Mark removed")

    def _change(self, act: Callable[[], Callable[[], None]], words: str) -> None:
        try:
            undo = act()
        except StoreError as error:
            self._toasts.tell(str(error), tone="error")
            return
        self._toasts.tell(words, lambda: self._undo(undo), tone="ok")

    def _undo(self, undo: Callable[[], None]) -> None:
        try:
            undo()
        except StoreError as error:
            self._toasts.tell(str(error), tone="error")

    def _show_details(self, is_open: bool) -> None:
        self.details.setVisible(is_open)
        self.more.setIcon(self._look.icon("chevron-down" if is_open else "chevron-right"))

    def _take_look(self) -> None:
        self.arguments.setFont(self._look.mono())
        self.arguments.setFixedHeight(_LINES * self.arguments.fontMetrics().lineSpacing() + 16)
        self.more.setFixedHeight(self.tool.sizeHint().height())  # in one line with the box
        self._show_details(self.more.isChecked())

    def _refresh(self) -> None:
        form = self.form
        self._is_showing = True
        try:
            if form.tool is not None and self.tool.findData(form.tool) < 0:  # it was there when it was marked
                self.tool.addItem(f"{one_line(form.tool, 64)} (missing)", form.tool)
            self.tool.setCurrentIndex(self.tool.findData(form.tool) if form.tool is not None else 0)
            if self.arguments.toPlainText() != form.arguments:
                self.arguments.setPlainText(form.arguments)
            if self.note.text() != form.note:
                self.note.setText(form.note)
            self.exact.setChecked(form.is_exact)
        finally:
            self._is_showing = False
        for detail in (self.arguments, self.exact):
            detail.setVisible(form.tool != NO_CALL)
        warnings = "\n".join(f"⚠ {warning}" for warning in form.warnings)
        self.problem.setText(f"✗ {form.problem}" if form.problem else warnings)
        self.problem.setVisible(bool(self.problem.text()))
        set_role(self.problem, "tone", "error" if form.problem else "warn")
        set_role(self.arguments, "tone", "error" if form.problem else "plain")
        self.keep.setEnabled(form.can_keep)
        self.keep.setVisible(form.can_keep or form.mark is None)
        self.keep.setText("Save mark" if form.mark is not None else "Mark as wrong")
        self.case.setVisible(form.can_keep or form.mark is not None)
        self.remove.setVisible(form.mark is not None)
        self.state.setText(form.state_words)
        set_role(self.state, "tone", "error" if form.mark is not None else "plain")
