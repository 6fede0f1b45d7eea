"""One line: what the recorded calls are by the tools as they are being edited."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from workbench.gui.kit.labels import ElidedLabel, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.recorded_calls.recorded_call_report import GhostReportViewModel

_ICONS = {"warn": ("warn", "warn"), "ok": ("ok", "ok")}


class GhostStrip(QFrame):
    """Shows a `GhostReportViewModel`; hidden while nothing is on record."""

    def __init__(
        self,
        ghosts: GhostReportViewModel,
        look: Look,
        *,
        show: Callable[[], object],
        judge: Callable[[], object],
        role: str = "bar",
    ) -> None:
        """`show` opens the list, `judge` asks again after a stop."""
        super().__init__()
        self.ghosts = ghosts
        self._look = look
        self.setProperty("role", role)
        self.setAccessibleName("Recorded calls")
        self._icon = QLabel()
        self.words = ElidedLabel("", "caption")
        self.show_calls = _link("Show", "Show the recorded calls and what they are now", show)
        self.stop = _link("Stop", "Stop judging recorded calls", ghosts.stop)
        self.again = _link("Judge", "Judge the recorded calls", judge)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 14, 3)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        for button in (self.show_calls, self.again, self.stop):
            row.addWidget(button)
        self.refresh()
        listen(self, ghosts.changed, self.refresh)
        listen(self, look.changed, self.refresh)

    def refresh(self) -> None:
        """Say what is known now."""
        ghosts = self.ghosts
        words = f"{ghosts.words} · judging anew…" if ghosts.is_judging and ghosts.lines else ghosts.words
        self.words.setText(words)
        self.words.setAccessibleName(words)
        self.words.setToolTip(ghosts.price_words)
        set_role(self.words, "tone", "warn" if ghosts.tone == "warn" else "")
        name, token = _ICONS.get(ghosts.tone, ("clock", "muted"))
        self._icon.setPixmap(self._look.pixmap(name, token, self._look.px(14), self.devicePixelRatioF()))
        self.show_calls.setVisible(bool(ghosts.lines))
        self.stop.setVisible(ghosts.is_judging)
        self.again.setVisible(ghosts.was_stopped and not ghosts.is_judging)
        self.setVisible(bool(ghosts.lines) or ghosts.was_stopped)


def _link(text: str, name: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setAccessibleName(name)
    button.clicked.connect(lambda _=False: act())
    return button
