"""The table of spans: its first column is a tree, its second a waterfall; everything works by keyboard, too."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.core.ids import ROOT_SPAN
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.gui.trace.figure_delegate import FigureDelegate
from workbench.gui.trace.ink import Ink
from workbench.gui.trace.span_delegate import SpanDelegate
from workbench.gui.trace.trace_item_model import SPAN, WATERFALL, TraceItemModel
from workbench.gui.trace.trace_keys import KEYS_TIP, Way, act_of_key
from workbench.gui.trace.waterfall_delegate import WaterfallDelegate
from workbench.gui.trace.waterfall_header import WaterfallHeader
from workbench.viewmodels.runs.run_place import RunPlace, place_of_row
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_column import (
    ALWAYS,
    COLUMNS,
    SHOWN_FIRST,
    ColumnName,
    cell_text,
    empty_columns,
    rows_text,
)
from workbench.viewmodels.trace.trace_row import TraceRow

_WIDTHS: dict[ColumnName, int] = {
    "span": 225,
    "time": 84,
    "first": 88,
    "tokens": 66,
    "cached": 72,
    "written": 92,
    "reasoning": 86,
    "cost": 82,
}
_LEAST_SPAN, _LEAST_WATERFALL = 170, 110
_LEAST_NAMES, _SPAN_SHARE = 125, 0.66
_MOST_SPAN, _WATERFALL_SHARE = 320, 0.45
_NOTCH = 120


class TraceTable(QTableView):
    """Tells the view-model the current row; keyboard actions are separate methods."""

    place_menu_asked = Signal(object, QPoint)
    columns_asked = Signal(QPoint)

    def __init__(self, trace: TraceViewModel, look: Look) -> None:
        super().__init__()
        self._trace = trace
        self._look = look
        self.rows = TraceItemModel(trace, self)
        self._chosen: frozenset[ColumnName] = SHOWN_FIRST
        self._empty = empty_columns(trace)
        ink = Ink(look, self)
        self.waterfall = WaterfallDelegate(trace, ink, self)
        self._spans = SpanDelegate(ink, self)
        self._figures = FigureDelegate(ink, self)
        self.setAccessibleName("Trace")
        self.setAccessibleDescription(KEYS_TIP)
        self.setModel(self.rows)
        self.setItemDelegateForColumn(SPAN, self._spans)
        self.setItemDelegateForColumn(WATERFALL, self.waterfall)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setAccessibleName("Trace rows")
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.header = WaterfallHeader(self.waterfall, look, self)
        self.setHorizontalHeader(self.header)
        self.header.setMinimumSectionSize(40)
        for place, column in enumerate(COLUMNS):
            is_wide = place == WATERFALL
            mode = QHeaderView.ResizeMode.Stretch if is_wide else QHeaderView.ResizeMode.Interactive
            self.header.setSectionResizeMode(place, mode)
            if column.is_figure:
                self.setItemDelegateForColumn(place, self._figures)
        self.header.range_chosen.connect(self._look_at_places)
        self.header.whole_asked.connect(self.show_whole)
        self.header.columns_asked.connect(self.columns_asked)
        self._measure()
        self.show_columns(SHOWN_FIRST)
        self.selectionModel().currentChanged.connect(self._take_current)
        look.follow(self, self._measure)
        listen(self, trace.reset, self._restore_selection)

    # the current row

    @property
    def current_row(self) -> TraceRow | None:
        """The current row."""
        index = self.currentIndex()
        return self.rows.row(index) if index.isValid() else None

    def walk(self, way: Way, step: int) -> None:
        """Move forward (1) or back (-1) from the current row: to the next span, the next sibling, or the next call of
        the same tool. Without a current row, to the first one."""
        row = self.current_row
        ways = {"step": self._trace.step, "sibling": self._trace.sibling, "peer": self._trace.peer}
        self.go_to(ways[way](row, step) if row is not None else next(iter(self._trace.rows), None))

    def go_to(self, row: TraceRow | None) -> None:
        """Select a row and bring it into view; nothing happens when it is not shown."""
        if row is not None and (index := self.rows.index_of(row)).isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)

    def _take_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._trace.select(self.rows.row(current))

    def _restore_selection(self) -> None:
        if self._trace.selection is None:
            return
        index = self.rows.index_of(self._trace.selection)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)

    # the time axis

    def zoom(self, steps: float, at: float = 0.5) -> None:
        """Zoom in or out; `at` is the fixed place on the axis."""
        self._trace.zoom.zoom(steps, self._trace.axis_s, at)

    def pan(self, steps: float) -> None:
        """Move along the axis."""
        self._trace.zoom.pan(steps, self._trace.axis_s)

    def show_whole(self) -> None:
        """Show the whole axis."""
        self._trace.zoom.show_whole()

    def zoom_to_row(self) -> None:
        """Zoom to the current row, with a little room around it."""
        row = self.current_row
        if row is None:
            return
        now = self._trace.now
        start, end = (self._trace.figures.work_s(row, at, now) for at in (row.started_at, row.end(now)))
        room = max(0.05 * (end - start), 0.0005)
        self._trace.zoom.select(start - room, end + room, self._trace.axis_s)

    def _look_at_places(self, start: float, end: float) -> None:
        axis = self.waterfall.axis
        self._trace.zoom.select(axis.at(start), axis.at(end), self._trace.axis_s)

    # columns and copies

    @property
    def shown_columns(self) -> tuple[ColumnName, ...]:
        """The chosen columns, from left to right; an empty one takes no room until it has content."""
        return tuple(column.name for column in COLUMNS if column.name in self._chosen)

    def show_columns(self, names: frozenset[ColumnName]) -> None:
        """Show these columns and no others; the tree is always shown."""
        self._chosen = names | {ALWAYS}
        self._lay_out_columns()

    def take_content(self) -> None:
        """Rows were added or removed: show columns that are no longer empty, and hide empty ones."""
        empty = empty_columns(self._trace)
        if empty != self._empty:
            self._empty = empty
            self._lay_out_columns()

    def _lay_out_columns(self) -> None:
        for place, column in enumerate(COLUMNS):
            self.setColumnHidden(place, column.name not in self._chosen or column.name in self._empty)
        # One column must take the remaining room.
        has_waterfall = not self.isColumnHidden(WATERFALL)
        stretch, free = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Interactive
        self.header.setSectionResizeMode(SPAN, free if has_waterfall else stretch)
        self._share_room()

    def selected_rows(self) -> list[TraceRow]:
        """The selected rows from top to bottom."""
        return [
            self._trace.rows[place] for place in sorted(index.row() for index in self.selectionModel().selectedRows())
        ]

    def copy_rows(self, *, with_headings: bool = False) -> int:
        """Copy the selected rows, or the current one, with tabs between the cells; return their number."""
        rows = self.selected_rows() or [row for row in (self.current_row,) if row is not None]
        if rows:
            text = rows_text(self._trace, rows, self.shown_columns, with_headings=with_headings)
            QGuiApplication.clipboard().setText(text)
        return len(rows)

    def copy_cell(self) -> None:
        """What is in the current cell."""
        index = self.currentIndex()
        if index.isValid():
            text = cell_text(self._trace, self.rows.row(index), COLUMNS[index.column()].name)
            QGuiApplication.clipboard().setText(text)

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(25))
        self.header.setFixedHeight(self._look.px(26))
        for place, column in enumerate(COLUMNS):
            if column.name in _WIDTHS:
                self.setColumnWidth(place, self._look.px(_WIDTHS[column.name]))
        self._share_room()

    def _share_room(self) -> None:
        """The tree shrinks before the waterfall has no room left."""
        if self.isColumnHidden(WATERFALL):
            return
        px = self._look.px
        others = sum(self.columnWidth(place) for place in range(WATERFALL + 1, len(COLUMNS)))
        free = self.viewport().width() - others
        span = free - max(px(_LEAST_WATERFALL), round(free * _WATERFALL_SHARE))
        if span < px(_LEAST_SPAN):  # not enough for both: they share it
            span = min(px(_LEAST_SPAN), max(px(_LEAST_NAMES), round(free * _SPAN_SHARE)))
        self.setColumnWidth(SPAN, min(px(_MOST_SPAN), span))

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_room()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == SPAN:
            row = self.rows.row(index)
            place = self._spans.chevron_rect(self.visualRect(index), row)
            if row.has_children and place.contains(event.position().toPoint()):
                self._trace.toggle(row)
                return
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        place = self.header.place_at(round(event.position().x()))
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(notches, 0.5 if place is None else place)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._trace.zoom.window is not None:
            self.pan(-notches)
        else:
            super().wheelEvent(event)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu: by mouse at the row under the pointer, by key at the selected one."""
        is_by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_by_mouse else self.currentIndex()
        if not index.isValid():
            return
        self.setFocus()
        below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        run_place = place_of_trace_row(self.rows.row(index))
        self.place_menu_asked.emit(run_place, event.globalPos() if is_by_mouse else below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of_key(event, self, self._trace)
        if act is not None:
            act()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)


def place_of_trace_row(row: TraceRow) -> RunPlace:
    """The place of a row; a row without its own place represents its run."""
    return place_of_row(row) or RunPlace("run", row.run_id, ROOT_SPAN)
