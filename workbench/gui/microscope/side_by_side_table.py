"""Before against after: a row for each way to ask, its share painted with its interval."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableWidgetItem, QWidget

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.look_delegate import Index
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look
from workbench.gui.microscope.share_bar import paint_share
from workbench.viewmodels.microscope.side_by_side import SideBySideRow
from workbench.viewmodels.shared.tone import Tone

_ROW = Qt.ItemDataRole.UserRole
WAY, VERDICT, SHARE, CHANGE, SAMPLES, MORE, MODEL = range(7)
"""The columns; what matters most stands first, because the page may be narrow."""
_COLORS: dict[Tone, str] = {"ok": "ok", "error": "error", "wait": "warn", "warn": "warn"}


class SideBySideTable(RowsTable):
    """Tells which row was chosen."""

    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__("Conditions, side by side", ("",) * 7, look, wide=MORE)
        self._look = look
        self._measured = ""
        self.setItemDelegateForColumn(SHARE, _ShareDelegate(look, self))
        self.horizontalHeader().setSectionResizeMode(SHARE, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(SHARE, look.px(212))
        self.chosen.connect(self.opened)

    def show_results(self, rows: tuple[SideBySideRow, ...], selected: int | None, measured: str) -> None:
        """Show these rows; `measured` says what the shares are of."""
        if measured != self._measured:
            self._measured = measured
            names = ("Condition", "Verdict", measured, "Change, points", "Samples", "To settle", "Model")
            self.setHorizontalHeaderLabels(list(names))
        texts = [
            (row.title, row.verdict, row.share_figures, row.change_figures, row.samples, row.more, row.model)
            for row in rows
        ]
        self.show_rows(texts, selected)
        self.setColumnHidden(MODEL, len({row.model for row in rows}) < 2)
        self._make_room()
        for place, row in enumerate(rows):
            for column in range(self.columnCount()):
                item = self.item(place, column)
                if item is not None:
                    self._dress(item, row, column)

    def _make_room(self) -> None:
        """A scroll bar must not lie over the last row."""
        bar = self.horizontalScrollBar()
        rows = self.rowCount() * self.verticalHeader().defaultSectionSize()
        room = self.horizontalHeader().sizeHint().height() + rows + 6
        self.setFixedHeight(room + (bar.sizeHint().height() if bar.maximum() > 0 else 0))

    def _dress(self, item: QTableWidgetItem, row: SideBySideRow, column: int) -> None:
        item.setToolTip(plain_tip({SHARE: row.share_words, CHANGE: row.change}.get(column, row.spoken)))
        if column == WAY:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        if column == SHARE:
            item.setData(_ROW, row)
        if column == VERDICT:
            item.setForeground(self._look.color(_COLORS.get(row.tone, "text")))

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()


class _ShareDelegate(QStyledItemDelegate):
    """A bar, and the words beside it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(_ROW)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._look.color("selection"))
        if not isinstance(row, SideBySideRow):
            super().paint(painter, option, index)
            return
        height = self._look.px(12)
        bar = QRectF(rect.left() + 6, rect.center().y() - height / 2, self._look.px(72), height)
        if row.share_figures != "–":
            paint_share(painter, bar, row.share, row.interval, self._look, "plain")
        painter.setPen(self._look.color("text"))
        words = rect.adjusted(bar.width() + 16, 0, -4, 0)
        text = option.fontMetrics.elidedText(row.share_figures, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
