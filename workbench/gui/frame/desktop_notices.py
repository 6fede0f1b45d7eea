"""Desktop notifications while another program is in front: long work that has ended, and waiting calls."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.work_in_progress import WorkInProgress

LONG_S = 10.0
"""Shorter work is not announced: the person has hardly turned away."""
_SHOWN_MS = 10_000
_PART = "notices"


class DesktopNotices(QObject):
    """A notification if the desktop has a tray, else the window requests attention."""

    told = Signal(str, str)
    """The title and the text of a notification."""

    def __init__(self, window: QMainWindow, work: WorkInProgress, look: Look, state: WindowState | None) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._state = state
        self._tray: QSystemTrayIcon | None = None
        self.is_on = state is None or state.text(_PART) != "off"
        """Whether notifications are on."""
        listen(self, work.ended, self._on_ended)

    def switch(self, *, is_on: bool) -> None:
        """Turn notifications on or off."""
        self.is_on = is_on
        if self._state is not None:
            self._state.keep_text(_PART, "on" if is_on else "off")

    def tell(self, title: str, text: str) -> None:
        """Notify, unless the window is in front."""
        if not self.is_on or self._window.isActiveWindow():
            return
        title, text = one_line(title, 80), one_line(text, 200)
        self.told.emit(title, text)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._shown_tray().showMessage(title, text, self._look.icon("ok", "accent"), _SHOWN_MS)
        else:
            QApplication.alert(self._window)

    def take_back(self) -> None:
        """The window is in front: remove the tray icon."""
        if self._tray is not None:
            self._tray.hide()

    def _on_ended(self, progress: Progress) -> None:
        if progress.seconds >= LONG_S:
            self.tell(f"{progress.title}: done", progress.end_words)

    def _shown_tray(self) -> QSystemTrayIcon:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._look.icon("tool", "accent"), self)
            self._tray.setToolTip("Tool-Calling Workbench")
            self._tray.messageClicked.connect(self._come_forward)
            self._tray.activated.connect(lambda _: self._come_forward())
        self._tray.show()
        return self._tray

    def _come_forward(self) -> None:
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
