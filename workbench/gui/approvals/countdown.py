"""The time left for a question, and a button to extend it."""

import time

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import ticker
from workbench.viewmodels.approvals.approval_card import EXTEND_S, ApprovalCard

_TICK_MS = 1_000


class Countdown(QWidget):
    """Counts down in whole seconds; hidden for a question that waits forever."""

    def __init__(self, card: ApprovalCard) -> None:
        super().__init__()
        self._card = card
        self.text = label("", "hint", wraps=True)
        self.text.setProperty("tone", "warn")
        self.extend = QPushButton(f"Extend {EXTEND_S / 60:.0f} min")
        self.extend.setAccessibleName(f"Extend the time by {EXTEND_S / 60:.0f} more minutes for {card.tool}")
        self.extend.clicked.connect(lambda _=False: card.extend())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.text, 1)
        row.addWidget(self.extend)
        self._timer = ticker(self, _TICK_MS, self._refresh)
        self._refresh()
        listen(self, card.changed, self._refresh)

    def _refresh(self) -> None:
        self.setVisible(self._card.can_expire)
        self.text.setText(self._card.time_left(time.time()))
        if self._card.can_expire and self._card.is_open:
            self._timer.start()
        else:
            self._timer.stop()
