"""The strip above the tabs that leads through the tour. It takes no focus and is never in the way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout

from workbench.gui.kit.labels import label
from workbench.gui.kit.room import keep_room
from workbench.gui.look.look import Look
from workbench.viewmodels.tour.tour import TourCard

_LINES = 2
"""As many as most steps need, so that the page below seldom moves."""


class TourStrip(QFrame):
    """Shows a `TourCard`."""

    go_asked = Signal()
    compare_asked = Signal()
    end_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "guide")
        self.setAccessibleName("Guided tour")
        self._count = label("", "caption")
        self._title = label("", "strong")
        self._words = label("", "", wraps=True)
        self.go = QPushButton("")
        self.go.setAccessibleName("Next step of the tour")
        self.go.setProperty("role", "primary")
        self.go.clicked.connect(self.go_asked)
        self.compare = QPushButton("Compare the runs")
        self.compare.setAccessibleName("Compare the runs of the tour")
        self.compare.clicked.connect(self.compare_asked)
        self.close_ = QToolButton()
        self.close_.setAccessibleName("End the tour")
        self.close_.setToolTip("End the tour and undo its changes")
        self.close_.clicked.connect(self.end_asked)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addLayout(head)
        text.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 10, 8)
        row.setSpacing(10)
        row.addLayout(text, 1)
        for button in (self.compare, self.go, self.close_):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        keep_room(self.compare, self.go)
        self._words.setMinimumHeight(_LINES * self._words.fontMetrics().lineSpacing())
        self.hide()
        self._take_look()
        look.follow(self, self._take_look)

    def show_card(self, card: TourCard | None, *, is_running: bool) -> None:
        """Show a step, or nothing; the button is disabled during a run."""
        self.setVisible(card is not None)
        if card is None:
            return
        if self._title.text() != card.title or self._words.text() != card.words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{card.title}. {card.words}"))
        self._count.setText(f"{card.number} of {card.of}")
        self._title.setText(card.title)
        self._words.setText(card.words)
        self.go.setText(card.button)
        self.go.setAccessibleName(f"Tour: {card.button}")
        self.go.setVisible(bool(card.button))
        self.go.setEnabled(not is_running)
        self.compare.setVisible(card.can_compare)

    def _take_look(self) -> None:
        self.close_.setIcon(self._look.icon("close"))
