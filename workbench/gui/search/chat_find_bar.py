"""Finding in a conversation: a bar that comes with Ctrl+F and goes with Esc, and the marks in the chat."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from workbench.app.search.search import SearchHit
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.conversation.entries import AnswerText, NoticeBox, ReasoningText
from workbench.gui.conversation.entry_widget import EntryWidget
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.kit.find_row import FindRow
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.gui.search.json_marks import JsonMarks
from workbench.gui.search.text_marks import TextMarks
from workbench.viewmodels.conversation.chat_find import ChatFind, FoundPart, FoundPlace

TextView = QPlainTextEdit | QTextEdit | JsonView
_TYPING_MS, _RECOUNT_MS, _LAID_OUT_MS = 120, 300, 170


class ChatFindBar(FindRow):
    """Looks through one conversation, however long it is; widgets are made only for what is gone to."""

    whole_asked = Signal()
    """It is opened over a conversation of which not all was read."""

    def __init__(self, pane: ChatPane, look: Look) -> None:
        super().__init__("Find in the conversation", look, margin=20)
        self.finder = ChatFind(pane.conversation.chat)
        self._pane = pane
        self._marks: dict[QObject, TextMarks | JsonMarks] = {}
        self._typing = delay(self, _TYPING_MS, self._take_words)
        self._later = delay(self, _RECOUNT_MS, self.finder.recount)
        self._laid_out = delay(self, _LAID_OUT_MS, self._scroll)
        self._counting = delay(self, 0, self.finder.go_on)
        self._shown_place: FoundPlace | None = None
        self.setAccessibleName("Find in the conversation")
        self.line.textEdited.connect(lambda _: self._typing.start())
        chat = pane.conversation.chat
        for signal in (chat.inserted, chat.changed, chat.put_before):
            listen(self, signal, lambda _: self._expect_change())
        listen(self, chat.filled, self._expect_change)
        listen(self, chat.cleared, self._expect_change)
        listen(self, self.finder.changed, self._show_current)
        pane.chat.entry_shown.connect(self._mark_entry)

    def open(self, words: str = "") -> None:
        """Show the bar; what is selected in the chat is looked for."""
        focused = self.window().focusWidget()
        if not words and isinstance(focused, QPlainTextEdit | QTextEdit) and self._pane.chat.isAncestorOf(focused):
            selected = focused.textCursor().selectedText()
            words = "" if "\u2029" in selected else selected
        self.show()
        if words:
            self.line.setText(words)
        self.line.setFocus()
        self.line.selectAll()
        self._take_words()
        if self._pane.conversation.chat.has_earlier:
            self.whole_asked.emit()

    def show_hit(self, words: str, hit: SearchHit) -> bool:
        """Mark what search everywhere found, with this hit as the current place; False when the chat does not show
        it."""
        self._shown_place = None
        if not self.finder.look_for_hit(words, hit):
            self.put_away()
            return False
        self.show()
        self.line.setText(words)
        self.line.setFocus()
        self.line.selectAll()
        return True

    def put_away(self) -> None:
        """Hide the bar and its marks, and go back to the message."""
        self._typing.stop()
        self.hide()
        self.finder.look_for("")
        self._pane.composer.editor.setFocus()

    def step(self, by: int) -> None:
        """Go to the next place (1) or the one before (-1)."""
        if self._typing.isActive():
            self._take_words()
        elif self.isHidden():
            self.open(self.line.text())
        else:
            self._shown_place = None
            self.finder.step(by)

    def _take_words(self) -> None:
        self._typing.stop()
        self._shown_place = None
        if self.line.text() != self.finder.words:
            self.finder.look_for(self.line.text(), near=self._pane.chat.shown_place[0])
        else:
            self._show_current()

    def _expect_change(self) -> None:
        if not self.isHidden() and not self._later.isActive():
            self._later.start()

    # marks

    def _show_current(self) -> None:
        self.count.setText(self.finder.count_words)
        for button in (self._buttons["up"], self._buttons["down"]):
            button.setEnabled(bool(self.finder.places))
        if self.finder.is_counting:
            self._counting.start()
        current = self.finder.current
        is_shown = current == self._shown_place  # only the number of places has changed: the reader stays
        self._shown_place = current
        if is_shown:
            if not self.finder.is_counting:
                self._mark_all()
            return
        if current is not None and (place := self.finder.place_of(current)) >= 0:
            widget = self._pane.chat.widget_at(place)
            if isinstance(widget, CallCard) and current.part != "tool" and widget.approval is None:
                widget.expand(True)
            elif isinstance(widget, ReasoningText):
                widget.expand()
            self._laid_out.start()
        self._mark_all()
        self._scroll()

    def _mark_all(self) -> None:
        for widget in self._pane.chat.entry_widgets:
            self._mark_entry(widget)

    def _mark_entry(self, widget: EntryWidget) -> None:
        if not self.finder.words and not self._marks:
            return
        current = self.finder.current
        own = current if current is not None and current.key == widget.entry.key else None
        for part, view in _views(widget):
            self._marks_of(view).show(own.nth if own is not None and own.part == part else -1)
        if isinstance(widget, NoticeBox):
            self._select(widget, own)

    def _marks_of(self, view: TextView) -> TextMarks | JsonMarks:
        if view not in self._marks:
            kind = JsonMarks if isinstance(view, JsonView) else TextMarks
            self._marks[view] = kind(view, self._look, lambda text: self.finder.spans(text))  # type: ignore[arg-type]
            view.destroyed.connect(lambda *_: self._marks.pop(view, None))
        return self._marks[view]

    def _select(self, box: NoticeBox, own: FoundPlace | None) -> None:
        """A label shows one place at a time, as its selection."""
        spans = [(text, span) for text in box.labels for span in self.finder.spans(text.text())]
        for text in box.labels:
            text.setSelection(0, 0)
        if own is not None and own.nth < len(spans):
            text, (begin, end) = spans[own.nth]
            text.setSelection(begin, end - begin)

    def _scroll(self) -> None:
        """Bring the current place into view, as far down as is comfortable to read."""
        current = self.finder.current
        place = self.finder.place_of(current) if current is not None else -1
        if current is None or place < 0:
            return
        chat = self._pane.chat
        widget = chat.widget_at(place)
        marks = {part: view for part, view in _views(widget)}
        view = marks.get(current.part)
        rect = self._marks[view].current_rect if view is not None and view in self._marks else None
        top = view.mapTo(widget, rect.topLeft()).y() if view is not None and rect is not None else 0
        chat.hold(widget, top)


def _views(widget: QWidget) -> list[tuple[FoundPart, TextView]]:
    """The text views of an entry's widget that are there."""
    match widget:
        case UserBubble():
            return [("text", widget.text)]
        case AnswerText():
            return [("text", widget.view)]
        case ReasoningText():
            return [("text", widget.whole)]
        case CallCard():
            return (
                [("arguments", widget.details.arguments), ("result", widget.details.result)] if widget.details else []
            )
        case _:
            return []
