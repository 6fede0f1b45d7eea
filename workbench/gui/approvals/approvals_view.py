"""The dock of all waiting calls, with a card for each."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.approvals.approval_body import ApprovalBody
from workbench.gui.approvals.together_bar import TogetherBar
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approval_card import ApprovalCard
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.gui.approvals.question_body import QuestionFrame

MOST_SHOWN = 100
"""Nobody reads more cards at once, and each takes a third of a megabyte."""


class ApprovalFrame(QFrame):
    """One waiting call in the dock. Its keys act while it, or a button in it, has the focus."""

    def __init__(self, card: ApprovalCard, look: Look) -> None:
        super().__init__()
        self.card = card
        self._look = look
        self.setProperty("role", "card-wait")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{card.tool} needs a decision")
        self._icon = QLabel()
        self._caption = ElidedLabel("", "caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body = ApprovalBody(card, look)
        self.body.decided.connect(self._keep_focus)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(label(one_line(card.tool, 80), "mono-strong"))
        head.addWidget(self._caption, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 10)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.body)
        self._refresh()
        listen(self, card.changed, self._refresh)
        look.follow(self, self._refresh)

    def take_focus(self) -> None:
        """Take the focus at the person's request; a card that needs a result focuses its box."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.body.focus_result()

    def _refresh(self) -> None:
        self._icon.setPixmap(self._look.pixmap("hand", "warn", self._look.px(16), self.devicePixelRatioF()))
        self._caption.setText(self.card.caption)
        self.setAccessibleDescription(self.card.caption)

    def _keep_focus(self) -> None:
        """Move the focus off the buttons before they vanish, or Qt would give it to the next card."""
        focused = self.window().focusWidget()
        if focused is not None and (focused is self or self.isAncestorOf(focused)):
            self.setFocus()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.body.take_key(event):
            super().keyPressEvent(event)


class ApprovalsView(QScrollArea):
    """Shows an `ApprovalsViewModel`."""

    def __init__(self, approvals: ApprovalsViewModel, look: Look) -> None:
        super().__init__()
        self._approvals = approvals
        self._look = look
        self._frames: dict[str, ApprovalFrame] = {}
        self.questions: dict[str, QuestionFrame] = {}
        self.setAccessibleName("Waiting approvals")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        page.setProperty("role", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._empty = label(
            "Nothing is waiting. Calls that need approval appear here and in the chat.", "hint", wraps=True
        )
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self._empty)
        self.together = TogetherBar(approvals)
        self._column.addWidget(self.together)
        self._rest = label("", "hint", wraps=True)
        self._column.addWidget(self._rest)
        self._column.addStretch(1)
        self.setWidget(page)
        self._refresh()
        listen(self, approvals.changed, self._refresh)

    @property
    def _all(self) -> "dict[str, ApprovalFrame | QuestionFrame]":
        return {**self._frames, **self.questions}

    def focus_card(self, shown_hash: str) -> bool:
        """Focus the card with this hash at the person's request."""
        frame = self._all.get(shown_hash)
        if frame is None:
            return False
        frame.take_focus()
        QTimer.singleShot(0, frame, lambda: self.ensureWidgetVisible(frame))
        return True

    def focus_together(self) -> None:
        """Focus the line that asks about several calls, which the person started."""
        self.together.take_focus()
        QTimer.singleShot(0, self.together, lambda: self.ensureWidgetVisible(self.together))

    def focused_question(self) -> str:
        """The hash of the card here that has the focus; empty when none has."""
        return next((shown_hash for shown_hash, frame in self._all.items() if self._has_focus(frame)), "")

    def _refresh(self) -> None:
        left = dict(self._frames)
        cards = self._approvals.cards
        for place, card in enumerate(cards[:MOST_SHOWN]):
            key = card.question.shown_hash
            frame = left.pop(key, None)
            if frame is None:
                frame = ApprovalFrame(card, self._look)
                self._frames[key] = frame
                self._column.insertWidget(place + 2, frame)
        for key, frame in left.items():
            del self._frames[key]
            if self._has_focus(frame):
                self.setFocus()
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._show_questions()
        self._empty.setVisible(not self._frames and not self.questions)
        rest = len(cards) - len(self._frames)
        self._rest.setText(f"{rest:,} more waiting. They appear here as you decide." if rest else "")
        self._rest.setVisible(bool(rest))

    def _show_questions(self) -> None:
        """Show servers' questions below the waiting calls."""
        left = dict(self.questions)
        for card in self._approvals.questions.cards[:MOST_SHOWN]:
            key = card.question.shown_hash
            if left.pop(key, None) is None:
                from workbench.gui.approvals.question_body import QuestionFrame  # few servers ask

                self.questions[key] = QuestionFrame(card, self._look)
                self._column.insertWidget(self._column.count() - 2, self.questions[key])
        for key, frame in left.items():
            del self.questions[key]
            if self._has_focus(frame):
                self.setFocus()
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()

    def _has_focus(self, frame: QWidget) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and (focused is frame or frame.isAncestorOf(focused))
