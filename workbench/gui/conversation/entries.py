"""Widgets for the entries of a chat that are not calls: messages, answers, reasoning, notices."""

import time

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.conversation.markdown_view import MarkdownView
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.icon_button import more_button
from workbench.gui.kit.labels import TONE_ICONS, ElidedLabel, label, set_role
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.timers import ticker
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.chat_entry import HeadEntry, NoticeEntry, TextEntry
from workbench.viewmodels.conversation.failure_card import FailureAction
from workbench.viewmodels.runs.run_place import place_of_entry
from workbench.viewmodels.shared.plain import clipped, one_line


class HeadLine(QWidget):
    """Which model answered, how long it took, what it cost."""

    place_menu_asked = Signal(object, QPoint)
    """The person opened the menu of this round (a `RunPlace`), at this point of the screen."""

    def __init__(self, entry: HeadEntry, look: Look) -> None:
        super().__init__()
        self.entry = entry
        self.words = ElidedLabel("", "caption")
        self.more = more_button(f"Actions for round {entry.round}", look)
        self.more.clicked.connect(lambda: self._ask_menu(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.more)
        self.refresh()

    def refresh(self) -> None:
        """Show the entry as it is now."""
        self.words.setText(self.entry.caption)
        self.more.setVisible(self.entry.state not in ("asking", "streaming"))

    def _ask_menu(self, point: QPoint) -> None:
        if (run_place := place_of_entry(self.entry)) is not None:
            self.place_menu_asked.emit(run_place, point)

    # overrides of Qt

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._ask_menu(event.globalPos())


class AnswerText(QWidget):
    """The model's text, as inert Markdown."""

    link_asked = Signal(str)

    def __init__(self, entry: TextEntry, look: Look) -> None:
        super().__init__()
        self.entry = entry
        self.view = MarkdownView(look, "Answer")
        self.view.link_asked.connect(self.link_asked)
        self._mark = label("", "hint")
        self._mark.setProperty("tone", "warn")
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 0)
        column.setSpacing(4)
        column.addWidget(self.view)
        column.addWidget(self._mark)
        self.refresh()

    def refresh(self) -> None:
        """Show the entry as it is now."""
        self.view.show_text(self.entry.text, is_streaming=self.entry.is_streaming)
        words = (
            "⚠ cut off here" if self.entry.is_cut_off else "The model declined." if self.entry.part == "refusal" else ""
        )
        self._mark.setText(words)
        self._mark.setVisible(bool(words))


class ReasoningText(QWidget):
    """The visible part of the model's thinking: collapsed to one line until somebody expands it."""

    def __init__(self, entry: TextEntry, look: Look) -> None:
        super().__init__()
        self.entry = entry
        self._look = look
        self._toggle = QToolButton()
        self._toggle.setAccessibleName("Show the model's reasoning")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._on_toggled)
        self._line = ElidedLabel("", "hint")
        self.whole = PlainView(look, "Model reasoning", is_mono=False, max_lines=30)
        self.whole.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._toggle)
        head.addWidget(self._line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.whole)
        self.refresh()
        look.follow(self, self.refresh)

    def refresh(self) -> None:
        """Show the entry as it is now."""
        self._toggle.setIcon(self._look.icon("thought", "accent" if self.entry.is_streaming else "muted"))
        self._line.setText(
            f"Reasoning · {one_line(self.entry.text[-400:] if self.entry.is_streaming else self.entry.text)}"
        )
        if self._toggle.isChecked():
            self.whole.show_text(self.entry.text)

    def expand(self) -> None:
        """Expand it."""
        self._toggle.setChecked(True)

    def _on_toggled(self, is_open: bool) -> None:
        self.whole.setVisible(is_open)
        self.refresh()


class NoticeBox(QFrame):
    """A message of the program: what happened, why, and how to fix it, with a button for each way."""

    action_asked = Signal(object, str)
    """The person chose a `FailureAction` for this `NoticeEntry`."""

    def __init__(self, entry: NoticeEntry, look: Look) -> None:
        super().__init__()
        self.entry = entry
        self._look = look
        self._icon = QLabel()
        self._title = label("", "strong")
        self._figures = ElidedLabel("", "caption")
        self._figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text = label("", "", wraps=True)
        self._hint = label("", "muted", wraps=True)
        self.labels = (self._title, self._text, self._hint)
        for text in self.labels:
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addWidget(self._figures, 1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._column.addWidget(self._text)
        self._column.addWidget(self._hint)
        self._row, self._flow = flow_row()
        self.buttons: dict[FailureAction, QPushButton] = {}
        self._column.addWidget(self._row)
        self._countdown = ticker(self, 1000, self._show_buttons)
        self.refresh()
        look.follow(self, self.refresh)

    def refresh(self) -> None:
        """Show the entry as it is now."""
        entry = self.entry
        name, token = TONE_ICONS[entry.tone]
        is_quiet = entry.tone in ("ok", "plain")
        self._icon.setPixmap(self._look.pixmap(name, token, self._look.px(16), self.devicePixelRatioF()))
        self._title.setText(one_line(entry.title, 120))
        set_role(self._title, "role", "hint" if is_quiet else "strong")
        self._figures.setText(" · ".join(part for part in entry.figures if part))
        self._text.setText(one_line(clipped(entry.text, 1000), 1200) if entry.text else "")
        self._text.setVisible(bool(entry.text))
        self._hint.setText(one_line(entry.hint, 400))
        self._hint.setVisible(bool(entry.hint))
        role = {"error": "notice-error", "warn": "notice-warn"}.get(entry.tone, "")
        set_role(self, "role", role)
        margins = (2, 2, 2, 2) if is_quiet else (12, 8, 12, 10)
        self._column.setContentsMargins(*margins)
        self._show_buttons()

    def _show_buttons(self) -> None:
        """The buttons, with the remaining seconds of a wait."""
        failure, now = self.entry.failure, time.time()
        actions = failure.actions if failure is not None else ()
        for action in [old for old in self.buttons if old not in actions]:
            button = self.buttons.pop(action)
            self._flow.removeWidget(button)
            button.deleteLater()
        for action in actions:
            if action not in self.buttons:
                self.buttons[action] = self._button(action)
            if failure is not None:
                self.buttons[action].setText(failure.text(action, now))
        self._row.setVisible(bool(actions))
        if failure is not None and failure.seconds_left(now):
            self._countdown.start()
        else:
            self._countdown.stop()

    def _button(self, action: FailureAction) -> QPushButton:
        button = QPushButton()
        button.setAccessibleDescription(one_line(self.entry.title, 120))
        button.clicked.connect(lambda _=False: self.action_asked.emit(self.entry, action))
        self._flow.addWidget(button)
        return button
