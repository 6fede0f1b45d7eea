"""A conversation's tab: the chat, or a first view when nothing was said yet, and the composer under it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.core.log import EventLog
from workbench.gui.conversation.chat_view import ChatView
from workbench.gui.conversation.composer import Composer
from workbench.gui.conversation.first_view import FirstView
from workbench.gui.conversation.held_bar import HeldBar
from workbench.gui.kit.bridge import LogBridge
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.conversation.conversation import ConversationViewModel


class ChatPane(QWidget):
    """Shows a `ConversationViewModel` and follows its live run."""

    link_asked = Signal(str)
    call_selected = Signal(str)
    tool_asked = Signal(str)
    """The person wants to edit this tool."""
    place_menu_asked = Signal(object, QPoint)
    case_asked = Signal(object)
    """The person wants a case of the turn that this `RunPlace` is in."""
    send_asked = Signal()
    stop_asked = Signal()
    resume_asked = Signal()
    send_again_asked = Signal(object, str)
    version_asked = Signal(object, int)
    action_asked = Signal(object, str)
    """What to do about a failure: a `NoticeEntry` and a `FailureAction`."""

    def __init__(
        self, conversation: ConversationViewModel, approvals: ApprovalsViewModel, look: Look, *, welcome: str = ""
    ) -> None:
        super().__init__()
        self.conversation = conversation
        self._look = look
        self._bridge: LogBridge | None = None
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chat = ChatView(conversation.chat, approvals, look, conversation.pictures)
        self.chat.link_asked.connect(self.link_asked)
        self.chat.call_selected.connect(self.call_selected)
        self.chat.tool_asked.connect(self.tool_asked)
        self.chat.place_menu_asked.connect(self.place_menu_asked)
        self.chat.case_asked.connect(self.case_asked)
        self.chat.send_again_asked.connect(self.send_again_asked)
        self.chat.version_asked.connect(self.version_asked)
        self.chat.action_asked.connect(self.action_asked)
        self.composer = Composer(conversation.composer, look)
        self.composer.sent.connect(self.send_asked)
        self.composer.stopped.connect(self.stop_asked)
        self.composer.last_asked.connect(self.chat.edit_last_message)
        self.first_view = FirstView(welcome, look)
        self.first_view.run_asked.connect(self._begin)
        self.resume_bar = _ResumeBar(look)
        self.resume_bar.resume_asked.connect(self.resume_asked)
        self.held_bar = HeldBar(conversation.stepper, look)
        self.held_bar.free_asked.connect(lambda: conversation.composer.step(is_on=False))
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._beginning = ScrollArea("Ways to begin", self.first_view, sideways=True)  # of a small window
        self._stack.addWidget(self._beginning)
        self._stack.addWidget(self.chat)
        self._blank = QWidget()
        self._stack.addWidget(self._blank)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(body, 1)
        column.addWidget(self.resume_bar)
        column.addWidget(self.held_bar)
        column.addWidget(self.composer)
        listen(self, conversation.log_opened, self.follow)
        listen(self, conversation.chat.inserted, lambda _: self._show_page())
        listen(self, conversation.chat.cleared, self._show_page)
        listen(self, conversation.chat.filled, self._show_page)
        listen(self, conversation.changed, self._show_page)
        listen(self, conversation.changed, self._show_interruption)
        listen(self, conversation.composer.changed, self._show_message)
        self._show_page()
        self._show_message()
        self._show_interruption()

    def follow(self, log: EventLog) -> None:
        """Show a live run as it goes on."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge.deleteLater()
        self._bridge = LogBridge(log, self.conversation.apply, self, is_seen=self._is_seen)
        self.chat.scroll_to_end()

    def _is_seen(self) -> bool:
        return self.isVisible() or not self.window().isVisible()

    def flush(self, is_enough: Callable[[], bool] = lambda: False) -> None:
        """Show what has arrived, now, until it is enough."""
        if self._bridge is not None:
            self._bridge.flush(is_enough)

    def showEvent(self, event: QShowEvent) -> None:
        """What arrived while nobody looked."""
        self.flush()
        super().showEvent(event)

    def _begin(self) -> None:
        """Run the message, or let it be written where there is none."""
        if self.conversation.composer.message:
            self.send_asked.emit()
        else:
            self.composer.editor.setFocus()

    def _show_message(self) -> None:
        composer = self.conversation.composer
        self.first_view.show_message(is_there=bool(composer.message), obstacle=composer.obstacle)

    def _show_interruption(self) -> None:
        is_interrupted = self.conversation.is_interrupted
        if is_interrupted:
            self.resume_bar.show_words(self.conversation.interruption)
        self.resume_bar.setVisible(is_interrupted)

    def _show_page(self) -> None:
        if self.conversation.chat.entries:
            self._stack.setCurrentWidget(self.chat)
        else:
            is_coming = self.conversation.is_loading or self.conversation.is_running
            self._stack.setCurrentWidget(self._blank if is_coming else self._beginning)


class _ResumeBar(QFrame):
    """An interrupted run goes on only when somebody says so."""

    resume_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "banner")
        self._icon = QLabel()
        self._words = label("", "", wraps=True)
        button = QPushButton("Resume")
        button.setAccessibleName("Resume the interrupted run")
        button.setProperty("role", "primary")
        button.clicked.connect(self.resume_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(button)
        self._take_look()
        look.follow(self, self._take_look)

    def show_words(self, words: str) -> None:
        """Say what was interrupted."""
        self._words.setText(words)

    def _take_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("warn", "warn", self._look.px(18), self.devicePixelRatioF()))
