"""What the person said, as plain text; it can be edited, and its versions are kept."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.kit.icon_button import more_button
from workbench.gui.kit.labels import label
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.runs.run_place import place_of_entry

_MAX_LINES = 16
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class UserBubble(QFrame):
    """Shows a `UserEntry`."""

    send_again_asked = Signal(object, str)
    """Resend with this text."""
    version_asked = Signal(object, int)
    place_menu_asked = Signal(object, QPoint)
    """The person wants to see what can be done with this message (a `RunPlace`), at that point of the screen."""

    def __init__(self, entry: UserEntry, look: Look) -> None:
        super().__init__()
        self.entry = entry
        self._look = look
        self.box: ResendBox | None = None
        self.setProperty("role", "bubble")
        self._before = self._button("Show the previous version of this message", -1)
        self._version = label("", "caption")
        self._after = self._button("Show the next version of this message", 1)
        self.edit = QToolButton()
        self.edit.setAccessibleName("Edit and resend this message")
        self.edit.setToolTip("Edit and resend this message; this version is kept")
        self.edit.clicked.connect(self.open_box)
        self.more = more_button("Actions for this message", look)
        self.more.clicked.connect(lambda: self._ask_menu(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(label("You", "caption"))
        head.addStretch(1)
        for widget in (self._before, self._version, self._after, self.edit, self.more):
            head.addWidget(widget)
        self.text = PlainView(look, "Your message", is_mono=False, max_lines=40)
        self.text.show_text(entry.text)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 8, 10)
        self._column.setSpacing(3)
        self._column.addLayout(head)
        self._column.addWidget(self.text)
        self._take_look()
        self.refresh()
        look.follow(self, self._take_look)

    def refresh(self) -> None:
        """Show the entry as it is now."""
        words = self.entry.version_words
        for widget in (self._before, self._version, self._after):
            widget.setVisible(bool(words))
        self._version.setText(words)
        self._before.setEnabled(self.entry.neighbor(-1) is not None)
        self._after.setEnabled(self.entry.neighbor(1) is not None)
        self.edit.setVisible(self.entry.can_be_sent_again and self.box is None)
        self.more.setVisible(self.entry.seq > 0)

    def open_box(self) -> None:
        """Put the message into an editor."""
        if self.box is not None or not self.entry.can_be_sent_again:
            return
        self.box = ResendBox(self.entry.text, self._look)
        self.box.sent.connect(lambda text: self.send_again_asked.emit(self.entry, text))
        self.box.canceled.connect(self._close_box)
        self._column.addWidget(self.box)
        self.text.hide()
        self.refresh()
        self.box.editor.setFocus()

    def _close_box(self) -> None:
        if self.box is not None:
            self._column.removeWidget(self.box)
            self.box.hide()
            self.box.deleteLater()
            self.box = None
        self.text.show()
        self.refresh()
        self.edit.setFocus()

    def _ask_menu(self, point: QPoint) -> None:
        if (run_place := place_of_entry(self.entry)) is not None:
            self.place_menu_asked.emit(run_place, point)

    def _button(self, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self.version_asked.emit(self.entry, step))
        return button

    def _take_look(self) -> None:
        self._before.setIcon(self._look.icon("chevron-left"))
        self._after.setIcon(self._look.icon("chevron-right"))
        self.edit.setIcon(self._look.icon("edit"))


class ResendBox(QWidget):
    """The message in an editor: Ctrl+Enter sends it again, Esc leaves everything as it was."""

    sent = Signal(str)
    canceled = Signal()

    def __init__(self, text: str, look: Look) -> None:
        super().__init__()
        self.editor = _ResendEditor()
        self.editor.setProperty("role", "input")
        self.editor.setAccessibleName("Your message, to resend")
        self.editor.setFont(look.font())
        self.editor.setTabChangesFocus(True)
        self.editor.setPlainText(text)
        self.editor.submitted.connect(self._send)
        self.editor.canceled.connect(self.canceled)
        self.editor.textChanged.connect(self._refresh)
        self.send = QPushButton("Resend  Ctrl+Enter")
        self.send.setAccessibleName("Resend this message")
        self.send.setProperty("role", "primary")
        self.send.clicked.connect(self._send)
        cancel = QPushButton("Cancel  Esc")
        cancel.setAccessibleName("Keep the message unchanged")
        cancel.clicked.connect(self.canceled)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("The conversation continues from here. This version is kept.", "hint"), 1)
        row.addWidget(cancel)
        row.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.editor)
        column.addLayout(row)
        self._refresh()

    def _send(self) -> None:
        text = self.editor.toPlainText()
        if text.strip():
            self.sent.emit(text)

    def _refresh(self) -> None:
        self.send.setEnabled(bool(self.editor.toPlainText().strip()))


class _ResendEditor(FittedText):
    submitted = Signal()
    canceled = Signal()

    def __init__(self) -> None:
        super().__init__(least=2, most=_MAX_LINES)

    def around(self) -> int:
        return 20

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter and Esc act on the box while it has the focus, not on the window's Run and Stop."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() == Qt.Key.Key_Escape or (event.key() in _ENTER and has_control):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER and has_control:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.canceled.emit()
        else:
            super().keyPressEvent(event)
