"""The trace pane: filter box, table, totals."""

import time

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.labels import ElidedLabel, label
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.gui.trace.span_delegate import SpanDelegate
from workbench.gui.trace.trace_item_model import DURATION, SPAN, TOKENS, WATERFALL, TraceItemModel
from workbench.gui.trace.waterfall_delegate import WaterfallDelegate
from workbench.gui.trace.waterfall_header import WaterfallHeader
from workbench.viewmodels.row_filter import FILTER_HINT
from workbench.viewmodels.spot import spot_of_row
from workbench.viewmodels.time_axis import AxisKind, TimeAxis
from workbench.viewmodels.trace import TraceViewModel
from workbench.viewmodels.trace_row import TraceRow

_TICK_MS = 100


class TraceView(QWidget):
    """Shows a `TraceViewModel`."""

    spot_asked = Signal(object, QPoint)
    """The person wants to see what can be done with a row (a `Spot`), at that point of the screen."""

    def __init__(self, trace: TraceViewModel, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.trace = trace
        self._look = look
        self._axis_kind: AxisKind = "log"
        self.filter = QLineEdit()
        self.filter.setProperty("role", "filter")
        self.filter.setPlaceholderText(f"Filter   {FILTER_HINT}")
        self.filter.setAccessibleName("Filter the trace")
        self.filter.setClearButtonEnabled(True)
        for button in self.filter.findChildren(QToolButton):
            button.setAccessibleName("Clear the filter")
        self.filter.textChanged.connect(trace.filter_by)
        self._axis_button = QToolButton()
        self._axis_button.setProperty("role", "quiet")
        self._axis_button.setText("Log")
        self._axis_button.setAccessibleName("Time axis: logarithmic")
        self._axis_button.setToolTip("Switch the time axis between logarithmic and linear")
        self._axis_button.clicked.connect(self._switch_axis)
        self.table = _TraceTable(trace, look)
        self.table.spot_asked.connect(self.spot_asked)
        self._totals = ElidedLabel("", "caption")
        self._empty = label("Spans appear here while a run goes on.", "hint", parent=self.table)
        self._empty.move(look.px(14), look.px(38))
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self.filter, 1)
        row.addWidget(self._axis_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 5)
        foot.addWidget(self._totals)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        for signal in (trace.inserted, trace.reset):
            listen(self, signal, self._on_rows_changed)
        listen(self, trace.changed, lambda first, last: self._on_rows_changed())
        listen(self, look.changed, self._on_rows_changed)
        self._on_rows_changed()

    def show_row(self, row: TraceRow) -> None:
        """Select a row and bring it into view."""
        index = self.table.rows.index_of(row)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def _switch_axis(self) -> None:
        self._axis_kind = "linear" if self._axis_kind == "log" else "log"
        self._axis_button.setText("Log" if self._axis_kind == "log" else "Linear")
        words = "logarithmic" if self._axis_kind == "log" else "linear"
        self._axis_button.setAccessibleName(f"Time axis: {words}")
        self._on_rows_changed()

    def _on_tick(self) -> None:
        if not self.trace.is_live:
            self._timer.stop()
            return
        self.trace.tick(time.time())
        self._draw_again()

    def _on_rows_changed(self) -> None:
        if self.trace.is_live and not self._timer.isActive():
            self._timer.start()
        self._draw_again()

    def _draw_again(self) -> None:
        self._empty.setVisible(not self.trace.rows)
        self.table.waterfall.axis = TimeAxis(0.0, self.trace.span_s, self._axis_kind)
        self._totals.setText(self.trace.totals_text)
        self.table.viewport().update()
        self.table.horizontalHeader().viewport().update()


class _TraceTable(QTableView):
    """A table whose first column is a tree: arrows collapse and expand."""

    spot_asked = Signal(object, QPoint)

    def __init__(self, trace: TraceViewModel, look: Look) -> None:
        super().__init__()
        self._trace = trace
        self._look = look
        self.rows = TraceItemModel(trace, self)
        self.waterfall = WaterfallDelegate(trace, look, self)
        self._spans = SpanDelegate(look, self)
        self.setAccessibleName("Trace")
        self.setModel(self.rows)
        self.setItemDelegateForColumn(SPAN, self._spans)
        self.setItemDelegateForColumn(WATERFALL, self.waterfall)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setAccessibleName("Trace rows")
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = WaterfallHeader(self.waterfall, look, self)
        self.setHorizontalHeader(header)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(SPAN, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(WATERFALL, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(DURATION, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(TOKENS, QHeaderView.ResizeMode.Interactive)
        self._measure()
        listen(self, look.changed, self._measure)
        listen(self, trace.reset, self._restore_selection)

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(25))
        self.horizontalHeader().setFixedHeight(self._look.px(26))
        self.setColumnWidth(SPAN, self._look.px(225))
        self.setColumnWidth(DURATION, self._look.px(86))
        self.setColumnWidth(TOKENS, self._look.px(66))

    def _restore_selection(self) -> None:
        if self._trace.selection is None:
            return
        index = self.rows.index_of(self._trace.selection)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)

    # overrides of Qt

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        indexes = self.selectionModel().selectedRows()
        if indexes:
            self._trace.select(self.rows.row(indexes[0]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == SPAN:
            row = self.rows.row(index)
            place = self._spans.chevron_rect(self.visualRect(index), row)
            if row.has_children and place.contains(event.position().toPoint()):
                self._trace.toggle(row)
                return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse at the row under it, by key at the selected one."""
        is_by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_by_mouse else self.currentIndex()
        spot = spot_of_row(self.rows.row(index)) if index.isValid() else None
        if spot is not None:
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.spot_asked.emit(spot, event.globalPos() if is_by_mouse else below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index: QModelIndex = self.currentIndex()
        row = self.rows.row(index) if index.isValid() else None
        has_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if row is not None and has_alt:
                self._go(self._trace.peer(row, 1 if event.key() == Qt.Key.Key_Right else -1))
            case Qt.Key.Key_Left if row is not None and row.has_children and not row.is_collapsed:
                self._trace.toggle(row)
            case Qt.Key.Key_Left if row is not None:
                self._go(row.parent)
            case Qt.Key.Key_Right if row is not None and row.is_collapsed:
                self._trace.toggle(row)
            case _:
                super().keyPressEvent(event)

    def _go(self, row: TraceRow | None) -> None:
        if row is not None and (index := self.rows.index_of(row)).isValid():
            self.setCurrentIndex(index)
