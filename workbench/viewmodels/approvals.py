"""Approvals: the cards of all calls that wait for a person, and what can be done with each."""

from collections.abc import Callable
from typing import Literal, Protocol

from workbench.core.approval import Decision, Question
from workbench.core.errors import MalformedJson
from workbench.core.ids import CallId
from workbench.core.json_text import parse_strict_object, pretty
from workbench.core.problem import Problem
from workbench.core.schema import check_arguments
from workbench.viewmodels.argument_line import ArgumentLine, argument_lines, missing_lines
from workbench.viewmodels.signal import Signal

Mode = Literal["look", "edit", "reject", "mock"]
Sources = Callable[[CallId], tuple[tuple[str, str], ...]]
Later = Callable[[Callable[[], None]], None]
BY = "person"


class Desk(Protocol):
    """Where questions wait; `app.approval_desk.ApprovalDesk`."""

    @property
    def pending(self) -> tuple[Question, ...]:
        """All questions that wait, oldest first."""
        ...

    def answer(self, call_id: CallId, shown_hash: str, decision: Decision) -> bool:
        """False when the question no longer waits."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Called whenever `pending` changes."""
        ...


class ApprovalCard:
    """One question. A card decides once; whatever it decides is about exactly what it showed."""

    def __init__(self, question: Question, desk: Desk, sources: tuple[tuple[str, str], ...] = ()) -> None:
        self.question = question
        self.mode: Mode = "mock" if question.wants == "result" else "look"
        self.draft = ""
        self.draft_problems: tuple[Problem, ...] = ()
        self.is_open = True
        self.farewell = ""
        """Why a decision did not count, when it did not."""
        self.place, self.total = 1, 1
        self.changed: Signal[[]] = Signal()
        self._desk = desk
        self._sources = sources

    @property
    def tool(self) -> str:
        """The tool's name."""
        return self.question.tool.name

    @property
    def lines(self) -> tuple[ArgumentLine, ...]:
        """The arguments as they will run."""
        return argument_lines(self.question.arguments_json, self._sources)

    @property
    def defaults(self) -> tuple[ArgumentLine, ...]:
        """What the model left to the defaults."""
        return missing_lines(self.question.arguments_json, self.question.tool.input_schema)

    @property
    def caption(self) -> str:
        """What is asked, and which of how many this is."""
        wanted = "needs your result" if self.question.wants == "result" else "needs approval"
        return f"{wanted} · {self.place} of {self.total}"

    @property
    def effect(self) -> str:
        """What the tool's author says about its effects. A hint, and worded as one."""
        tool = self.question.tool
        if tool.is_read_only:
            return "says it only reads"
        if tool.hint("destructiveHint"):
            return "says it may destroy something"
        return "says it reaches the outside world" if tool.hint("openWorldHint") else ""

    @property
    def explanation(self) -> str:
        """Why the person is asked, and what happens if nothing is done."""
        if self.question.wants == "result":
            return "Nothing runs this tool yet: what you write is its result."
        return f"Nothing runs before you decide. Rule: {self.question.rule}"

    @property
    def can_submit(self) -> bool:
        """Whether the draft may be sent as it stands."""
        return self.is_open and not self.draft_problems

    def start(self, mode: Mode) -> None:
        """Open the edit, reject or mock box, or go back to looking."""
        if not self.is_open or mode == self.mode:
            return
        self.mode = mode
        self.draft = _indented(self.question.arguments_json) if mode == "edit" else ""
        self.draft_problems = ()
        if mode == "edit":
            self._check()
        self.changed.emit()

    def write(self, draft: str) -> None:
        """The text in the open box is now this."""
        self.draft = draft
        before = self.draft_problems
        self._check()
        if self.draft_problems != before:
            self.changed.emit()

    def cancel(self) -> None:
        """Close the open box; what was typed is gone."""
        self.start("mock" if self.question.wants == "result" else "look")

    def approve(self) -> bool:
        """Run the call with exactly the arguments shown."""
        if self.question.wants == "result" or self.mode != "look":
            return False
        return self._answer(Decision("approve", BY))

    def submit(self) -> bool:
        """Send what is in the open box; False while it does not fit."""
        match self.mode:
            case "edit" if self.can_submit:
                return self._answer(Decision("edit", BY, arguments_json=self.draft))
            case "reject":
                return self._answer(Decision("reject", BY, note=self.draft.strip()))
            case "mock":
                return self._answer(Decision("mock", BY, result_text=self.draft))
            case _:
                return False

    def stop_run(self) -> bool:
        """Reject the call and end the whole run."""
        return self._answer(Decision("stop", BY, note=self.draft.strip()))

    def withdraw(self) -> None:
        """The question no longer waits."""
        if self.is_open:
            self.is_open = False
            self.changed.emit()

    def stand(self, place: int, total: int) -> None:
        """This is card `place` of `total` now."""
        if (place, total) != (self.place, self.total):
            self.place, self.total = place, total
            self.changed.emit()

    def _answer(self, decision: Decision) -> bool:
        if not self.is_open:
            return False
        self.is_open = False
        counted = self._desk.answer(self.question.call_id, self.question.shown_hash, decision)
        if not counted:
            self.farewell = "This call no longer waits; your decision was not used."
        self.changed.emit()
        return counted

    def _check(self) -> None:
        if self.mode != "edit":
            return
        try:
            arguments = parse_strict_object(self.draft)
        except MalformedJson as error:
            self.draft_problems = (Problem("", str(error), "json"),)
        else:
            self.draft_problems = check_arguments(self.question.tool.input_schema, arguments)


class ApprovalsViewModel:
    """All cards, oldest question first."""

    def __init__(self, desk: Desk, sources: Sources = lambda call_id: (), *, later: Later = lambda act: act()) -> None:
        """`later` puts off listening to the desk: the engine waits while the desk tells, and must not meet a view."""
        self.cards: tuple[ApprovalCard, ...] = ()
        self.changed: Signal[[]] = Signal()
        """Cards came or went."""
        self.arrived: Signal[[ApprovalCard]] = Signal()
        """A new question, once, for announcements. It must not move the focus."""
        self._desk = desk
        self._sources = sources
        self._unsubscribe = desk.subscribe(lambda: later(self.refresh))
        self.refresh()

    def close(self) -> None:
        """Stop listening to the desk."""
        self._unsubscribe()

    def card(self, call_id: CallId) -> ApprovalCard | None:
        """The card of a call that waits."""
        return next((card for card in self.cards if card.question.call_id == call_id), None)

    def after(self, call_id: CallId | None, step: int = 1) -> ApprovalCard | None:
        """The card after (or before) that of `call_id`, around the corner; the first when there is none."""
        if not self.cards:
            return None
        for place, card in enumerate(self.cards):
            if card.question.call_id == call_id:
                return self.cards[(place + step) % len(self.cards)]
        return self.cards[0 if step > 0 else -1]

    def refresh(self) -> None:
        """Make the cards agree with the desk."""
        known = {card.question.shown_hash: card for card in self.cards}
        fresh: list[ApprovalCard] = []
        cards: list[ApprovalCard] = []
        for question in self._desk.pending:
            card = known.pop(question.shown_hash, None)
            if card is None:
                card = ApprovalCard(question, self._desk, self._sources(question.call_id))
                fresh.append(card)
            cards.append(card)
        if not fresh and not known:
            return
        self.cards = tuple(cards)
        for place, card in enumerate(cards, start=1):
            card.stand(place, len(cards))
        for card in known.values():
            card.withdraw()
        self.changed.emit()
        for card in fresh:
            self.arrived.emit(card)


def _indented(arguments_json: str) -> str:
    try:
        return pretty(parse_strict_object(arguments_json))
    except MalformedJson:
        return arguments_json
