"""The page that exports tools: the selection, the export as text, its differences from the tools, and their tests."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from workbench.core.json_text import compact
from workbench.gui.kit.check_list import CheckList
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.timers import delay
from workbench.gui.kit.turning_splitter import TurningSplitter
from workbench.gui.look.look import Look
from workbench.viewmodels.exports.export_form import ExportForm

_COLUMNS = ("Tool", "Place", "What changes")
_TEST_COLUMNS = ("Tool", "Result", "Tested with")
_MAX_CHARS = 400_000
_NO_LIMIT = 16_777_215


class ExportPage(QWidget):
    """Shows an `ExportForm`. `copy`, `save`, and `save_each` are the buttons' actions."""

    def __init__(
        self,
        form: ExportForm,
        look: Look,
        *,
        copy: Callable[[], object],
        save: Callable[[], object],
        save_each: Callable[[], object],
    ) -> None:
        super().__init__()
        self.form = form
        self._look = look
        self._timer = delay(self, 0, self._show)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.format = ChoiceBox("Format")
        self.format.picked.connect(form.use_format)
        self.strict = QCheckBox("Rewrite for strict mode")
        self.strict.setToolTip("Close objects and make every parameter required, as strict modes want it")
        self.strict.toggled.connect(lambda is_on: form.use_strict(strict=is_on))
        self.evidence = QCheckBox("Save evidence too")
        self.evidence.setToolTip("Write a file beside the export that says which text was tested, with what result")
        self.evidence.toggled.connect(lambda is_on: form.use_evidence(is_on=is_on))
        self.signer = ChoiceBox("Who signs the evidence")
        self.signer.picked.connect(form.sign_with)
        self.copy = action_button("Copy", "Copy the export", copy)
        self.save = action_button("Save as…", "Save the export as a file", save, role="primary")
        self.save_each = action_button("One file per tool…", "Save one file per tool into a folder", save_each)
        self.filter = QLineEdit()
        self.filter.setProperty("role", "filter")
        self.filter.setPlaceholderText("Find tools")
        self.filter.setAccessibleName("Find tools to export")
        self.filter.textChanged.connect(form.filter_by)
        self.all = QCheckBox()
        self.all.setAccessibleName("Export all tools")
        self.all.clicked.connect(lambda is_on: form.choose_shown(is_chosen=is_on))
        self.tools = CheckList("Tools to export")
        self.tools.checked.connect(lambda name, is_on: form.choose(name, is_chosen=is_on))
        self.text = PlainView(look, "Export", is_json=True, max_lines=0)
        self.verdict = label("", "hint", wraps=True)
        self.ledger = RowsTable("What the export changes", _COLUMNS, look, wide=2, fills=True)
        self.ledger.setMinimumHeight(look.px(110))
        self.ledger.chosen.connect(self._go_to)
        self.tested = label("", "hint", wraps=True)
        self.tests = RowsTable("What the tools were tested with", _TEST_COLUMNS, look, wide=1, fills=True)
        self.tests.setMinimumHeight(look.px(110))
        self._lay_out()
        listen(self, form.changed, self._timer.start)
        look.follow(self, self._timer.start)
        self._show()

    def _lay_out(self) -> None:
        bar, controls = flow_row()
        for widget in (self.format, self.strict, self.evidence, self.signer, self.save, self.copy, self.save_each):
            controls.addWidget(widget)
        tools = QWidget()
        tools.setProperty("role", "clear")
        column = QVBoxLayout(tools)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(8)
        for part in (self.filter, self.all):
            column.addWidget(part)
        column.addWidget(self.tools, 1)
        self._below = QWidget()
        self._below.setProperty("role", "clear")
        below = QVBoxLayout(self._below)
        below.setContentsMargins(10, 8, 0, 0)
        below.setSpacing(8)
        for words, table in ((self.verdict, self.ledger), (self.tested, self.tests)):
            below.addWidget(words)
            below.addWidget(table, 1)
        self.result = QSplitter(Qt.Orientation.Vertical)
        self.result.addWidget(self.text)
        self.result.addWidget(self._below)
        self.result.setChildrenCollapsible(False)
        self.result.setStretchFactor(0, 2)
        self.result.setStretchFactor(1, 1)
        self.result.setSizes([self._look.px(420), self._look.px(280)])
        self.split = TurningSplitter(tools, self.result, self._look, narrow=560, beside=220, above=120)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label("Export tools", "heading"))
        column.addLayout(head)
        column.addWidget(bar)
        column.addWidget(ScrollArea("Export", self.split), 1)  # a low window has no room for both tables

    def _show(self) -> None:
        form = self.form
        self.format.show_choices(form.formats, form.format)
        self.strict.setVisible(form.can_be_strict)
        self.strict.setChecked(form.strict)
        rows = form.rows
        self.tools.show_rows([(row.name, row.words, row.is_chosen) for row in rows])
        chosen = sum(row.is_chosen for row in rows)
        self.all.setText(form.count_words)
        self.all.setCheckState(
            Qt.CheckState.Checked
            if rows and chosen == len(rows)
            else Qt.CheckState.PartiallyChecked
            if chosen
            else Qt.CheckState.Unchecked
        )
        self.all.setEnabled(bool(rows))
        self.text.show_text(form.text, max_chars=_MAX_CHARS)
        for line, (words, tone) in ((self.verdict, form.verdict), (self.tested, form.tested_words)):
            line.setText(words)
            line.setVisible(bool(words))
            set_role(line, "tone", tone)
        for table, shown in ((self.ledger, form.ledger_rows), (self.tests, form.tested_rows)):
            table.show_rows(shown, None)
            table.setVisible(bool(shown))
        has_tables = bool(form.ledger_rows or form.tested_rows)
        self._below.setMaximumHeight(_NO_LIMIT if has_tables else self._below.minimumSizeHint().height())
        self.evidence.setChecked(form.with_evidence)
        self.evidence.setEnabled(form.is_tested)
        self.signer.show_choices(
            [("", "Unsigned"), *((name, f"Signed by {name}") for name in form.signers)], form.sign_as
        )
        self.signer.setVisible(form.with_evidence and bool(form.signers))
        for button in (self.copy, self.save, self.save_each):
            button.setEnabled(form.can_export)
        self.save_each.setVisible(len(form.chosen) > 1)

    def _go_to(self, row: int) -> None:
        """Show the tool of a row of the ledger in the export."""
        name = compact(self.form.ledger[row].tool)
        found = (self.text.document().find(text, 0) for text in (f": {name}", f"title='{name[1:-1]}'", name))
        shown = next((place for place in found if not place.isNull()), None)
        if shown is not None:
            shown.setPosition(shown.selectionStart(), QTextCursor.MoveMode.MoveAnchor)
            self.text.setTextCursor(shown)
            self.text.centerCursor()
