"""A tool call in the chat: one line when all is well, everything when somebody looks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.gui.approvals.approval_body import ApprovalBody
from workbench.gui.kit.icon_button import more_button
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.labels import TONE_ICONS, ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approval_card import ApprovalCard
from workbench.viewmodels.approvals.question_card import QuestionCard
from workbench.viewmodels.conversation.chat_entry import CallEntry
from workbench.viewmodels.runs.run_place import place_of_entry
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader
    from workbench.gui.approvals.question_body import QuestionBody
    from workbench.gui.kit.attachments_view import AttachmentsView

_ICONS: dict[Tone, tuple[str, str]] = {**TONE_ICONS, "plain": ("tool", "muted")}


class CallCard(QFrame):
    """Shows a `CallEntry`; while a person is asked, it holds the approval as well.

    The frame itself keeps the focus when the approval leaves it, so that a key meant for one card never
    reaches the next.
    """

    selected = Signal(str)
    """The person wants to see this call in the trace."""
    tool_asked = Signal(str)
    """The person wants to edit this tool."""
    place_menu_asked = Signal(object, QPoint)
    """The person wants to see what can be done with this call (a `RunPlace`), at that point of the screen."""
    case_asked = Signal(object)
    """The person wants this call, which they edited or rejected, as a case (a `RunPlace`)."""
    expanded = Signal()
    folded = Signal(bool)
    """Whether it is folded now."""
    """The whole arguments and result are shown."""

    def __init__(self, entry: CallEntry, look: Look, pictures: "Callable[[], PictureReader]") -> None:
        super().__init__()
        self.entry = entry
        self._look = look
        self._pictures = pictures
        self._approval: ApprovalBody | None = None
        self._card: ApprovalCard | None = None
        self.questions: list[QuestionBody] = []
        """What the call's server asks."""
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._icon = QLabel()
        self._name = label("", "mono-strong")
        self._caption = ElidedLabel("", "caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._toggle = QToolButton()
        self._toggle.setAccessibleName("Show arguments and result")
        self._toggle.setToolTip("Show arguments and result (Enter)")
        self._toggle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._toggle.clicked.connect(lambda: self.expand(not self.is_expanded))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._name)
        self._more = more_button(f"Actions for this call of {one_line(entry.tool, 80)}", look)
        self._more.clicked.connect(lambda: self._ask_menu(self._more.mapToGlobal(self._more.rect().bottomLeft())))
        self.save_case = QPushButton("Save as case")
        self.save_case.setProperty("role", "link")
        self.save_case.setAccessibleName("Save your decision as a case of a suite")
        self.save_case.clicked.connect(lambda _=False: self._ask_case())
        head.addWidget(self._caption, 1)
        head.addWidget(self.save_case)
        head.addWidget(self._more)
        head.addWidget(self._toggle)
        self._line = ElidedLabel("", "mono")
        self._problems = label("", "hint", wraps=True)
        self._problems.setProperty("tone", "error")
        self.details: CallDetails | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 8, 10)
        self._column.setSpacing(5)
        self._column.addLayout(head)
        self._column.addWidget(self._line)
        self._column.addWidget(self._problems)
        self.refresh()
        look.follow(self, self.refresh)

    @property
    def is_expanded(self) -> bool:
        """Whether the whole arguments and result are shown."""
        return self.details is not None and not self.details.isHidden()

    @property
    def approval(self) -> ApprovalBody | None:
        """The approval in this card, while there is one."""
        return self._approval

    def expand(self, is_expanded: bool) -> None:
        """Show or hide the whole arguments and result."""
        if is_expanded and self.details is None:
            self.details = CallDetails(self.entry, self._look, self._pictures)
            self.details.trace_asked.connect(self._select)
            self.details.tool_asked.connect(lambda: self.tool_asked.emit(self.entry.tool))
            self._column.addWidget(self.details)
        if self.details is not None:
            self.details.setVisible(is_expanded)
        self.refresh()
        self.folded.emit(not is_expanded)
        if is_expanded:
            self.expanded.emit()

    def ask(self, card: ApprovalCard) -> None:
        """Put the question into this card."""
        if self._card is card:
            return
        self.answered()
        self._card = card
        self._approval = ApprovalBody(card, self._look)
        self._column.insertWidget(1, self._approval)
        self._approval.decided.connect(self._keep_focus)
        listen(self._approval, card.changed, self.refresh)
        self.refresh()

    def answered(self) -> None:
        """The question is gone; the focus stays on the card."""
        if self._approval is None:
            return
        self._keep_focus()
        self._column.removeWidget(self._approval)
        self._approval.hide()
        self._approval.deleteLater()
        self._approval, self._card = None, None
        self.refresh()

    def show_questions(self, cards: tuple[QuestionCard, ...]) -> None:
        """Put what the call's server asks into this card, and nothing else."""
        if [body.card for body in self.questions] == list(cards):
            return
        for body in [body for body in self.questions if body.card not in cards]:
            focused = self.window().focusWidget()
            if focused is not None and body.isAncestorOf(focused):
                self.setFocus()
            self.questions.remove(body)
            self._column.removeWidget(body)
            body.hide()
            body.deleteLater()
        for card in cards[len(self.questions) :]:
            from workbench.gui.approvals.question_body import QuestionBody  # few servers ask

            body = QuestionBody(card, self._look)
            body.answered.connect(self.setFocus)
            self.questions.append(body)
            self._column.insertWidget(len(self.questions), body)
        self.refresh()

    def refresh(self) -> None:
        """Show the entry as it is now."""
        entry = self.entry
        is_asking = self._approval is not None or bool(self.questions)
        name, token = _ICONS["wait" if is_asking else entry.tone]
        self._icon.setPixmap(self._look.pixmap(name, token, self._look.px(16), self.devicePixelRatioF()))
        self._name.setText(one_line(entry.tool, 80) or "tool call")
        card = self._card
        self._caption.setText(
            " · ".join(part for part in (card.caption, card.effect) if part)
            if card is not None
            else self.questions[0].card.caption
            if self.questions
            else entry.caption
        )
        set_role(self, "role", "card-wait" if is_asking else "card")
        self._line.setVisible(not is_asking and not self.is_expanded)
        self._line.setText(self._summary())
        self._problems.setText("\n".join(one_line(problem, 300) for problem in entry.problems))
        self._problems.setVisible(bool(entry.problems) and not is_asking)
        self._toggle.setIcon(self._look.icon("chevron-down" if self.is_expanded else "chevron-right"))
        self._toggle.setVisible(not is_asking)
        self._more.setVisible(entry.call is not None and not is_asking)
        self.save_case.setVisible(entry.was_corrected and not is_asking)
        if self.details is not None and self.is_expanded:
            self.details.refresh()
        self.setAccessibleName(f"Tool call {one_line(entry.tool, 80)}")
        self.setAccessibleDescription(self._caption.text())

    def _summary(self) -> str:
        arguments = one_line(self.entry.shown_arguments, 400)
        result = self.entry.result_text
        return arguments if result is None else f"{arguments}  →  {one_line(result, 400)}"

    def _keep_focus(self) -> None:
        focused = self.window().focusWidget() if self._approval is not None else None
        if focused is not None and self._approval is not None and self._approval.isAncestorOf(focused):
            self.setFocus()

    def take_focus(self, shown_hash: str = "") -> None:
        """Take the focus because the person asked for it; a card that wants a result puts it into its box. Of several
        questions, that with this hash gets it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._approval is not None:
            self._approval.focus_result()
        for body in [one for one in self.questions if one.card.question.shown_hash == shown_hash] or self.questions[:1]:
            body.take_focus()

    def focused_question(self) -> str:
        """The hash of what is asked where the focus is in this card; empty when nothing is asked."""
        if self._card is not None:
            return self._card.question.shown_hash
        focused = self.window().focusWidget()
        held = [body for body in self.questions if focused is not None and body.isAncestorOf(focused)]
        return next((body.card.question.shown_hash for body in held or self.questions), "")

    def _select(self) -> None:
        if self.entry.call_id is not None:
            self.selected.emit(self.entry.call_id)

    def _ask_menu(self, point: QPoint) -> None:
        if (run_place := place_of_entry(self.entry)) is not None:
            self.place_menu_asked.emit(run_place, point)

    def _ask_case(self) -> None:
        if (run_place := place_of_entry(self.entry)) is not None:
            self.case_asked.emit(run_place)

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._approval is not None and self._approval.take_key(event):
            return
        if (
            self._approval is None
            and not self.questions
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        ):
            self.expand(not self.is_expanded)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._ask_menu(event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._approval is None:
            self.expand(not self.is_expanded)
        super().mouseDoubleClickEvent(event)


class CallDetails(QWidget):
    """The whole arguments and the whole result."""

    trace_asked = Signal()
    tool_asked = Signal()

    def __init__(self, entry: CallEntry, look: Look, pictures: "Callable[[], PictureReader]") -> None:
        super().__init__()
        self._entry = entry
        self._arguments_title = label("Arguments", "caption")
        self.arguments = JsonView(look, f"Arguments of {one_line(entry.tool, 80)}")
        self._talk_title = label("Asked by its server", "caption")
        self.talk = PlainView(look, f"What the server of {one_line(entry.tool, 80)} asked", max_lines=10)
        self._result_title = label("Result", "caption")
        self.result = JsonView(look, f"Result of {one_line(entry.tool, 80)}")
        show_in_trace = QToolButton()
        show_in_trace.setText("Show in trace")
        show_in_trace.setAccessibleName(f"Show {one_line(entry.tool, 80)} in the trace")
        show_in_trace.clicked.connect(self.trace_asked)
        self.open_tool = QToolButton()
        self.open_tool.setText("Open tool")
        self.open_tool.setAccessibleName(f"Open the tool {one_line(entry.tool, 80)}")
        self.open_tool.setToolTip("Open the tool of this call")
        self.open_tool.clicked.connect(self.tool_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(show_in_trace)
        buttons.addWidget(self.open_tool)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 4, 0)
        column.setSpacing(4)
        talk = (self._talk_title, self.talk)
        for widget in (self._arguments_title, self.arguments, *talk, self._result_title, self.result):
            column.addWidget(widget)
        self.attachments: AttachmentsView | None = None
        self._look = look
        self._pictures = pictures
        self._column = column
        column.addLayout(buttons)

    def refresh(self) -> None:
        """Show the entry as it is now."""
        self._arguments_title.setText("Arguments (edited by you)" if self._entry.was_edited else "Arguments")
        self.arguments.show_text(self._entry.shown_arguments)
        talk = self._entry.talk
        self._talk_title.setVisible(bool(talk))
        self.talk.setVisible(bool(talk))
        self.talk.show_text(talk)
        result = self._entry.result_text
        self.result.setVisible(result is not None)
        self._result_title.setVisible(result is not None)
        if self._entry.attachments and self.attachments is None:
            from workbench.gui.kit.attachments_view import AttachmentsView  # few tools return any

            self.attachments = AttachmentsView(self._entry.attachments, self._look, self._pictures)
            self._column.insertWidget(self._column.count() - 1, self.attachments)
        if result is not None:
            self.result.show_text(result or "(empty text)")
