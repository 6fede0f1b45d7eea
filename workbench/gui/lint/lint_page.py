"""The page that checks tools: a table of findings with the grounds of their rules, and what the tools weigh."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workbench.core.visible_text import visible_line
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import MAX_ROWS, RowsTable
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.lint.lint_list import LintList
from workbench.viewmodels.shared import figures

_COLUMNS = ("Severity", "Tool", "Finding", "Fix")
_WIDE = 2
PARTS = ("Findings", "Token weight")


class LintPage(QWidget):
    """Shows a `LintList`. `check`, `fix`, `fix_all` and `open_tool` do what their buttons say."""

    def __init__(
        self,
        findings: LintList,
        weights: QWidget,
        look: Look,
        *,
        check: Callable[[], object],
        fix: Callable[[], object],
        fix_all: Callable[[], object],
        open_tool: Callable[[], object],
    ) -> None:
        super().__init__()
        self.findings = findings
        self._timer = delay(self, 0, self._show)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.severity = ChoiceBox("Findings to list")
        self.severity.setMinimumContentsLength(16)
        self.severity.picked.connect(findings.show_severity)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter findings")
        self.filter.setAccessibleName("Filter findings")
        self.filter.setMinimumWidth(look.px(180))
        self.filter.textChanged.connect(findings.filter_by)
        self.again = action_button("Check again", "Check the tools again", check)
        self.fix_all = action_button("Fix all", "Apply all fixes in all tools", fix_all)
        self.summary = label("", "hint", wraps=True)
        self.table = _Findings(look, open_tool)
        self.table.chosen.connect(findings.choose)
        self.setFocusProxy(self.table)
        self.parts = QTabBar()
        self.parts.setAccessibleName("Parts of the page")
        self.parts.setProperty("role", "pages")
        self.parts.setDrawBase(False)
        self.parts.setExpanding(False)
        for part in PARTS:
            self.parts.addTab(part)
        self.weights = weights
        self.finding = label("", "strong", wraps=True)
        self.rule = label("", "muted", wraps=True)
        self.grounds = label("", "", wraps=True)
        self.measured = label("", "muted", wraps=True)
        self.fix = action_button("Fix", "Fix the chosen finding", fix, role="primary")
        self.open = action_button("Open the tool", "Open the tool of the chosen finding", open_tool)
        self._lay_out()
        listen(self, findings.changed, self._timer.start)
        look.follow(self, self._timer.start)
        self._show()

    def _lay_out(self) -> None:
        bar, controls = flow_row()
        for widget in (self.severity, self.filter, self.again, self.fix_all):
            controls.addWidget(widget)
        self.detail = QWidget()
        self.detail.setProperty("role", "clear")
        below = QVBoxLayout(self.detail)
        below.setContentsMargins(2, 10, 0, 0)
        below.setSpacing(8)
        for text in (self.finding, self.rule, self.grounds, self.measured):
            below.addWidget(text)
        buttons, row = flow_row()
        row.addWidget(self.fix)
        row.addWidget(self.open)
        below.addWidget(buttons)
        below.addStretch(1)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.table)
        self.split.addWidget(self.detail)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 1)
        found = QWidget()
        inside = QVBoxLayout(found)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(bar)
        inside.addWidget(self.summary)
        inside.addWidget(self.split, 1)
        stack = QStackedWidget()
        for part in (found, self.weights):
            part.setProperty("role", "clear")
            stack.addWidget(part)
        self.parts.currentChanged.connect(stack.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        column.addWidget(label("Check tools", "heading"))
        column.addWidget(self.parts)
        column.addWidget(stack, 1)

    def _show(self) -> None:
        findings = self.findings
        self.severity.show_choices(findings.severities, findings.severity)
        words, tone = findings.summary
        hidden = len(findings.shown) - MAX_ROWS
        self.summary.setText(f"{words} The table has the first {MAX_ROWS}." if hidden > 0 else words)
        set_role(self.summary, "tone", tone)
        self.table.show_rows(findings.rows, findings.chosen_row)
        chosen, rule = findings.chosen, findings.rule
        self.fix_all.setText(f"Fix all {findings.fixable}")
        self.fix_all.setVisible(findings.fixable > 1)
        self.table.setVisible(bool(findings.findings))
        self.detail.setVisible(chosen is not None)
        if chosen is None or rule is None:
            return
        self.finding.setText(figures.sentence(chosen.message))
        self.rule.setText(f"{rule.id}: {rule.about}")
        self.grounds.setText(f"Why: {rule.grounds}")
        self.measured.setText(findings.measured)
        self.measured.setVisible(bool(findings.measured))
        self.fix.setText(visible_line(findings.fix_words, max_chars=60) or "Fix")
        self.fix.setVisible(bool(findings.fix_words))
        self.open.setVisible(bool(chosen.tool))


class _Findings(RowsTable):
    """Enter and a double click open the tool."""

    def __init__(self, look: Look, open_tool: Callable[[], object]) -> None:
        super().__init__("Findings", _COLUMNS, look, wide=_WIDE, fills=True)
        self._open_tool = open_tool
        self.doubleClicked.connect(self._open)

    def _open(self, _: QModelIndex) -> None:
        self._open_tool()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_tool()
        else:
            super().keyPressEvent(event)
