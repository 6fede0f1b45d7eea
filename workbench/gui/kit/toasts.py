"""Notices that come, may be undone, and go by themselves. They take no focus and block nothing."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

SHOWN_MS = 8_000
_MAX_SHOWN = 3
_MOST_CHARS = 300
_ICONS: dict[Tone, tuple[str, str]] = {"ok": ("ok", "ok"), "warn": ("warn", "warn"), "error": ("error", "error")}


class Toasts(QObject):
    """Stacks toasts over the lower middle of a widget; the newest stands lowest."""

    def __init__(self, ground: QWidget, look: Look) -> None:
        super().__init__(ground)
        self._ground = ground
        self._look = look
        self._shown: list[Toast] = []
        ground.installEventFilter(self)

    @property
    def shown(self) -> "tuple[Toast, ...]":
        """What is on the screen, oldest first."""
        return tuple(self._shown)

    def tell(self, text: str, undo: Callable[[], object] | None = None, *, tone: Tone = "plain") -> "Toast":
        """Say something; with `undo`, offer to take it back."""
        toast = Toast(text, undo, tone, self._look, self._ground)
        toast.gone.append(lambda: self._drop(toast))
        self._shown.append(toast)
        for old in self._shown[:-_MAX_SHOWN]:
            old.close_now()
        toast.show()
        self._arrange()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._ground, text))
        return toast

    def _drop(self, toast: "Toast") -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            self._arrange()

    def _arrange(self) -> None:
        bottom = self._ground.height() - self._look.px(16)
        for toast in reversed(self._shown):
            toast.setFixedWidth(min(self._look.px(520), self._ground.width() - 40, toast.natural_width()))
            toast.adjustSize()
            bottom -= toast.height()
            toast.move((self._ground.width() - toast.width()) // 2, bottom)
            toast.raise_()
            bottom -= self._look.px(8)

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)


class Toast(QFrame):
    """One notice. While the pointer is on it, it stays."""

    def __init__(self, text: str, undo: Callable[[], object] | None, tone: Tone, look: Look, ground: QWidget) -> None:
        super().__init__(ground)
        self.gone: list[Callable[[], None]] = []
        self._undo = undo
        self._look = look
        self.setProperty("role", "popup")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        row.setSpacing(10)
        if tone in _ICONS:
            icon = QLabel()
            name, token = _ICONS[tone]
            icon.setPixmap(look.pixmap(name, token, look.px(16), self.devicePixelRatioF()))
            row.addWidget(icon)
        self.text = label(one_line(text, _MOST_CHARS), "", wraps=True)
        row.addWidget(self.text, 1)
        self.undo_button: QPushButton | None = None
        if undo is not None:
            self.undo_button = QPushButton("Undo")
            self.undo_button.setProperty("role", "link")
            self.undo_button.setAccessibleName(f"Undo: {text}")
            self.undo_button.clicked.connect(self.take_back)
            row.addWidget(self.undo_button)
        close = QToolButton()
        close.setIcon(look.icon("close"))
        close.setAccessibleName("Dismiss")
        close.clicked.connect(self.close_now)
        row.addWidget(close)
        self._timer = delay(self, SHOWN_MS, self.close_now)
        self._timer.start()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def natural_width(self) -> int:
        """As wide as its words need."""
        words = self.text.fontMetrics().horizontalAdvance(self.text.text())
        return words + self._look.px(150 if self._undo is not None else 90)

    def take_back(self) -> None:
        """Undo, once."""
        undo, self._undo = self._undo, None
        self.close_now()
        if undo is not None:
            undo()

    def close_now(self) -> None:
        """Go away."""
        self._timer.stop()
        listeners, self.gone = self.gone, []
        for listener in listeners:
            listener()
        self.hide()
        self.deleteLater()

    # overrides of Qt

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)
