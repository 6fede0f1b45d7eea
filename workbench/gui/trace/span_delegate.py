"""The first column of the trace: indentation, a chevron, an icon for kind and state, the name."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.kit.look_delegate import Index
from workbench.gui.trace.ink import Ink
from workbench.gui.trace.trace_item_model import ROW_ROLE
from workbench.viewmodels.trace.trace_row import RowKind, TraceRow

_ICONS: dict[RowKind, str] = {
    "run": "run",
    "turn": "turn",
    "round": "round",
    "request": "request",
    "first token": "token",
    "call": "tool",
    "approval": "hand",
    "retry": "clock",
    "limit": "warn",
    "routing": "filter",
}
_TOKENS = {"busy": "accent", "wait": "warn", "ok": "muted", "warn": "warn", "error": "error"}
INDENT = 12
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)


class SpanDelegate(QStyledItemDelegate):
    """Paints a row's name; a failed or rejected one is marked by an icon as well as by color."""

    def __init__(self, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = ink

    def chevron_rect(self, rect: QRect, row: TraceRow) -> QRect:
        """Where a click collapses or expands the branch."""
        left = rect.left() + 4 + row.depth * self._ink.px(INDENT)
        return QRect(left, rect.top(), self._ink.px(18), rect.height())

    # overrides of Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: TraceRow = index.data(ROW_ROLE)
        width = option.fontMetrics.horizontalAdvance(row.text) + (row.depth + 4) * self._ink.px(INDENT)
        return QSize(width, self._ink.px(25))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TraceRow = index.data(ROW_ROLE)
        painter.save()
        self._ink.paint_ground(painter, option)
        chevron = self.chevron_rect(option.rect, row)
        ratio = painter.device().devicePixelRatioF()
        if row.has_children:
            name = "chevron-right" if row.is_collapsed else "chevron-down"
            self._draw(painter, name, "muted", chevron.center(), self._ink.px(12), ratio)
        icon_at = QPoint(chevron.right() + self._ink.px(9), option.rect.center().y())
        name, token = self._icon(row)
        self._draw(painter, name, token, icon_at, self._ink.px(15), ratio)
        left = icon_at.x() + self._ink.px(13)
        self._draw_text(
            painter, option, row, QRect(left, option.rect.top(), option.rect.right() - left - 4, option.rect.height())
        )
        painter.restore()

    def _icon(self, row: TraceRow) -> tuple[str, str]:
        if row.kind == "call" and row.state in ("ok", "warn", "error"):
            return {"ok": "ok", "warn": "warn", "error": "error"}[row.state], row.state
        if row.kind == "request" and row.state == "error":
            return "error", "error"
        if row.kind == "call" and row.state == "wait":
            return "hand", "warn"
        return _ICONS[row.kind], _TOKENS[row.state] if row.kind != "approval" else "warn"

    def _draw(self, painter: QPainter, name: str, token: str, center: QPoint, size: int, ratio: float) -> None:
        target = QRect(center.x() - size // 2, center.y() - size // 2 + 1, size, size)
        painter.drawPixmap(target, self._ink.pixmap(name, token, size, ratio))

    def _draw_text(self, painter: QPainter, option: QStyleOptionViewItem, row: TraceRow, rect: QRect) -> None:
        metrics = option.fontMetrics
        painter.setFont(option.font)
        painter.setPen(self._ink.color("text"))
        label, used = row.label, metrics.horizontalAdvance(row.label)
        if used > rect.width():
            label, used = metrics.elidedText(label, Qt.TextElideMode.ElideRight, rect.width()), rect.width()
        painter.drawText(rect, _MIDDLE, label)
        used += self._ink.px(8)
        if row.detail and rect.width() - used > self._ink.px(30):
            painter.setPen(self._ink.color("muted"))
            rest = rect.adjusted(used, 0, 0, 0)
            detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, _MIDDLE, detail)
