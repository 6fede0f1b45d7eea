"""Streaming Markdown: finished blocks are rendered once, only the tail is rendered again.

Nothing in it is loaded, opened or run: no HTML, no images, no style sheets; a link asks first.
"""

import re
import time
from collections import deque
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from workbench.gui.conversation.markdown_shape import CODE_PAD, MarkdownShape, is_code
from workbench.gui.kit.timers import UNSEEN_MS, turns_of_this_application
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.markdown_pieces import MarkdownPieces, whole_in_pieces
from workbench.viewmodels.shared.plain import LONGEST_SPELLING, keyless, visible, visible_markdown

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
MAX_CHARS = 400_000
SLICE_S = 0.0025
"""How long pieces are inserted before other work gets its turn."""
_NEXT_MS = 8
_TAIL_S, _LONG_TAIL_S = 0.003, 0.012
"""A tail that draws slower than this grows as plain text for a while; a very slow one until it is finished."""
_REST = 20
"""How many times as long as its drawing took a tail grows as plain text."""
_SHORT_TAIL, _ROUGH_CHARS = 200, 2_000
_TABLE = re.compile(r"^[ >]*\|?[ :-]*-[ :-]*\|[ :|-]*$", re.MULTILINE)
_LINK = re.compile(r"^ {0,3}\[([^\]\n]+)\]: +(\S+).*$", re.MULTILINE)
_REFERENCE = re.compile(r"\[([^\]\n]+)\](?:\[([^\]\n]*)\])(?![:(])")


class MarkdownView(QTextBrowser):
    """One answer of the model, as high as its text."""

    link_asked = Signal(str)
    """The person wants to open this address."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._text = self._came = ""
        self._tail = ""
        self._is_streaming = False
        self._cutter = MarkdownPieces()
        self._waiting: deque[str] = deque()
        self._tail_at = 0
        self._tail_s = self._drawn_at = 0.0
        self._drawn = 0
        self._has_rough = self._is_fitting = False
        self._shape = MarkdownShape(self.document(), look)
        self._unshaped: list[tuple[int, int]] = []
        self._turns = turns_of_this_application()
        self.due = 0.0
        """When more waiting text may be inserted, by the monotonic clock."""
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        for part in (self, self.viewport()):  # what has been painted stays when the text gets longer
            part.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
            part.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(22)
        self.anchorClicked.connect(
            lambda url: self.link_asked.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        )
        self.highlighted.connect(self._on_link_hovered)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._take_look()
        look.follow(self, self._on_look_changed)

    @property
    def whole_text(self) -> str:
        """The Markdown as it came, without keys."""
        return self._text

    def show_text(self, text: str, *, is_streaming: bool) -> None:
        """Show the text so far.

        Finished pieces are rendered once; only what follows the last of them is drawn again. Of a long text that
        comes at once, the beginning is shown at once and the rest piece by piece, so that nobody waits for it.
        """
        if text == self._came and is_streaming == self._is_streaming:
            return
        came, text = text, self._without_keys(text)
        if not text.startswith(self._text):
            self._start_over()
        self._came = came
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

    def _without_keys(self, text: str) -> str:
        """The text as it may be shown. While it grows, only its end is checked: a key can arrive in pieces."""
        before = self._came
        fresh = text[max(0, len(before) - LONGEST_SPELLING) :]
        if text.startswith(before) and keyless(fresh) == fresh:
            return self._text + text[len(before) :]
        return keyless(text)

    @property
    def is_complete(self) -> bool:
        """Whether all of the text is on the screen."""
        return not self._waiting

    def _insert_some(self) -> None:
        """Insert waiting text, as much as one frame allows; then the tail."""
        tail = self._cutter.tail(self._text)
        if not self._waiting and tail == self._tail and not (self._has_rough and not self._is_streaming):
            return
        if not self._waiting and self._is_streaming and tail.startswith(self._tail) and self._is_slow(tail):
            self._lengthen(tail[len(self._tail) :])
            self._tail = tail
            return
        is_tail_only = not self._waiting
        self._is_fitting = True
        begun = time.thread_time()
        self._draw(tail, begun)
        self._is_fitting = False
        self._fit()
        self._tail_s = time.thread_time() - begun if is_tail_only else 0.0
        self._drawn_at, self._drawn = time.monotonic(), len(tail)
        if self._waiting:
            is_seen = self.isVisible() or not self.window().isVisible()
            self.due = time.monotonic() + (_NEXT_MS if is_seen else UNSEEN_MS) / 1000
            self._turns.ask(self)

    def take_turn(self) -> bool:
        """Insert more of the waiting text; return whether some is left."""
        self._insert_some()
        return not self.is_complete

    def _draw(self, tail: str, begun: float) -> None:
        """Replace the old tail with the finished text and the new tail; each is laid out once."""
        edit = QTextCursor(self.document())
        is_first = True
        while is_first or (self._waiting and time.thread_time() - begun < SLICE_S):
            edit.beginEditBlock()
            if is_first:
                self._drop_tail()
                is_first = False
            if self._waiting:
                self._insert(self._waiting.popleft())
                self._tail_at = self.document().characterCount() - 1
            if not self._waiting:
                self._insert(tail)
                self._tail = tail
            edit.endEditBlock()
            self._shape_tables()

    def _is_slow(self, tail: str) -> bool:
        """Whether drawing the tail again would take too long now."""
        if self._tail_s < _TAIL_S or self._drawn < _SHORT_TAIL:
            return False
        cost = self._tail_s * len(tail) / self._drawn
        return cost > _LONG_TAIL_S or time.monotonic() < self._drawn_at + _REST * cost

    def _lengthen(self, words: str) -> None:
        """Let the tail grow without drawing it again, in plain lines that are each laid out quickly."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.block().length() > _ROUGH_CHARS:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        first, newline, rest = visible(words).partition("\n")
        cursor.insertText(first)
        if newline:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
            cursor.insertText(rest)
        self._has_rough = True

    def _with_links(self, text: str) -> str:
        """Link references work only in the piece that defines them, so they are written out everywhere."""
        found = {name.casefold(): address for name, address in _LINK.findall(text)}
        if not found:
            return text

        def written_out(match: re.Match[str]) -> str:
            address = found.get((match[2] or match[1]).casefold())
            return f"[{match[1]}]({address})" if address else match[0]

        return _REFERENCE.sub(written_out, text)

    def _start_over(self) -> None:
        self.clear()
        self._turns.leave(self)
        self._waiting.clear()
        self._cutter = MarkdownPieces()
        self._text = self._came = self._tail = ""
        self._tail_at = 0
        self._drawn = 0
        self._has_rough = False

    def _drop_tail(self) -> None:
        self._tail = ""
        self._has_rough = False
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._tail_at)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _insert(self, markdown: str) -> None:
        if not markdown.strip():
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.position() > 0:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        else:
            cursor.setBlockFormat(QTextBlockFormat())
        begin = cursor.position()
        cursor.insertMarkdown(visible_markdown(markdown[:MAX_CHARS]), _FEATURES)
        self._shape.close_up(begin, markdown)
        self._shape.disarm(begin)
        end = self.document().characterCount() - 1
        if _TABLE.search(markdown):
            self._unshaped.append((begin, end))
        else:
            self._shape.shape(begin, end)

    def _shape_tables(self) -> None:
        """Qt knows new tables only after the edit block has ended."""
        if self._unshaped:
            edit = QTextCursor(self.document())
            edit.beginEditBlock()
            for begin, end in self._unshaped:
                self._shape.shape(begin, end)
            edit.endEditBlock()
            self._unshaped.clear()

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
        if self._is_fitting:
            return
        height = max(self.fontMetrics().lineSpacing(), round(self.document().size().height() + 0.5))
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    # overrides of Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code has a background with padding, which block formats cannot give."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.color("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.color("border"), 1))
        painter.setBrush(self._look.color("sunken"))
        layout = self.document().documentLayout()
        pad = self._look.px(CODE_PAD)
        upper, lower = event.rect().top() - 4 * pad, event.rect().bottom() + 4 * pad
        block = self.cursorForPosition(event.rect().topLeft()).block()
        while is_code(block.previous()) and layout.blockBoundingRect(block).top() > upper:
            block = block.previous()
        while block.isValid() and (top := layout.blockBoundingRect(block).top()) <= lower:
            if is_code(block):
                while is_code(block.next()) and layout.blockBoundingRect(block).bottom() < lower:
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

    def showEvent(self, event: QShowEvent) -> None:
        """Insert the rest of an unseen text without waiting."""
        super().showEvent(event)
        if self._waiting:
            self.due = 0.0
            self._turns.ask(self)

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
