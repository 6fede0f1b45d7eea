"""The inside of a question of a tool's server. It appears in the chat's call card and in the dock alike."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.core.server_question import Action
from workbench.gui.kit.argument_box import ArgumentBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.question_card import QuestionCard

_MOST_FIELDS = 8
_FIELDS_HEIGHT = 420
"""With more fields than this, they scroll in an area of this height."""


class QuestionBody(QWidget):
    """Shows one `QuestionCard` and passes the reply on to it."""

    answered = Signal()
    """A reply was given here; the card is about to leave."""

    def __init__(self, card: QuestionCard, look: Look) -> None:
        super().__init__()
        self.card = card
        self._look = look
        self.boxes: list[ArgumentBox] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        if card.message:
            column.addWidget(self._text(card.message, f"What {card.server} says", is_mono=False))
        for who, words in card.texts:
            column.addWidget(label(who, "caption"))
            column.addWidget(self._text(words, f"Text of {who}"))
        if card.address:
            column.addWidget(self._text(card.address, "Address to open"))
            column.addWidget(self._make_address_buttons())
        if card.form is not None and card.form.fields:
            column.addWidget(self._make_fields())
        self._problem = label("", "hint", wraps=True)
        self._problem.setProperty("tone", "error")
        column.addWidget(self._problem)
        column.addWidget(label(card.explanation, "hint", wraps=True))
        column.addWidget(self._make_buttons())
        self._refresh()
        listen(self, card.changed, self._refresh)

    def take_focus(self) -> None:
        """Put the cursor into the first field, or on the button that answers."""
        (self.boxes[0].input if self.boxes else self.accept).setFocus()

    def _text(self, text: str, name: str, *, is_mono: bool = True) -> PlainView:
        view = PlainView(self._look, name, is_mono=is_mono, max_lines=10)
        view.show_text(text, max_chars=len(text))
        view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return view

    def _make_fields(self) -> QWidget:
        form = self.card.form
        assert form is not None
        inner = QWidget()
        inner.setProperty("role", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in form.fields:
            box = ArgumentBox(field, self._look)
            box.typed.connect(lambda text, field=field: form.write(field, text))
            self.boxes.append(box)
            column.addWidget(box)
        if len(self.boxes) <= _MOST_FIELDS:
            return inner
        scroll = ScrollArea("Fields", inner)
        scroll.setFixedHeight(self._look.px(_FIELDS_HEIGHT))
        return scroll

    def _make_address_buttons(self) -> QWidget:
        row, layout = flow_row()
        copy = action_button("Copy address", "Copy the address", self._copy)
        self.open_address = action_button("Open in browser", "Open the address in the browser", self._open)
        self.open_address.setToolTip("Opens exactly the address above, in the system's browser")
        for button in (copy, self.open_address):
            layout.addWidget(button)
        return row

    def _make_buttons(self) -> QWidget:
        row, layout = flow_row()
        card = self.card
        self.accept = action_button(
            card.accept_words, f"{card.accept_words}: {card.caption}", lambda: self._answer("accept"), role="primary"
        )
        decline = action_button("Decline", f"Decline: {card.caption}", lambda: self._answer("decline"))
        decline.setToolTip("The call goes on, and the server is told that you said no")
        cancel = action_button("Cancel", f"Cancel: {card.caption}", lambda: self._answer("cancel"))
        cancel.setToolTip("The call goes on, and the server is told that you made no choice")
        for button in (self.accept, decline, cancel):
            layout.addWidget(button)
        return row

    def _answer(self, action: Action) -> None:
        if action == "accept" and self.card.problem:
            return
        self.answered.emit()
        self.card.answer(action)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.card.address)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(self.card.address))

    def _refresh(self) -> None:
        for box in self.boxes:
            box.show_value()
            box.show_problem(self.card.problem_of(box.field))
        problem = self.card.problem
        has_shown = any(self.card.problem_of(box.field) for box in self.boxes)
        self._problem.setText(f"✗ {problem}" if problem and not has_shown else "")
        self._problem.setVisible(bool(problem) and not has_shown)
        self.accept.setEnabled(self.card.is_open and not problem)
        self.setEnabled(self.card.is_open)


class QuestionFrame(QFrame):
    """One question in the dock."""

    def __init__(self, card: QuestionCard, look: Look) -> None:
        super().__init__()
        self.card = card
        self._look = look
        self.setProperty("role", "card-wait")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{card.tool} waits: {card.caption}")
        self._icon = QLabel()
        caption = ElidedLabel(card.caption, "caption")
        caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body = QuestionBody(card, look)
        self.body.answered.connect(self.setFocus)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(label(card.tool, "mono-strong"))
        head.addWidget(caption, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 10)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.body)
        self._refresh()
        look.follow(self, self._refresh)

    def take_focus(self) -> None:
        """Take the focus because the person asked for it."""
        self.body.take_focus()

    def _refresh(self) -> None:
        self._icon.setPixmap(self._look.pixmap("hand", "warn", self._look.px(16), self.devicePixelRatioF()))
