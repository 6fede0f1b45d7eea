"""A row of a JSON tree on the screen: its pieces in their colors, wrapped, with what was found marked."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTreeView

from workbench.gui.kit.json_item_model import JsonItemModel
from workbench.gui.kit.look_delegate import Index, LookDelegate
from workbench.gui.kit.raw_text import units
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.json_find import JsonFind
from workbench.viewmodels.shared.json_node import JsonNode
from workbench.viewmodels.shared.json_row import JsonInk, found_at, found_text, row_pieces

_ASIDE = 3
_TOKENS: dict[JsonInk, str] = {
    "key": "json_key",
    "string": "json_string",
    "number": "json_number",
    "literal": "json_literal",
    "faint": "muted",
}


class JsonDelegate(LookDelegate):
    """Knows how high a row is at the width that the view has."""

    def __init__(self, look: Look, view: QTreeView, find: JsonFind) -> None:
        super().__init__(look, view, height=20)
        self._view = view
        self._find = find
        self.is_wrapping = True
        self.current: tuple[JsonNode, int] | None = None
        """The row of the current place, and which of its places it is."""
        self._take_look()
        look.follow(self, self._take_look)

    @property
    def line_height(self) -> int:
        """How high a row of one line is."""
        return self._line

    def _take_look(self) -> None:
        self._font = self._look.mono()
        metrics = QFontMetricsF(self._font)
        self._char = metrics.horizontalAdvance("m")
        self._line = round(metrics.lineSpacing()) + self._look.px(3)
        self._formats = {ink: _colored(self._look, token) for ink, token in _TOKENS.items()}
        self._mark = _colored(self._look, "text", "mark")
        self._current_mark = _colored(self._look, "on_accent", "accent")

    def _width(self, node: JsonNode) -> int:
        depth, above = 1, node.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        return max(40, self._view.viewport().width() - (depth - 1) * self._view.indentation() - 2 * _ASIDE)

    def _pieces(self, node: JsonNode, is_open: bool) -> tuple[tuple[str, JsonInk], ...]:
        return row_pieces(node, is_open=is_open, has_lines=self.is_wrapping)

    def _laid_out(self, text: str, width: float) -> QTextLayout:
        layout = QTextLayout(text.replace("\n", "\u2028"), self._font)
        option = QTextOption()
        wraps = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        option.setWrapMode(wraps if self.is_wrapping else QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _ranges(self, node: JsonNode, pieces: tuple[tuple[str, JsonInk], ...]) -> list[QTextLayout.FormatRange]:
        ranges, begin = [], 0
        for text, ink in pieces:
            ranges.append(_range(begin, units(text), self._formats[ink]))
            begin += units(text)
        if self._find.spans is None:
            return ranges
        text, offset = found_text(node), found_at(node)
        for nth, (first, last) in enumerate(self._find.spans(text)):
            shape = self._current_mark if self.current == (node, nth) else self._mark
            ranges.append(_range(offset + units(text, first), units(text[first:last]), shape))
        return ranges

    # overrides of Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        node = JsonItemModel.node(index)
        if node is None or not self.is_wrapping:
            return QSize(80, self._line)
        text = "".join(piece for piece, _ in self._pieces(node, self._view.isExpanded(index)))
        width = self._width(node)
        if text.isascii() and "\n" not in text and len(text) * self._char <= width:
            return QSize(80, self._line)
        height = self._laid_out(text, width).boundingRect().height()
        return QSize(80, max(self._line, round(height) + self._look.px(3)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = JsonItemModel.node(index)
        if node is None:
            return
        painter.save()
        self.paint_state(painter, option)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._look.color("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        pieces = self._pieces(node, bool(option.state & QStyle.StateFlag.State_Open))
        text = "".join(piece for piece, _ in pieces)
        layout = self._laid_out(text, self._width(node))
        painter.setPen(self._look.color("text"))
        painter.setClipRect(option.rect)
        layout.draw(
            painter,
            QPointF(option.rect.left() + _ASIDE, option.rect.top() + self._look.px(1)),
            self._ranges(node, pieces),
        )
        if not self.is_wrapping and layout.boundingRect().width() > option.rect.width() - 2 * _ASIDE:
            self._paint_more(painter, option)
        painter.restore()

    def _paint_more(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """A row that is cut off says so at its end."""
        end = QRect(option.rect)
        end.setLeft(end.right() - round(self._char * 1.5))
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(end, self._look.color("selection" if is_selected else "surface"))
        painter.setFont(self._font)
        painter.setPen(self._look.color("muted"))
        painter.drawText(end, Qt.AlignmentFlag.AlignCenter, "…")


def _colored(look: Look, token: str, ground: str = "") -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setForeground(look.color(token))
    if ground:
        shape.setBackground(look.color(ground))
    return shape


def _range(start: int, length: int, shape: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, shape
    return made
