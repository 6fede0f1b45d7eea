"""The filter box of the trace: Esc clears it and stops no run, Down and Enter go to the table."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QToolButton

from workbench.gui.kit.labels import plain_tip
from workbench.viewmodels.trace.row_filter import FILTER_HELP, FILTER_HINT


class FilterLine(QLineEdit):
    """Emits what was typed, like any line; `left` when the person moves on to the table."""

    left = Signal()

    def __init__(self, completions: Callable[[str], list[str]] = lambda text: []) -> None:
        """`completions` gives the possible completions of a text."""
        super().__init__()
        self._completions = completions
        self._offers = QStringListModel(self)
        completer = QCompleter(self._offers, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.offered = QListView()
        self.offered.setProperty("role", "offers")
        self.offered.setAccessibleName("Filter suggestions")
        completer.setPopup(self.offered)
        completer.setWidget(self)
        completer.activated.connect(lambda text: self.setText(text))
        self._completer = completer
        self.textEdited.connect(self._offer)
        self.setProperty("role", "filter")
        self.setPlaceholderText(f"Filter   {FILTER_HINT}")
        self.setToolTip(plain_tip(FILTER_HELP))
        self.setAccessibleName("Filter the trace")
        self.setAccessibleDescription(FILTER_HELP)
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName("Clear the filter")

    def _offer(self, text: str) -> None:
        offers = self._completions(text)
        self._offers.setStringList(offers)
        if offers:
            self._completer.complete()
        else:
            self.offered.hide()

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Esc acts on this line and on nothing behind it."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.offered.isVisible() and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # these are for the list of completions
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)
