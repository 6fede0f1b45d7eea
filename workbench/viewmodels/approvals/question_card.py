"""The cards of what tools' servers ask in the middle of calls: a form, an address to open, a request of the model."""

from typing import TYPE_CHECKING, Protocol

from workbench.core.form_schema import form_problems
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.core.server_question import Action, AddressAsked, FormAsked, ModelAsked, Reply, ServerQuestion
from workbench.core.signal import Signal
from workbench.viewmodels.shared.plain import one_line, visible

if TYPE_CHECKING:
    from workbench.viewmodels.schema_editor.argument_field import ArgumentField
    from workbench.viewmodels.schema_editor.argument_form import ArgumentForm

BY = "person"


class Questions(Protocol):
    """Where questions wait; `app.approvals.question_desk.QuestionDesk`."""

    @property
    def pending(self) -> tuple[ServerQuestion, ...]:
        """All questions that wait, oldest first."""
        ...

    def answer(self, shown_hash: str, reply: Reply) -> bool:
        """False when the question no longer waits."""
        ...

    @property
    def changed(self) -> Signal[[]]:
        """`pending` has changed."""
        ...


class QuestionCard:
    """One question. It is answered once, about exactly what it showed."""

    def __init__(self, question: ServerQuestion, questions: Questions) -> None:
        self.question = question
        self.is_open = True
        self.changed: Signal[[]] = Signal()
        asked = question.asked
        self.form: ArgumentForm | None = None
        if isinstance(asked, FormAsked):
            from workbench.viewmodels.schema_editor import argument_form  # few servers ask

            self.form = argument_form.ArgumentForm(_as_typed(asked.schema))
        self._questions = questions
        if self.form is not None:
            self.form.changed.connect(self.changed.emit)

    @property
    def tool(self) -> str:
        """The tool whose call waits, as it is shown."""
        return one_line(self.question.tool, 80)

    @property
    def server(self) -> str:
        """Who asks."""
        return one_line(self.question.server, 40)

    @property
    def caption(self) -> str:
        """What is asked, in few words."""
        match self.question.asked:
            case FormAsked():
                return f"{self.server} asks you"
            case AddressAsked():
                return f"{self.server} asks you to open an address"
            case ModelAsked():
                return f"{self.server} asks for an answer of the model"

    @property
    def message(self) -> str:
        """What the server says to the person, as it is shown; empty for a request of the model."""
        asked = self.question.asked
        return "" if isinstance(asked, ModelAsked) else visible(asked.message)

    @property
    def address(self) -> str:
        """The address to open; empty when there is none."""
        return self.question.asked.url if isinstance(self.question.asked, AddressAsked) else ""

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Of a request of the model, all that would be sent: who says it, and what."""
        asked = self.question.asked
        if not isinstance(asked, ModelAsked):
            return ()
        system = (("instructions", asked.system),) if asked.system else ()
        return (*system, *asked.messages)

    @property
    def explanation(self) -> str:
        """What happens with the answer."""
        match self.question.asked:
            case FormAsked():
                return f"What you enter goes to {self.server}. Never enter a password or a key here."
            case AddressAsked():
                return (
                    "Nothing opens it by itself. Open it if you trust it, and press Done when you are ready to go on."
                )
            case ModelAsked(max_tokens=most, most_answers=answers, most_tokens=tokens):
                return (
                    f"Only this is sent to the model of this conversation, which gives at most {most:,} tokens; the "
                    f"answer goes to {self.server}. Limit of a run: {answers} answers, {tokens:,} tokens."
                )

    @property
    def accept_words(self) -> str:
        """What the button says that answers."""
        match self.question.asked:
            case FormAsked():
                return "Answer"
            case AddressAsked():
                return "Done"
            case ModelAsked():
                return "Let the model answer"

    @property
    def content(self) -> JsonObject | None:
        """What was entered; None while something in it is not a value."""
        if self.form is None:
            return {}
        written = self.form.arguments_json
        return parse_strict_object(written) if written is not None else None

    @property
    def problem(self) -> str:
        """Why it cannot be answered as it stands; empty when it can."""
        content = self.content
        if content is None:
            return "Correct the marked values first."
        asked = self.question.asked
        problems = form_problems(asked.schema, content) if isinstance(asked, FormAsked) else ()
        return one_line(str(problems[0]), 200) if problems else ""

    def problem_of(self, field: "ArgumentField") -> str:
        """What is wrong with the value of a field."""
        return self.form.problem_of(field) if self.form is not None else ""

    def answer(self, action: Action) -> bool:
        """Reply to the server; False when it cannot be, or the question no longer waits."""
        if not self.is_open or (action == "accept" and self.problem):
            return False
        content = self.content if action == "accept" and self.form is not None else None
        self.is_open = False
        counted = self._questions.answer(self.question.shown_hash, Reply(action, BY, content))
        self.changed.emit()
        return counted

    def withdraw(self) -> None:
        """The question no longer waits."""
        if self.is_open:
            self.is_open = False
            self.changed.emit()


class QuestionCards:
    """The cards of all questions, oldest first."""

    def __init__(self, questions: Questions) -> None:
        self.cards: tuple[QuestionCard, ...] = ()
        self._questions = questions

    def of_call(self, call_id: CallId | None) -> tuple[QuestionCard, ...]:
        """The questions of one call."""
        return tuple(card for card in self.cards if card.question.call_id == call_id and card.is_open)

    def refresh(self) -> tuple[QuestionCard, ...] | None:
        """Make the cards agree with what waits; those that are new, or None when nothing has changed."""
        known = {card.question.shown_hash: card for card in self.cards}
        fresh: list[QuestionCard] = []
        cards: list[QuestionCard] = []
        for question in self._questions.pending:
            card = known.pop(question.shown_hash, None)
            if card is None:
                card = QuestionCard(question, self._questions)
                fresh.append(card)
            cards.append(card)
        if not fresh and not known:
            return None
        self.cards = tuple(cards)
        for card in known.values():
            card.withdraw()
        return tuple(fresh)


def _as_typed(schema: JsonObject) -> JsonObject:
    """The form with lists of choices as lists of texts, so that they are typed a line each."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    fields: JsonObject = {}
    for name, field in properties.items():
        items = field.get("items") if isinstance(field, dict) else None
        if isinstance(field, dict) and isinstance(items, dict):
            choices = items.get("enum")
            named = f"One of {', '.join(map(str, choices))}." if isinstance(choices, list) else ""
            words = " ".join(part for part in (str(field.get("description", "")), named) if part)
            field = {**field, "items": {"type": "string"}, "description": words}
        fields[name] = field
    return {**schema, "properties": fields}
