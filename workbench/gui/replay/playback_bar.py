"""The playback's controls, and a label that shows it is not a live run."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.replay.playback import SPEEDS, PlaybackViewModel

_FRAME_MS = 33
_LONG = 3_000


class PlaybackBar(QFrame):
    """Space pauses and resumes; ← → step by events, Page Up and Page Down by rounds, Home and End go to the ends."""

    def __init__(self, playback: PlaybackViewModel, look: Look) -> None:
        super().__init__()
        self.playback = playback
        self._look = look
        self.setProperty("role", "playback")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Playback")
        self.setAccessibleDescription(playback.mark)
        self._icon = QLabel()
        self.mark = ElidedLabel(playback.mark, "strong")
        self.play = self._button("Play or pause (Space)", playback.toggle)
        self.back = self._button("Previous event (←)", lambda: playback.step(-1))
        self.forth = self._button("Next event (→)", lambda: playback.step(1))
        self.round_back = self._button("Previous round (Page Up)", lambda: playback.step_round(-1))
        self.round_forth = self._button("Next round (Page Down)", lambda: playback.step_round(1))
        self._seek = delay(self, _FRAME_MS, self._seek_now)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(playback.playback))
        self.slider.setAccessibleName("Position in the run, by event")
        self.slider.valueChanged.connect(self._sought)
        self.slider.sliderReleased.connect(self._seek.start)
        self.speed = ComboBox()
        self.speed.setAccessibleName("Playback speed")
        self.speed.view().setAccessibleName("Speeds")
        for speed, words in SPEEDS:
            self.speed.addItem(words, speed)
        self.speed.setCurrentIndex(1)
        self.speed.activated.connect(lambda _: playback.set_speed(self.speed.currentData()))
        self.words = label("", "caption")
        self._frame = delay(self, _FRAME_MS, self._show)
        self._lay_out()
        self._take_look()
        look.follow(self, self._take_look)
        listen(self, playback.changed, self._soon)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon)
        head.addWidget(self.mark, 1)
        head.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(4)
        for widget in (self.round_back, self.back, self.play, self.forth, self.round_forth):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.slider, 1)
        row.addSpacing(6)
        row.addWidget(self.speed)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 16, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(row)

    def _button(self, name: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: act())
        return button

    def _sought(self) -> None:
        """A drag reports many positions; only the last one per frame counts, in a long run only the final one."""
        is_too_long = self.slider.isSliderDown() and len(self.playback.playback) > _LONG
        if not self._seek.isActive() and not is_too_long:
            self._seek.start()

    def _seek_now(self) -> None:
        self.playback.seek(self.slider.value())

    def _soon(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _show(self) -> None:
        playback = self.playback
        if not self.slider.isSliderDown() and not self._seek.isActive():
            with QSignalBlocker(self.slider):
                self.slider.setValue(playback.playback.shown)
        self.words.setText(playback.words)
        icon = "rerun" if playback.is_at_end else "pause" if playback.is_playing else "play"
        name = "Play again" if playback.is_at_end else "Hold" if playback.is_playing else "Play"
        self.play.setIcon(self._look.icon(icon, "accent"))
        self.play.setAccessibleName(f"{name} (Space)")
        self.play.setToolTip(f"{name} (Space)")
        for button in (self.back, self.round_back):
            button.setEnabled(playback.playback.shown > 0)
        for button in (self.forth, self.round_forth):
            button.setEnabled(not playback.is_at_end)

    def _take_look(self) -> None:
        look = self._look
        self._icon.setPixmap(look.pixmap("playback", "accent", look.px(18), self.devicePixelRatioF()))
        for button, icon in (
            (self.back, "chevron-left"),
            (self.forth, "chevron-right"),
            (self.round_back, "round-back"),
            (self.round_forth, "round-forth"),
        ):
            button.setIcon(look.icon(icon))
        self._show()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        playback = self.playback
        match event.key():
            case Qt.Key.Key_Space:
                playback.toggle()
            case Qt.Key.Key_Left:
                playback.step(-1)
            case Qt.Key.Key_Right:
                playback.step(1)
            case Qt.Key.Key_PageUp:
                playback.step_round(-1)
            case Qt.Key.Key_PageDown:
                playback.step_round(1)
            case Qt.Key.Key_Home:
                playback.seek(0)
            case Qt.Key.Key_End:
                playback.seek(len(playback.playback))
            case _:
                super().keyPressEvent(event)
