"""The widget for each kind of entry in a chat."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import SignalInstance

from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.entries import AnswerText, HeadLine, NoticeBox, ReasoningText
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.chat_entry import (
    CallEntry,
    ChatEntry,
    HeadEntry,
    NoticeEntry,
    TextEntry,
    UserEntry,
)

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader

EntryWidget = UserBubble | HeadLine | AnswerText | ReasoningText | CallCard | NoticeBox


class EntryRequests(Protocol):
    """The view's signals that the widgets' signals are connected to."""

    @property
    def link_asked(self) -> SignalInstance: ...
    @property
    def call_selected(self) -> SignalInstance: ...
    @property
    def tool_asked(self) -> SignalInstance: ...
    @property
    def place_menu_asked(self) -> SignalInstance: ...
    @property
    def case_asked(self) -> SignalInstance: ...
    @property
    def send_again_asked(self) -> SignalInstance: ...
    @property
    def version_asked(self) -> SignalInstance: ...
    @property
    def action_asked(self) -> SignalInstance: ...
    @property
    def entry_shown(self) -> SignalInstance: ...
    def pictures(self) -> "PictureReader": ...
    @property
    def unfolded(self) -> set[str]: ...
    def note_fold(self, key: str, *, is_folded: bool) -> None: ...


def make_entry_widget(entry: ChatEntry, look: Look, view: EntryRequests) -> EntryWidget:
    """The widget that shows an entry; the view passes on its requests."""
    match entry:
        case UserEntry():
            bubble = UserBubble(entry, look)
            bubble.send_again_asked.connect(view.send_again_asked)
            bubble.version_asked.connect(view.version_asked)
            bubble.place_menu_asked.connect(view.place_menu_asked)
            return bubble
        case HeadEntry():
            head = HeadLine(entry, look)
            head.place_menu_asked.connect(view.place_menu_asked)
            return head
        case TextEntry(part="reasoning"):
            return ReasoningText(entry, look)
        case TextEntry():
            answer = AnswerText(entry, look)
            answer.link_asked.connect(view.link_asked)
            return answer
        case CallEntry():
            card = CallCard(entry, look, view.pictures)
            card.selected.connect(view.call_selected)
            card.tool_asked.connect(view.tool_asked)
            card.place_menu_asked.connect(view.place_menu_asked)
            card.case_asked.connect(view.case_asked)
            if entry.key in view.unfolded:
                card.expand(True)
            card.folded.connect(lambda is_folded: view.note_fold(entry.key, is_folded=is_folded))
            card.expanded.connect(lambda: view.entry_shown.emit(card))
            return card
        case NoticeEntry():
            box = NoticeBox(entry, look)
            box.action_asked.connect(view.action_asked)
            return box
