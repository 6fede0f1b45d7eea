"""A text with line numbers, signs at its edge, wavy lines under what is wrong, and tips that say why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import plain_tip
from workbench.gui.look.look import Look


@dataclass(frozen=True)
class CodeMark:
    """Something about the text from `start` to `end` (positions as Qt counts them), with a color and a sign.

    With a `ground` the whole line is tinted; without one there is a wavy line below the text.
    """

    start: int
    end: int
    token: str
    sign: str
    words: str
    ground: str = ""


class CodeView(QPlainTextEdit):
    """Code in the code font, JSON unless `colors` say otherwise. Long lines scroll."""

    def __init__(
        self,
        look: Look,
        name: str,
        *,
        has_numbers: bool = True,
        colors: Callable[[QTextDocument, Look], QSyntaxHighlighter] = JsonColors,
    ) -> None:
        super().__init__()
        self.look = look
        self._has_numbers = has_numbers
        self._marks: tuple[CodeMark, ...] = ()
        self._signs: dict[int, CodeMark] = {}
        self.setAccessibleName(name)
        self.setProperty("role", "code")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(6)
        self.colors = colors(self.document(), look)
        self._edge = _Edge(self)
        self.blockCountChanged.connect(lambda _: self._fit())
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._show_marks)
        self._take_look()
        look.follow(self, self._take_look)

    def show_marks(self, marks: Sequence[CodeMark]) -> None:
        """Show these marks instead of the ones before; where two meet, the first counts."""
        self._marks = tuple(marks)
        self._signs = {}
        for mark in self._marks:
            self._signs.setdefault(self.document().findBlock(mark.start).blockNumber(), mark)
        self._show_marks()
        self._edge.update()

    def select_range(self, start: int, end: int) -> None:
        """Select a range and bring it into view."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(min(end, self.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.horizontalScrollBar().setValue(0) if cursor.positionInBlock() < 60 else self.ensureCursorVisible()

    def edge_width(self) -> int:
        """How wide the numbers and signs are."""
        digits = len(str(max(1, self.blockCount())))
        numbers = self.fontMetrics().horizontalAdvance("9") * max(digits, 2) if self._has_numbers else 0
        return numbers + self.look.px(26)

    def paint_edge(self, event: QPaintEvent) -> None:
        """Numbers, and the sign of each marked line."""
        painter = QPainter(self._edge)
        painter.fillRect(event.rect(), self.look.color("surface"))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        while block.isValid():
            top = self._top_of(block)
            if top > event.rect().bottom():
                break
            if block.isVisible():
                self._paint_line(painter, block, top)
            block = block.next()

    def _paint_line(self, painter: QPainter, block: QTextBlock, top: int) -> None:
        height, width = self.fontMetrics().height(), self._edge.width()
        number = block.blockNumber()
        mark = self._signs.get(number)
        if mark is not None:
            painter.setPen(self.look.color(mark.token))
            painter.drawText(
                QRect(self.look.px(4), top, self.look.px(14), height), Qt.AlignmentFlag.AlignCenter, mark.sign
            )
        if self._has_numbers:
            is_current = number == self.textCursor().blockNumber()
            painter.setPen(self.look.color("text" if is_current else "muted"))
            rect = QRect(0, top, width - self.look.px(8), height)
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight, str(number + 1))

    def _top_of(self, block: QTextBlock) -> int:
        return round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())

    def _show_marks(self) -> None:
        shown = [] if self.isReadOnly() else [self._current_line()]
        shown += [self._selection(mark) for mark in self._marks]
        self.setExtraSelections(shown)
        self._edge.update()

    def _current_line(self) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self.textCursor()
        selection.cursor.clearSelection()
        shape = QTextCharFormat()
        shape.setBackground(self.look.color("hover" if self.hasFocus() else "surface"))
        shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
        selection.format = shape
        return selection

    def _selection(self, mark: CodeMark) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        last = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(mark.start, last))
        shape = QTextCharFormat()
        if mark.ground:
            shape.setBackground(self.look.color(mark.ground))
            shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
        else:
            cursor.setPosition(min(max(mark.end, mark.start + 1), last), QTextCursor.MoveMode.KeepAnchor)
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            shape.setUnderlineColor(self.look.color(mark.token))
        selection.cursor = cursor
        selection.format = shape
        return selection

    def _words_at(self, point: QPoint) -> str:
        position = self.cursorForPosition(point).position()
        line = self.document().findBlock(position).blockNumber()
        words = [mark.words for mark in self._marks if mark.start <= position <= mark.end]
        edge = self._signs.get(line)
        return "\n".join(dict.fromkeys(words)) or (edge.words if edge is not None and edge.ground else "")

    def _on_update(self, rect: QRect, dy: int) -> None:
        self._edge.scroll(0, dy) if dy else self._edge.update(0, rect.y(), self._edge.width(), rect.height())

    def _fit(self) -> None:
        self.setViewportMargins(self.edge_width(), 0, 0, 0)
        rect = self.contentsRect()
        self._edge.setGeometry(QRect(rect.left(), rect.top(), self.edge_width(), self.viewport().height()))

    def _take_look(self) -> None:
        self.setFont(self.look.mono())
        self._fit()
        self._show_marks()

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self.viewport().mapFrom(self, event.pos())
            words = self._words_at(point)
            QToolTip.showText(event.globalPos(), plain_tip(words), self) if words else QToolTip.hideText()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            done = super().event(event)
            self._show_marks()
            return done
        return super().event(event)


class _Edge(QWidget):
    """The strip on the left."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    # overrides of Qt

    def sizeHint(self) -> QSize:
        return QSize(self._view.edge_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_edge(event)
