"""The scrolling chat: one small widget per entry, following the newest while the reader is at the end.

Only a range of the entries has widgets. It moves with the reader, so that a conversation can have any length.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.core.ids import CallId
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.entries import AnswerText, HeadLine
from workbench.gui.conversation.entry_widget import EntryWidget, make_entry_widget
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import UserEntry

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader

SHOWN_AT_FIRST = 24
MORE = 16
MOST = 120
"""How many entries have widgets: at first, how many more are created at an edge, and the maximum."""
_EDGE_PX = 200
_COLUMN_WIDTH = 860
_HOLD_MS = 150


class ChatView(QScrollArea):
    """Shows a `ChatViewModel`."""

    link_asked = Signal(str)
    call_selected = Signal(str)
    tool_asked = Signal(str)
    place_menu_asked = Signal(object, QPoint)
    case_asked = Signal(object)
    send_again_asked = Signal(object, str)
    version_asked = Signal(object, int)
    action_asked = Signal(object, str)
    earlier_asked = Signal()
    """Earlier messages are needed; the conversation must load them."""
    entry_shown = Signal(object)
    """An entry now has a widget, or its widget shows more."""

    def __init__(
        self,
        chat: ChatViewModel,
        approvals: ApprovalsViewModel,
        look: Look,
        pictures: "Callable[[], PictureReader]",
    ) -> None:
        super().__init__()
        self.pictures = pictures
        self._chat = chat
        self._approvals = approvals
        self._look = look
        self._widgets: dict[str, EntryWidget] = {}
        self._first = self._last = self._told = 0
        self._is_at_end = True
        self._awaits_earlier = False
        self._held: tuple[QWidget, int] | None = None
        self.unfolded: set[str] = set()
        """The expanded calls, including those without a widget."""
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
        self._earlier = action_button("Show earlier messages", "Show earlier messages", self.show_earlier, role="link")
        self._column.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._later = action_button("Show later messages", "Show later messages", self.show_later, role="link")
        self._column.addWidget(self._later, 0, Qt.AlignmentFlag.AlignHCenter)
        for edge in (self._earlier, self._later):
            edge.hide()
        self._column.addStretch(1)
        self.setWidget(page)
        self._release = delay(self, _HOLD_MS, self._arrive)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_scrolled)
        bar.actionTriggered.connect(lambda _: self._let_go())
        listen(self, chat.inserted, self._on_inserted)
        listen(self, chat.changed, self._on_changed)
        listen(self, chat.cleared, self._on_cleared)
        listen(self, chat.filled, self._on_filled)
        listen(self, chat.put_before, self._on_put_before)
        listen(self, approvals.changed, self._match_approvals)
        self._on_filled()

    def card(self, call_id: CallId) -> CallCard | None:
        """The card of a call, if the call is in this chat."""
        entry = self._chat.call_entry(call_id)
        if entry is None:
            return None
        if entry.key not in self._widgets:
            self.show_around(self._chat.place_of(entry))
        widget = self._widgets.get(entry.key)
        return widget if isinstance(widget, CallCard) else None

    def focus_card(self, call_id: CallId, shown_hash: str = "") -> bool:
        """Focus the question of a call's card at the person's request."""
        card = self.card(call_id)
        if card is None:
            return False
        card.take_focus(shown_hash)
        QTimer.singleShot(0, card, lambda: self.ensureWidgetVisible(card.focusWidget() or card, 0, 40))
        return True

    def focused_tool(self) -> str:
        """The tool of the call card that has the focus, or a widget in it; empty when none has."""
        card = self._focused_card
        return card.entry.tool if card is not None else ""

    def focused_question(self) -> str:
        """The hash of the question in the call card that has the focus, or a widget in it; empty if there is none."""
        card = self._focused_card
        return card.focused_question() if card is not None else ""

    @property
    def _focused_card(self) -> CallCard | None:
        focused = self.window().focusWidget()
        cards = [widget for widget in self._widgets.values() if isinstance(widget, CallCard)]
        held = (card for card in cards if focused is not None and (focused is card or card.isAncestorOf(focused)))
        return next(held, None)

    def widget_at(self, place: int) -> EntryWidget:
        """The widget of an entry, created if necessary and scrolled into view."""
        key = self._chat.entries[place].key
        if key not in self._widgets:
            self.show_around(place)
        widget = self._widgets[key]
        self._is_at_end = False
        self._hold(widget, self._look.px(60))
        self._on_range_changed()
        return widget

    @property
    def entry_widgets(self) -> tuple[EntryWidget, ...]:
        """The existing widgets."""
        return tuple(self._widgets.values())

    def hold(self, widget: QWidget, top: int) -> None:
        """Keep this height of an entry's widget in the upper third during layout."""
        self._hold(widget, self.viewport().height() // 3 - top)
        self._on_range_changed()

    def unfold(self, keys: Iterable[str]) -> None:
        """Expand these calls."""
        self.unfolded.update(keys)
        for key in self.unfolded & set(self._widgets):
            widget = self._widgets[key]
            if isinstance(widget, CallCard):
                widget.expand(True)

    def note_fold(self, key: str, *, is_folded: bool) -> None:
        """The person collapsed or expanded a call."""
        (self.unfolded.discard if is_folded else self.unfolded.add)(key)

    @property
    def shown_place(self) -> tuple[int, int]:
        """The entry at the upper edge, and how many pixels of it are above."""
        top = self.verticalScrollBar().value()
        for place in range(self._first, self._last):
            widget = self._widgets[self._chat.entries[place].key]
            if widget.y() + widget.height() > top:
                return place, top - widget.y()
        return self._last, 0

    @property
    def is_at_end(self) -> bool:
        """Whether the newest entry is followed."""
        return self._is_at_end

    def scroll_to(self, place: int, above: int) -> None:
        """Bring an entry to the upper edge, with this many pixels of it above."""
        if 0 <= place < len(self._chat.entries):
            self.widget_at(place)
            self._hold(self._widgets[self._chat.entries[place].key], -above)
            self._on_range_changed()

    def scroll_to_end(self) -> None:
        """Follow the newest entry again."""
        self._let_go()
        self._is_at_end = True
        if self._last < len(self._chat.entries):
            self._on_filled()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def edit_last_message(self) -> bool:
        """Open the person's newest message in an editor."""
        for place in range(len(self._chat.entries) - 1, -1, -1):
            entry = self._chat.entries[place]
            if isinstance(entry, UserEntry) and entry.seq:
                widget = self.widget_at(place)
                if isinstance(widget, UserBubble):
                    widget.open_box()
                return True
        return False

    # the range of entries that has widgets

    def show_earlier(self) -> None:
        """Make widgets for some entries before the first one that has one."""
        if self._first == 0:
            if self._chat.has_earlier:
                self._awaits_earlier = True
                self.earlier_asked.emit()
            return
        self._hold_top()
        self._is_at_end = False
        before = self._first
        self._first = max(0, before - MORE)
        for place in range(self._first, before):
            self._show_entry(place)
        self._drop(self._first + MOST, self._last)
        self._match_approvals()

    def show_later(self) -> None:
        """Make widgets for some entries after the last one that has one."""
        if self._last >= len(self._chat.entries):
            return
        self._hold_top()
        self._is_at_end = False
        before = self._last
        self._last = min(len(self._chat.entries), before + MORE)
        for place in range(before, self._last):
            self._show_entry(place)
        self._drop(self._first, self._last - MOST)
        self._match_approvals()

    def show_around(self, place: int) -> None:
        """Make widgets for the entries around this one."""
        self._clear()
        self._first = max(0, place - MORE // 2)
        self._last = min(len(self._chat.entries), place + MORE)
        self._is_at_end = False
        for each in range(self._first, self._last):
            self._show_entry(each)
        self._drop(0, 0)
        self._match_approvals()

    def _on_filled(self) -> None:
        self._clear()
        self._last = self._told = len(self._chat.entries)
        self._first = max(0, self._last - SHOWN_AT_FIRST)
        for place in range(self._first, self._last):
            self._show_entry(place)
        self._drop(0, 0)
        self._match_approvals()

    def _on_put_before(self, count: int) -> None:
        self._first, self._last, self._told = self._first + count, self._last + count, self._told + count
        self._drop(0, 0)
        if self._awaits_earlier:
            self._awaits_earlier = False
            self.show_earlier()

    def _on_inserted(self, place: int) -> None:
        """One of the entries announced so far; some after it may not have been announced yet."""
        is_whole = self._last == self._told
        self._told += 1
        if place < self._first:
            self._first += 1
            self._last += 1
        elif place < self._last or (place == self._last and is_whole):
            self._last += 1
            self._show_entry(place)
            if self._is_at_end and self._last - self._first > MOST + MORE:
                self._drop(self._first, self._last - MOST)
            self._match_approvals()
        else:
            self._drop(0, 0)

    def _on_changed(self, place: int) -> None:
        widget = self._widgets.get(self._chat.entries[place].key)
        if widget is not None:
            widget.refresh()
            if isinstance(widget, CallCard):
                self._match_approval(widget)

    def _on_cleared(self) -> None:
        self._clear()
        self._told = 0
        self._drop(0, 0)

    def _clear(self) -> None:
        self._held = None
        for widget in self._widgets.values():
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets.clear()
        self._first = self._last = 0

    def _drop(self, first: int, last: int) -> None:
        """Remove the widgets of these entries at one of the two edges; then show that entries are left out."""
        for place in range(max(first, self._first), min(last, self._last)):
            widget = self._widgets.pop(self._chat.entries[place].key)
            if self._held is not None and self._held[0] is widget:
                self._held = None
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        if first < last and first <= self._first < last:
            self._first = last
        elif first < last and first < self._last <= last:
            self._last = first
        self._earlier.setVisible(self._first > 0 or self._chat.has_earlier)
        self._later.setVisible(self._last < self._told)

    def _show_entry(self, place: int) -> None:
        entry = self._chat.entries[place]
        widget = make_entry_widget(entry, self._look, self)
        self._widgets[entry.key] = widget
        self._column.insertWidget(place - self._first + 1, widget)
        if isinstance(widget, HeadLine) and place > 0:
            widget.setContentsMargins(0, 8, 0, 0)
        self.entry_shown.emit(widget)

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
        widget.show_questions(self._approvals.questions.of_call(call_id))

    # where the reader is

    def _hold_top(self) -> None:
        """Keep the upper edge in place while widgets come and go, which takes several layout steps."""
        place, above = self.shown_place
        if self._held is None and place < self._last:
            self._hold(self._widgets[self._chat.entries[place].key], -above)

    def _hold(self, widget: QWidget, offset: int) -> None:
        self._held = (widget, offset)
        self._release.start()

    def _let_go(self) -> None:
        self._held = None

    def _arrive(self) -> None:
        """The layout is finished; the reader may have reached an edge meanwhile."""
        if any(isinstance(widget, AnswerText) and not widget.view.is_complete for widget in self._widgets.values()):
            self._release.start()
            return
        self._let_go()
        self._on_scrolled(self.verticalScrollBar().value())

    def _on_range_changed(self) -> None:
        bar = self.verticalScrollBar()
        if self._held is not None:
            widget, offset = self._held
            bar.setValue(widget.y() - offset)
            self._release.start()  # a long text arrives piece by piece; until it is complete its end is not the end
        elif self._is_at_end:
            bar.setValue(bar.maximum())

    def _on_scrolled(self, value: int) -> None:
        if self._held is not None:
            return
        bar = self.verticalScrollBar()
        is_whole = self._last >= len(self._chat.entries)
        self._is_at_end = is_whole and value >= bar.maximum() - 24
        if self._is_at_end or bar.maximum() == 0:
            return
        if value < _EDGE_PX and (self._first > 0 or self._chat.has_earlier):
            QTimer.singleShot(0, self, self.show_earlier)
        elif not is_whole and value > bar.maximum() - _EDGE_PX:
            QTimer.singleShot(0, self, self.show_later)

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = max(20, (self.viewport().width() - self._look.px(_COLUMN_WIDTH)) // 2)
        self._column.setContentsMargins(side, 16, side, 16)
