"""Streaming Markdown: finished blocks are rendered once, only the tail is rendered again.

Nothing in it is loaded, opened or run: no HTML, no images, no style sheets; a link asks first.
"""

import re
import time
from collections import deque
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.viewmodels.markdown_pieces import MarkdownPieces, whole_in_pieces
from workbench.viewmodels.plain import visible

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
MAX_CHARS = 400_000
SLICE_S = 0.004
"""How long pieces are inserted before others get their turn."""
_CODE_PAD = 9
_LINK = re.compile(r"^ {0,3}\[([^\]\n]+)\]: +(\S+).*$", re.MULTILINE)
_REFERENCE = re.compile(r"\[([^\]\n]+)\](?:\[([^\]\n]*)\])(?![:(])")


class MarkdownView(QTextBrowser):
    """One answer of the model, as high as it needs to be."""

    link_asked = Signal(str)
    """Somebody wants to open this address."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._text = ""
        self._tail = ""
        self._is_streaming = False
        self._cutter = MarkdownPieces()
        self._waiting: deque[str] = deque()
        self._tail_at = 0
        self._next_piece = QTimer(self)
        self._next_piece.setSingleShot(True)
        self._next_piece.timeout.connect(self._insert_some)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(22)
        self.anchorClicked.connect(
            lambda url: self.link_asked.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        )
        self.highlighted.connect(self._on_link_hovered)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._take_look()
        listen(self, look.changed, self._on_look_changed)

    @property
    def whole_text(self) -> str:
        """The Markdown as it came."""
        return self._text

    def show_text(self, text: str, *, is_streaming: bool) -> None:
        """Show the text so far.

        Finished pieces are rendered once; only what follows the last of them is drawn again. Of a long text that
        comes at once, the beginning is shown at once and the rest piece by piece, so that nobody waits for it.
        """
        if text == self._text and is_streaming == self._is_streaming:
            return
        if not text.startswith(self._text):
            self._start_over()
        is_new = not self._text
        self._text, self._is_streaming = text, is_streaming
        if is_new and not is_streaming:
            self._waiting.extend(whole_in_pieces(self._with_links(text)))
            self._cutter.done = len(text)
            self._insert_some()
            return
        if not is_streaming and _LINK.search(text):  # what a name stands for is known only now
            self._on_look_changed()
            return
        self._waiting.extend(self._cutter.take(text))
        self._insert_some()

    @property
    def is_complete(self) -> bool:
        """Whether all of the text is on the screen."""
        return not self._waiting

    def _insert_some(self) -> None:
        """Insert what waits, as much as fits into a frame; then the tail."""
        tail = self._cutter.tail(self._text)
        if not self._waiting and tail == self._tail:
            return
        self._drop_tail()
        begun = time.monotonic()
        is_first = True
        while self._waiting and (is_first or time.monotonic() - begun < SLICE_S):
            is_first = False
            self._insert(self._waiting.popleft())
            self._tail_at = self.document().characterCount() - 1
        if self._waiting:
            self._next_piece.start(0)
        else:
            self._insert(tail)
            self._tail = tail
        self._fit()

    def _with_links(self, text: str) -> str:
        """References to links work in the piece they are defined in only; they are written out everywhere."""
        found = {name.casefold(): address for name, address in _LINK.findall(text)}
        if not found:
            return text

        def written_out(match: re.Match[str]) -> str:
            address = found.get((match[2] or match[1]).casefold())
            return f"[{match[1]}]({address})" if address else match[0]

        return _REFERENCE.sub(written_out, text)

    def _start_over(self) -> None:
        self.clear()
        self._next_piece.stop()
        self._waiting.clear()
        self._cutter = MarkdownPieces()
        self._text = self._tail = ""
        self._tail_at = 0

    def _drop_tail(self) -> None:
        self._tail = ""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._tail_at)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _insert(self, markdown: str) -> None:
        if not markdown.strip():
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        start = cursor.position()
        if start > 0:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        else:
            cursor.setBlockFormat(QTextBlockFormat())
        begin = cursor.position()
        cursor.insertMarkdown(visible(markdown[:MAX_CHARS]), _FEATURES)
        self._disarm(begin)
        cursor.endEditBlock()
        # Qt knows the new tables only after the edit block has ended.
        cursor.beginEditBlock()
        self._shape(begin)
        cursor.endEditBlock()

    def _disarm(self, start: int) -> None:
        """Images become words: nothing is ever fetched, and nobody is left wondering what was there."""
        found: list[tuple[int, str]] = []
        block = self.document().findBlock(start)
        while block.isValid():
            for fragment in _fragments(block):
                shape = fragment.charFormat()
                if shape.isImageFormat():
                    image = shape.toImageFormat()
                    found.append((fragment.position(), f"[image: {visible(image.name())}]"))
            block = block.next()
        for position, words in reversed(found):
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            cursor.deleteChar()
            plain = QTextCharFormat()
            plain.setForeground(self._look.color("muted"))
            cursor.insertText(words, plain)

    def _shape(self, start: int) -> None:
        """Air between blocks, quiet code, light tables."""
        block = self.document().findBlock(start)
        if _is_code(block) and _is_code(block.previous()):
            block = block.previous()  # it is not the last line of its code any more
        tables: dict[int, QTextTable] = {}
        while block.isValid():
            self._shape_block(block)
            table = QTextCursor(block).currentTable()
            if table is not None:
                tables[table.firstPosition()] = table
            block = block.next()
        for table in tables.values():
            self._shape_table(table)

    def _shape_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        shape = block.blockFormat()
        is_code = _is_code(block)
        in_table = cursor.currentTable() is not None
        if is_code:
            pad = self._look.px(_CODE_PAD)
            shape.setLeftMargin(pad)
            shape.setRightMargin(pad)
            shape.setTopMargin(0 if _is_code(block.previous()) else pad)
            shape.setBottomMargin(0 if _is_code(block.next()) else 2 * pad)
            shape.setNonBreakableLines(False)
        elif not in_table:
            heading = shape.headingLevel()
            tight = block.textList() is not None
            shape.setTopMargin(self._look.px(10 if heading else 0))
            shape.setBottomMargin(self._look.px(2 if tight else 6))
            shape.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(shape)
        self._shape_words(block, is_code=is_code)

    def _shape_words(self, block: QTextBlock, *, is_code: bool) -> None:
        heading = block.blockFormat().headingLevel()
        for fragment in _fragments(block):
            shape = fragment.charFormat()
            change = QTextCharFormat()
            if is_code or shape.fontFixedPitch():
                change.setFontFamilies(self._look.mono().families())
                change.setFontPointSize(self._look.size_pt(0.94))
                if not is_code:
                    change.setBackground(self._look.color("hover"))
            elif heading:
                change.setFontPointSize(self._look.size_pt({1: 1.35, 2: 1.2, 3: 1.08}.get(heading, 1.0)))
                change.setFontWeight(QFont.Weight.DemiBold)
            if shape.isAnchor():
                change.setForeground(self._look.color("accent"))
            if change.propertyCount():
                cursor = QTextCursor(self.document())
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(change)

    def _shape_table(self, table: QTextTable) -> None:
        shape = table.format()
        shape.setBorderCollapse(True)
        shape.setBorder(0)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        shape.setCellSpacing(0)
        shape.setTopMargin(self._look.px(6))
        shape.setBottomMargin(self._look.px(8))
        shape.setWidth(QTextLength())
        table.setFormat(shape)
        for row in range(table.rows()):
            for column in range(table.columns()):
                self._shape_cell(table.cellAt(row, column), is_head=row == 0)

    def _shape_cell(self, cell: QTextTableCell, *, is_head: bool) -> None:
        shape = QTextTableCellFormat(cell.format().toTableCellFormat())
        shape.setPadding(self._look.px(5))
        shape.setLeftPadding(self._look.px(9))
        shape.setRightPadding(self._look.px(9))
        shape.setBorder(1)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorderBrush(self._look.color("border_strong"))
        if is_head:
            shape.setBackground(self._look.color("sunken"))
        cell.setFormat(shape)

    def _take_look(self) -> None:
        self.setFont(self._look.font())
        self.document().setDefaultFont(self._look.font())

    def _on_look_changed(self) -> None:
        text, was_streaming = self._text, self._is_streaming
        self._take_look()
        self._start_over()
        self.show_text(text, is_streaming=was_streaming)

    def _on_link_hovered(self, url: QUrl) -> None:
        address = visible(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        self.setToolTip(address)

    def _fit(self) -> None:
        height = max(self.fontMetrics().lineSpacing(), round(self.document().size().height() + 0.5))
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    # overrides of Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code stands on a ground with air around it, which block formats cannot give."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.color("border"), 1))
        painter.setBrush(self._look.color("sunken"))
        layout = self.document().documentLayout()
        block = self.cursorForPosition(event.rect().topLeft()).block()
        while _is_code(block.previous()):
            block = block.previous()
        pad = self._look.px(_CODE_PAD)
        while block.isValid() and layout.blockBoundingRect(block).top() <= event.rect().bottom():
            if _is_code(block):
                top = layout.blockBoundingRect(block).top()
                while _is_code(block.next()):
                    block = block.next()
                bottom = layout.blockBoundingRect(block).bottom()
                ground = QRectF(0.5, top - pad + 1.5, self.viewport().width() - 1, bottom - top + 2 * pad - 3)
                painter.drawRoundedRect(ground, 6, 6)
            block = block.next()
        painter.end()
        super().paintEvent(event)

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _is_code(block: QTextBlock) -> bool:
    shape = block.blockFormat()
    return block.isValid() and (
        shape.hasProperty(QTextFormat.Property.BlockCodeLanguage)
        or shape.hasProperty(QTextFormat.Property.BlockCodeFence)
    )


def _fragments(block: QTextBlock) -> list[Any]:
    found = []
    walker = block.begin()
    while not walker.atEnd():
        fragment = walker.fragment()
        if fragment.isValid():
            found.append(fragment)
        walker += 1
    return found
