"""Approvals: the cards of all calls that wait for a person, one by one or several together."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from workbench.core.approval import Question
from workbench.core.ids import CallId
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.approvals.approval_card import ApprovalCard, Desk
from workbench.viewmodels.approvals.question_card import QuestionCard, QuestionCards
from workbench.viewmodels.shared.figures import count

Sources = Callable[[CallId], tuple[tuple[str, str], ...]]
ApprovedBefore = Callable[[CallId, str], str | None]
_Later = Callable[[Callable[[], None]], None]
AnyCard = ApprovalCard | QuestionCard
Verb = Literal["approve", "reject"]
MOST_COUNTED = 50
"""With more cards than this, none shows “1 of 3”: all would have to be updated with every question."""


@dataclass(frozen=True)
class Together:
    """Calls about to be decided together. Later ones are not included."""

    verb: Verb
    cards: tuple[ApprovalCard, ...]

    @property
    def words(self) -> str:
        """What will be done, with every tool named."""
        tools = [card.tool for card in self.cards]
        named = ", ".join(f"{tool} ×{times}" if times > 1 else tool for tool, times in Counter(tools).items())
        return f"{self.verb.capitalize()} {count(len(tools), 'call')}: {named}?"


class ApprovalsViewModel:
    """All cards, oldest question first."""

    def __init__(
        self,
        desk: Desk,
        sources: Sources = lambda call_id: (),
        *,
        later: _Later = lambda act: act(),
        approved_before: ApprovedBefore = lambda call_id, tool: None,
        is_own: Callable[[Tool], bool] = lambda tool: False,
        undo_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`later` puts off listening to the desk: the engine waits while the desk tells, and must not meet a view.

        `approved_before` finds the arguments that were approved last, before those this view-model has seen; `is_own`
        says whether a tool's document is the project's own; `undo_s` for how many seconds an approval of a call that
        acts on the world can be undone.
        """
        self.cards: tuple[ApprovalCard, ...] = ()
        self.questions = QuestionCards(desk.server_questions)
        """Questions of servers in the middle of calls."""
        self.changed: Signal[[]] = Signal()
        """Cards of approvals or questions were added or removed."""
        self.arrived: Signal[[AnyCard]] = Signal()
        """A new question, once, for announcements. It must not move the focus."""
        self.together_asked: Signal[[]] = Signal()
        """The person began to decide several calls together: `confirming` says which."""
        self._desk = desk
        self._sources = sources
        self._approved_before = approved_before
        self._is_own = is_own
        self._undo_s = undo_s
        self._approved: dict[str, str] = {}
        self.confirming: Together | None = None
        self._last_decidable: tuple[ApprovalCard, ...] = ()
        self._is_at_all = False
        """All cards are changed at once: no need to check all of them for each."""
        self._later = later
        self._is_due = False
        self._unsubscribe = [each.changed.connect(self._refresh_later) for each in (desk, desk.server_questions)]
        self.refresh()

    def close(self) -> None:
        """Stop listening to the desk. Held approvals are undone: nothing starts while its window closes."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for card in self.cards:
            card.take_back()

    def card(self, call_id: CallId) -> ApprovalCard | None:
        """The card of a call that waits."""
        return next((card for card in self.cards if card.question.call_id == call_id), None)

    @property
    def waiting(self) -> tuple[AnyCard, ...]:
        """Everything that waits for the person."""
        return (*self.cards, *self.questions.cards)

    def after(self, shown_hash: str, step: int = 1) -> AnyCard | None:
        """The card after (or before) the one with this hash, wrapping around; the first when there is none."""
        waiting = self.waiting
        if not waiting:
            return None
        for place, card in enumerate(waiting):
            if card.question.shown_hash == shown_hash:
                return waiting[(place + step) % len(waiting)]
        return waiting[0 if step > 0 else -1]

    def refresh(self) -> None:
        """Make the cards agree with the desk."""
        self._is_due = False
        known = {card.question.shown_hash: card for card in self.cards}
        fresh: list[ApprovalCard] = []
        cards: list[ApprovalCard] = []
        for question in self._desk.pending:
            card = known.pop(question.shown_hash, None)
            if card is None:
                card = self._card(question)
                fresh.append(card)
            else:
                card.take(question)
            cards.append(card)
        asked = self.questions.refresh()
        if not fresh and not known and asked is None:
            return
        self.cards = tuple(cards)
        self._last_decidable = self.decidable
        is_counted = len(cards) <= MOST_COUNTED
        with self._at_all():
            for place, card in enumerate(cards, start=1):
                card.stand(place if is_counted else 0, len(cards) if is_counted else 0)
        for card in known.values():
            card.withdraw()
        if self.confirming is not None and not any(card.is_open for card in self.confirming.cards):
            self.confirming = None
        self.changed.emit()
        for card in fresh:
            self.arrived.emit(card)
        for question_card in asked or ():
            self.arrived.emit(question_card)

    @property
    def decidable(self) -> tuple[ApprovalCard, ...]:
        """The cards that can be decided together now: each needs a decision and has no open box."""
        return tuple(
            card for card in self.cards if card.can_approve and card.mode == "look" and not card.question.problems
        )

    def ask_together(self, verb: Verb, cards: tuple[ApprovalCard, ...] | None = None) -> bool:
        """Begin to decide several calls together: they are named again, and `confirm` decides exactly these."""
        chosen = self.decidable if cards is None else cards
        if not chosen:
            return False
        self.confirming = Together(verb, chosen)
        self.changed.emit()
        self.together_asked.emit()
        return True

    def ask_read_only(self) -> bool:
        """Begin to approve every call of a tool that the project itself says only reads."""
        return self.ask_together("approve", tuple(card for card in self.decidable if card.only_reads))

    def confirm(self) -> int:
        """Decide the named calls, and return how many decisions counted."""
        together, self.confirming = self.confirming, None
        if together is None:
            return 0
        counted = 0
        with self._at_all():
            for card in together.cards:
                if card.mode != "look":
                    continue
                if together.verb == "reject":
                    card.start("reject")
                    counted += card.submit()
                else:
                    counted += card.approve()
        self._last_decidable = self.decidable
        self.changed.emit()
        return counted

    def take_back(self) -> None:
        """Cancel deciding together."""
        self.confirming = None
        self.changed.emit()

    def _card(self, question: Question) -> ApprovalCard:
        tool = question.tool
        card = ApprovalCard(
            question,
            self._desk,
            partial(self._sources, question.call_id),
            approved_before=partial(self._approved_last, question),
            is_own=self._is_own(tool),
            undo_s=self._undo_s(),
        )
        card.approved.connect(lambda arguments_json: self._approved.update({tool.name: arguments_json}))
        card.read_only_asked.connect(self.ask_read_only)
        card.changed.connect(self._look_again)
        return card

    def _approved_last(self, question: Question) -> str | None:
        found = self._approved.get(question.tool.name)
        return found if found is not None else self._approved_before(question.call_id, question.tool.name)

    @contextmanager
    def _at_all(self) -> Iterator[None]:
        before, self._is_at_all = self._is_at_all, True
        try:
            yield
        finally:
            self._is_at_all = before

    def _refresh_later(self) -> None:
        """Update once, however many questions come or go until then."""
        if not self._is_due:
            self._is_due = True
            self._later(self.refresh)

    def _look_again(self) -> None:
        """Different calls may be decidable together now."""
        if not self._is_at_all and self.decidable != self._last_decidable:
            self._last_decidable = self.decidable
            self.changed.emit()
