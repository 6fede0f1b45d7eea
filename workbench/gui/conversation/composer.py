"""The composer: the message, the tool choice beside the send button, and obstacles."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.gui.conversation.tool_choice_panel import ToolChoicePanel
from workbench.gui.kit.fitted_text import FittedText
from workbench.gui.kit.flow_layout import TwoParts, flow_row
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.shared.plain import one_line

_MAX_LINES = 10
_ASKED_MS = 6_000
"""How long the question whether to stop a run with waiting calls stays open."""
_HINT = "Message…   Ctrl+Enter runs"


class Composer(QFrame):
    """Shows a `ComposerViewModel`."""

    sent = Signal()
    stopped = Signal()
    last_asked = Signal()
    """Up was pressed in an empty message, to edit the last one."""

    def __init__(self, view_model: ComposerViewModel, look: Look) -> None:
        super().__init__()
        self._view_model = view_model
        self._look = look
        self.setProperty("role", "composer")
        self.editor = _MessageEditor()
        self.editor.setProperty("role", "input")
        self.editor.setAccessibleName("Message")
        self.editor.setPlainText(view_model.text)
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.submitted.connect(self.sent)
        self.editor.last_asked.connect(self.last_asked)
        self.editor.suggestion_taken.connect(self._take_suggestion)
        self._notice_icon = QLabel()
        self._notice = label("", "hint", wraps=True)
        self._notice.setProperty("tone", "warn")
        self.choice = QPushButton()
        self.choice.setProperty("role", "picker")
        self.choice.setToolTip("Tool choice: which tools the model may or must call")
        self.choice.clicked.connect(self._open_choice)
        self.step = QToolButton()
        self.step.setCheckable(True)
        self.step.setProperty("role", "quiet")
        self.step.setText("Step")
        self.step.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.step.setAccessibleName("Step mode: pause before each request and call")
        self.step.setToolTip("Step mode: pause before each request and call, inspect, edit, continue")
        self.step.clicked.connect(lambda is_on: view_model.step(is_on=is_on))
        self._obstacle = ElidedLabel("", "hint")
        self._obstacle.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.send = QPushButton("Send")
        self.send.clicked.connect(lambda: self.stopped.emit() if view_model.is_running else self.sent.emit())
        self._panel: ToolChoicePanel | None = None
        self._stop_keys = ""
        notice = QHBoxLayout()
        notice.setSpacing(6)
        notice.addWidget(self._notice_icon, 0, Qt.AlignmentFlag.AlignTop)
        notice.addWidget(self._notice, 1)
        pickers, self._pickers = flow_row()
        self._pickers.addWidget(self.choice)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.step)
        row.addWidget(self._obstacle, 1)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.editor)
        column.addLayout(notice)
        column.addWidget(TwoParts(pickers, foot))
        self.setTabOrder(self.editor, self.choice)
        self.setTabOrder(self.choice, self.step)
        self.setTabOrder(self.step, self.send)
        self._asking = delay(self, _ASKED_MS, view_model.forget_stop)
        self._on_look_changed()
        listen(self, view_model.changed, self._refresh)
        look.follow(self, self._on_look_changed)

    def add_picker(self, picker: QPushButton) -> None:
        """Add another choice about the next run beside the tool choice."""
        self._pickers.insertWidget(1, picker)
        self.setTabOrder(self.choice, picker)

    def name_stop(self, keys: str) -> None:
        """The keys that would stop the run now, for the button; none while they do something else."""
        if keys != self._stop_keys:
            self._stop_keys = keys
            self._refresh()

    def _on_text_changed(self) -> None:
        self._view_model.write(self.editor.toPlainText())

    def _take_suggestion(self) -> None:
        self._view_model.take_suggestion()
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def _open_choice(self) -> None:
        if self._panel is None:
            self._panel = ToolChoicePanel(self._view_model, self._look, self)
        self._panel.open_above(self.choice)

    def _refresh(self) -> None:
        view_model = self._view_model
        if view_model.text != self.editor.toPlainText():
            self.editor.setPlainText(view_model.text)
        suggestion = view_model.suggestion
        self.editor.has_suggestion = bool(suggestion)
        self.editor.setPlaceholderText(
            f"{one_line(suggestion, 200)}\nCtrl+Enter sends this, Tab lets you edit it" if suggestion else _HINT
        )
        self.choice.setText(f"Tools: {view_model.choice_label}  ▾")
        self.choice.setAccessibleName(f"Tool choice: {view_model.choice_label}")
        self.step.setChecked(view_model.is_stepping)
        self.step.setIcon(self._look.icon("step", "accent" if view_model.is_stepping else "muted"))
        notice = view_model.stop_question or view_model.notice
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._notice_icon.setVisible(bool(notice))
        obstacle = view_model.obstacle
        question = view_model.stop_question
        self._obstacle.setText("" if view_model.is_running else obstacle)
        self._obstacle.setVisible(bool(self._obstacle.text()))
        stop = f"{'Stop anyway' if question else 'Stop'}  {self._stop_keys}".rstrip()
        self.send.setText(stop if view_model.is_running else "Send  Ctrl+Enter")
        if question and not self._asking.isActive():
            self._asking.start()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, question))
        self.send.setAccessibleName("Stop the run" if view_model.is_running else "Send the message")
        is_primary = not view_model.is_running and bool(view_model.text.strip())
        set_role(self.send, "role", "primary" if is_primary else "")
        icon, token = ("stop", "text") if view_model.is_running else ("send", "on_accent" if is_primary else "muted")
        self.send.setIcon(self._look.icon(icon, token))
        self.send.setEnabled(view_model.is_running or not obstacle)
        self.send.setToolTip(obstacle)

    def _on_look_changed(self) -> None:
        self.editor.setFont(self._look.font())
        size = self._look.px(16)
        self._notice_icon.setPixmap(self._look.pixmap("warn", "warn", size, self.devicePixelRatioF()))
        self._refresh()


class _MessageEditor(FittedText):
    submitted = Signal()
    last_asked = Signal()
    suggestion_taken = Signal()
    has_suggestion = False

    def __init__(self) -> None:
        super().__init__(least=2, most=_MAX_LINES)

    def around(self) -> int:
        return 20

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and has_control:
            self.submitted.emit()
            return
        if event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.last_asked.emit()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """The first Tab inserts a suggestion; the next one moves on."""
        if is_next and self.has_suggestion and not self.toPlainText():
            self.suggestion_taken.emit()
            return True
        return super().focusNextPrevChild(is_next)
