"""The scrolling chat: one small widget per entry, the newest in view as long as one is at the end."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.core.ids import CallId
from workbench.gui.chat.call_card import CallCard
from workbench.gui.chat.entries import AnswerText, HeadLine, NoticeBox, ReasoningText, UserBubble
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.viewmodels.approvals import ApprovalsViewModel
from workbench.viewmodels.chat import ChatViewModel
from workbench.viewmodels.chat_entry import CallEntry, ChatEntry, HeadEntry, NoticeEntry, TextEntry, UserEntry

SHOWN_ENTRIES = 150
"""How many entries have widgets at first; earlier ones are made when asked for, so that long chats stay quick."""
_COLUMN_WIDTH = 860

EntryWidget = UserBubble | HeadLine | AnswerText | ReasoningText | CallCard | NoticeBox


class ChatView(QScrollArea):
    """Shows a `ChatViewModel`."""

    link_asked = Signal(str)
    call_selected = Signal(str)

    def __init__(self, chat: ChatViewModel, approvals: ApprovalsViewModel, look: Look) -> None:
        super().__init__()
        self._chat = chat
        self._approvals = approvals
        self._look = look
        self._widgets: dict[str, EntryWidget] = {}
        self._first = 0
        self._is_at_end = True
        self.setAccessibleName("Conversation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        page.setProperty("role", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(20, 16, 20, 16)
        self._column.setSpacing(8)
        self._earlier = QPushButton("Show earlier messages")
        self._earlier.setAccessibleName("Show earlier messages")
        self._earlier.setProperty("role", "link")
        self._earlier.clicked.connect(self._show_earlier)
        self._earlier.hide()
        self._column.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self.setWidget(page)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_scrolled)
        listen(self, chat.inserted, self._on_inserted)
        listen(self, chat.changed, self._on_changed)
        listen(self, chat.cleared, self._on_cleared)
        listen(self, approvals.changed, self._match_approvals)
        self._fill()

    def card(self, call_id: CallId) -> CallCard | None:
        """The card of a call, if the call is in this chat."""
        entry = self._chat.call_entry(call_id)
        widget = self._widgets.get(entry.key) if entry else None
        return widget if isinstance(widget, CallCard) else None

    def focus_card(self, call_id: CallId) -> bool:
        """Put the focus on a call's card because the person asked for it."""
        card = self.card(call_id)
        if card is None:
            return False
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, card, lambda: self.ensureWidgetVisible(card, 0, 40))
        return True

    def focused_call(self) -> CallId | None:
        """The call whose card has the focus, or a widget in it."""
        for widget in self._widgets.values():
            if isinstance(widget, CallCard) and widget.approval is not None:
                focused = self.window().focusWidget()
                if focused is not None and (focused is widget or widget.isAncestorOf(focused)):
                    return widget.entry.call_id
        return None

    def scroll_to_end(self) -> None:
        """Follow the newest entry again."""
        self._is_at_end = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _fill(self) -> None:
        self._first = max(0, len(self._chat.entries) - SHOWN_ENTRIES)
        for place in range(self._first, len(self._chat.entries)):
            self._show_entry(place)
        self._earlier.setVisible(self._first > 0)
        self._match_approvals()

    def _show_earlier(self) -> None:
        before = self._first
        self._first = max(0, before - SHOWN_ENTRIES)
        self._is_at_end = False
        for place in range(self._first, before):
            self._show_entry(place)
        self._earlier.setVisible(self._first > 0)

    def _on_inserted(self, place: int) -> None:
        if place >= self._first:
            self._show_entry(place)
            self._match_approvals()

    def _on_changed(self, place: int) -> None:
        widget = self._widgets.get(self._chat.entries[place].key)
        if widget is not None and not isinstance(widget, UserBubble):
            widget.refresh()
            if isinstance(widget, CallCard):
                self._match_approval(widget)

    def _on_cleared(self) -> None:
        for widget in self._widgets.values():
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets.clear()
        self._first = 0
        self._earlier.hide()

    def _show_entry(self, place: int) -> None:
        entry = self._chat.entries[place]
        widget = self._made(entry)
        self._widgets[entry.key] = widget
        self._column.insertWidget(place - self._first + 1, widget)
        if isinstance(entry, HeadEntry | UserEntry) and place > 0:
            widget.setContentsMargins(0, 8, 0, 0) if isinstance(widget, HeadLine) else None

    def _made(self, entry: ChatEntry) -> EntryWidget:
        match entry:
            case UserEntry():
                return UserBubble(entry, self._look)
            case HeadEntry():
                return HeadLine(entry)
            case TextEntry(part="reasoning"):
                return ReasoningText(entry, self._look)
            case TextEntry():
                answer = AnswerText(entry, self._look)
                answer.link_asked.connect(self.link_asked)
                return answer
            case CallEntry():
                card = CallCard(entry, self._look)
                card.selected.connect(self.call_selected)
                return card
            case NoticeEntry():
                return NoticeBox(entry, self._look)

    def _match_approvals(self) -> None:
        for widget in self._widgets.values():
            if isinstance(widget, CallCard):
                self._match_approval(widget)

    def _match_approval(self, widget: CallCard) -> None:
        call_id = widget.entry.call_id
        question = self._approvals.card(call_id) if call_id is not None else None
        if question is not None and question.is_open:
            widget.ask(question)
        else:
            widget.answered()

    def _on_range_changed(self) -> None:
        if self._is_at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _on_scrolled(self, value: int) -> None:
        self._is_at_end = value >= self.verticalScrollBar().maximum() - 24

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = max(20, (self.viewport().width() - self._look.px(_COLUMN_WIDTH)) // 2)
        self._column.setContentsMargins(side, 16, side, 16)
