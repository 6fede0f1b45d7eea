"""The list of recorded calls with what they are by other tools, and why; each opens its run at the call."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look
from workbench.viewmodels.recorded_calls.recorded_call_report import RecordedCallReportViewModel, RecordedCallRow
from workbench.viewmodels.shared.plain import one_line

_COLUMNS = ("Now", "Tool", "Arguments", "Why", "Run")
_WHY = 3
_SHARES = {1: 0.15, 2: 0.22, 4: 0.18}
_ANY_HEIGHT = 16_777_215
_ABOUT = (
    "Checks the arguments of recorded calls against the schemas; nothing is sent. Ask the model again about "
    "doubtful calls."
)


class RecordedCallsPage(QWidget):
    """Enter, or a double click, opens a call."""

    def __init__(
        self,
        look: Look,
        open_call: Callable[[RecordedCallRow], object],
        judge: Callable[[], object],
        open_menu: Callable[[RecordedCallRow, QPoint], object],
    ) -> None:
        """`open_menu` offers at a point of the screen what can be done with a call."""
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.report: RecordedCallReportViewModel | None = None
        self._look = look
        self._open_call = open_call
        self._open_menu = open_menu
        self._is_showing = False
        self._heading = label("Recorded calls", "heading", wraps=True)
        self._words = label("", "strong", wraps=True)
        self._price = label("", "muted", wraps=True)
        self.only = ComboBox()
        self.only.setAccessibleName("Filter calls")
        self.only.view().setAccessibleName("Call kinds")
        self.only.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.only.currentIndexChanged.connect(self._choose)
        self.open = action_button("Open the call  Enter", "Open the run at the selected call", self.open_selected)
        self.again = action_button("Check again", "Check the recorded calls again", judge)
        self.stop: QPushButton = action_button("Stop", "Stop checking recorded calls", self._stop)
        self.table = _CallTable("Recorded calls", look, self.open_selected)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.itemDoubleClicked.connect(lambda _: self.open_selected())
        buttons, flow = flow_row()
        for widget in (self.only, self.open, self.again, self.stop):
            flow.addWidget(widget)
        self._notes = label("", "hint", wraps=True)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 20)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(label(_ABOUT, "muted", wraps=True))
        column.addWidget(self._words)
        column.addWidget(self._price)
        column.addWidget(buttons)
        column.addWidget(self.table, 1)
        column.addWidget(self._notes)
        column.addStretch(0)  # while the table is hidden
        look.follow(self, self.refresh)

    def show_report(self, report: RecordedCallReportViewModel) -> None:
        """Show this report from now on, as it changes."""
        if report is not self.report:
            self.report = report
            listen(self, report.changed, lambda: self.refresh() if self.report is report else None)
        self.refresh()

    def open_selected(self) -> None:
        """Open the run at the selected call."""
        place = self.table.currentRow()
        rows = self.report.rows if self.report is not None else ()
        if 0 <= place < len(rows):
            self._open_call(rows[place])

    def _show_menu(self, point: QPoint) -> None:
        place = self.table.currentRow()
        rows = self.report.rows if self.report is not None else ()
        if 0 <= place < len(rows):
            self._open_menu(rows[place], self.table.viewport().mapToGlobal(point))

    def refresh(self) -> None:
        """Show the report as it is now."""
        report = self.report
        if report is None:
            return
        question = report.question
        self._heading.setText(
            one_line(f"Recorded calls, checked against {question.words}" if question else "Recorded calls", 120)
        )
        self._words.setText(report.words + (" · checking again…" if report.is_judging and report.lines else ""))
        set_role(self._words, "tone", "warn" if report.tone == "warn" else "")
        self._price.setText(report.price_words)
        self._price.setVisible(bool(report.price_words))
        self._is_showing = True
        self.only.clear()
        for status, words in report.statuses:
            self.only.addItem(words, status)
        self.only.setCurrentIndex(max(0, self.only.findData(report.only)))
        self._is_showing = False
        self.stop.setVisible(report.is_judging)
        self.again.setEnabled(not report.is_judging)
        rows, place = report.rows, max(0, self.table.currentRow())
        self.table.show_rows([row.cells for row in rows], min(place, len(rows) - 1) if rows else None)
        self.table.fill_room()
        self.table.setVisible(bool(rows))
        self.open.setEnabled(bool(rows))
        self._notes.setText(report.notes)
        self._notes.setVisible(bool(report.notes))

    def _choose(self, place: int) -> None:
        if not self._is_showing and self.report is not None:
            self.report.choose(self.only.itemData(place))

    def _stop(self) -> None:
        if self.report is not None:
            self.report.stop()


class _CallTable(RowsTable):
    def __init__(self, name: str, look: Look, enter: Callable[[], object]) -> None:
        super().__init__(name, _COLUMNS, look, wide=_WHY)
        self._enter = enter
        self._is_own = False
        self._is_sharing = False
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for place in _SHARES:
            self.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().sectionResized.connect(self._on_resized)

    def fill_room(self) -> None:
        """As high as the page; what is cut off is told by its tip."""
        for place in range(self.rowCount()):
            for column in range(self.columnCount()):
                item = self.item(place, column)
                if item is not None:
                    item.setToolTip(plain_tip(item.text()))
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() * 4)
        self.setMaximumHeight(_ANY_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _share_room(self) -> None:
        """The columns share the width until somebody drags one."""
        self._is_sharing = True
        for place, share in _SHARES.items():
            self.horizontalHeader().resizeSection(place, round(self.viewport().width() * share))
        self._is_sharing = False

    def _on_resized(self, place: int, old: int, new: int) -> None:
        self._is_own = self._is_own or (not self._is_sharing and place in _SHARES and self.isVisible())

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_own:
            self._share_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)
