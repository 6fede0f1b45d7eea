"""A box of text as high as its lines, up to a limit; then it scrolls."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit


class FittedText(QPlainTextEdit):
    """Its height follows its text, its width, and its font; `fit` where only `around` has changed."""

    def __init__(self, *, least: int = 1, most: int) -> None:
        """From `least` to `most` lines high; where `most` is 0, somebody else sets the height."""
        super().__init__()
        self._least, self._most = least, most
        self._is_fitting = False
        if most:
            self.document().documentLayout().documentSizeChanged.connect(self.fit)

    def around(self) -> int:
        """Pixels above and below the lines together."""
        return 2

    def fit(self) -> None:
        """Take the height that the text needs."""
        # A scroll bar that comes or goes changes the width, which leads here again: without a limit, it
        # could go on until the program crashed.
        if not self._most or self._is_fitting:
            return
        self._is_fitting = True
        try:
            width = self.viewport().width()
            self._fit_once()
            if self.viewport().width() != width:
                self._fit_once()
        finally:
            self._is_fitting = False

    def _fit_once(self) -> None:
        lines = max(self._count_lines(), self._least)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if lines <= self._most else policy.ScrollBarAsNeeded)
        height = round(min(lines, self._most) * self._line_height()) + self.around()
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _line_height(self) -> float:
        """As it is laid out, which can be more than the font says: another font may replace a sign."""
        first = self.document().firstBlock()
        laid_out = self.document().documentLayout().blockBoundingRect(first).height() / max(1, first.lineCount())
        return max(float(self.fontMetrics().lineSpacing()), laid_out)

    def _count_lines(self) -> int:
        """The number of lines, counted up to one more than fit. The document's own size would count a block that is not
        laid out yet as one line."""
        count, block, layout = 0, self.document().firstBlock(), self.document().documentLayout()
        while block.isValid() and count <= self._most:
            layout.blockBoundingRect(block)  # lays it out
            count += max(1, block.layout().lineCount())
            block = block.next()
        return count

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_is_fitting"):
            self.fit()
