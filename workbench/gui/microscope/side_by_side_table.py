"""Before against after: a row for each way to ask, its share painted with its interval."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableWidgetItem, QWidget

from workbench.gui.look import Look
from workbench.gui.microscope.share_bar import paint_share
from workbench.gui.safety.rows_table import RowsTable
from workbench.viewmodels.microscope.side_by_side import Row
from workbench.viewmodels.tone import Tone

_ROW = Qt.ItemDataRole.UserRole
_SHARE = 3
_VERDICT = 5
_WIDE = 7
_COLORS: dict[Tone, str] = {"ok": "ok", "error": "error", "wait": "warn", "warn": "warn"}


class SideBySideTable(RowsTable):
    """Tells which row was chosen."""

    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__("Ways to ask, side by side", ("",) * 8, look, wide=_WIDE)
        self._look = look
        self._measured = ""
        self.setItemDelegateForColumn(_SHARE, _ShareDelegate(look, self))
        self.horizontalHeader().setSectionResizeMode(_SHARE, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(_SHARE, look.px(260))
        self.chosen.connect(self.opened)

    def show_results(self, rows: tuple[Row, ...], selected: int | None, measured: str) -> None:
        """Show these rows; `measured` says what the shares are of."""
        if measured != self._measured:
            self._measured = measured
            names = ("Way to ask", "Model", "Samples", measured, "Change", "Verdict", "To settle it", "Most often")
            self.setHorizontalHeaderLabels(list(names))
        texts = [
            (row.title, row.model, row.samples, row.share_words, row.change, row.verdict, row.more, row.leader)
            for row in rows
        ]
        self.show_rows(texts, selected)
        for place, row in enumerate(rows):
            for column in range(self.columnCount()):
                item = self.item(place, column)
                if item is not None:
                    self._dress(item, row, column)

    def _dress(self, item: QTableWidgetItem, row: Row, column: int) -> None:
        item.setToolTip("")
        if column == 0:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        if column == _SHARE:
            item.setData(_ROW, row)
        if column == _VERDICT:
            item.setForeground(self._look.color(_COLORS.get(row.tone, "text")))


class _ShareDelegate(QStyledItemDelegate):
    """A bar, and the words beside it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    # overrides of Qt

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(_ROW)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._look.color("selection"))
        if not isinstance(row, Row):
            super().paint(painter, option, index)
            return
        height = self._look.px(12)
        bar = QRectF(rect.left() + 6, rect.center().y() - height / 2, self._look.px(96), height)
        if row.share_words != "–":
            paint_share(painter, bar, row.share, row.interval, self._look, "plain")
        painter.setPen(self._look.color("text"))
        words = rect.adjusted(bar.width() + 16, 0, -4, 0)
        text = option.fontMetrics.elidedText(row.share_words, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
