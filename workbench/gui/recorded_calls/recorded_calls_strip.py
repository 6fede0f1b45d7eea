"""One line: what the recorded calls are by the tools as they are being edited."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from workbench.gui.kit.labels import ElidedLabel, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.recorded_calls.recorded_call_report import RecordedCallReportViewModel

_ICONS = {"warn": ("warn", "warn"), "ok": ("ok", "ok")}


class RecordedCallsStrip(QFrame):
    """Shows a `RecordedCallReportViewModel`; hidden while nothing is on record."""

    def __init__(
        self,
        report: RecordedCallReportViewModel,
        look: Look,
        *,
        show: Callable[[], object],
        judge: Callable[[], object],
        role: str = "bar",
    ) -> None:
        """`show` opens the list, `judge` asks again after a stop."""
        super().__init__()
        self.report = report
        self._look = look
        self.setProperty("role", role)
        self.setAccessibleName("Recorded calls")
        self._icon = QLabel()
        self.words = ElidedLabel("", "caption")
        self.show_calls = _link("Show", "Show recorded calls and whether they still fit", show)
        self.stop = _link("Stop", "Stop checking recorded calls", report.stop)
        self.again = _link("Judge", "Check recorded calls", judge)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 14, 3)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        for button in (self.show_calls, self.again, self.stop):
            row.addWidget(button)
        self.refresh()
        listen(self, report.changed, self.refresh)
        look.follow(self, self.refresh)

    def refresh(self) -> None:
        """Say what is known now."""
        report = self.report
        words = f"{report.words} · checking again…" if report.is_judging and report.lines else report.words
        self.words.setText(words)
        self.words.setAccessibleName(words)
        self.words.setToolTip(report.price_words)
        set_role(self.words, "tone", "warn" if report.tone == "warn" else "")
        name, token = _ICONS.get(report.tone, ("clock", "muted"))
        self._icon.setPixmap(self._look.pixmap(name, token, self._look.px(14), self.devicePixelRatioF()))
        self.show_calls.setVisible(bool(report.lines))
        self.stop.setVisible(report.is_judging)
        self.again.setVisible(report.was_stopped and not report.is_judging)
        self.setVisible(bool(report.lines) or report.was_stopped)


def _link(text: str, name: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setAccessibleName(name)
    button.clicked.connect(lambda _=False: act())
    return button
