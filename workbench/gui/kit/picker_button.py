"""A button that opens a menu and says what is chosen; in a narrow window it says so in fewer words."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

_LEAST_CHARS = 8


class PickerButton(QPushButton):
    """Give it its words by `show_words`."""

    def __init__(self) -> None:
        super().__init__()
        self._words = self._short = ""
        self.setProperty("role", "picker")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str, short: str) -> None:
        """Say this; where there is no room for all of it, `short`, as far as there is room."""
        if (words, short) != (self._words, self._short):
            self._words, self._short = words, short
            self.setText(words)
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        missing = self.sizeHint().width() - self.width()
        room = metrics.horizontalAdvance(self._words) - missing
        self.setText(
            self._words if missing <= 0 else metrics.elidedText(self._short, Qt.TextElideMode.ElideRight, room)
        )

    # overrides of Qt

    def sizeHint(self) -> QSize:
        """Room for all words, however many are shown."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        more = metrics.horizontalAdvance(self._words) - metrics.horizontalAdvance(self.text())
        return QSize(hint.width() + more, hint.height())

    def minimumSizeHint(self) -> QSize:
        """It gives way to what it stands beside."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * _LEAST_CHARS), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
