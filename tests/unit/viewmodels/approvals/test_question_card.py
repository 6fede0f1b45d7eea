"""Cards of what tools' servers ask in the middle of calls."""

import asyncio
from typing import Any

from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.core.form_schema import form_schema
from workbench.core.ids import CallId
from workbench.core.server_question import AddressAsked, Asked, FormAsked, ModelAsked, Reply, ServerQuestion
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.approvals.question_card import QuestionCard

FIELDS: dict[str, Any] = {
    "name": {"type": "string", "default": "Ana"},
    "age": {"type": "integer", "default": 30, "minimum": 1},
    "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
}


def form(fields: dict[str, Any] | None = None) -> FormAsked:
    return FormAsked("Who?", form_schema({"type": "object", "properties": fields or FIELDS, "required": ["name"]}))


class Waiting:
    """A desk with questions on it, and the view-model that shows them."""

    def __init__(self) -> None:
        self.desk = ApprovalDesk()
        self.approvals = ApprovalsViewModel(self.desk)
        self.arrived: list[object] = []
        self.approvals.arrived.connect(self.arrived.append)

    async def put(self, asked: Asked, name: str = "question-1") -> "asyncio.Task[Reply]":
        question = ServerQuestion(name, CallId("r.1.1.1"), "pay", "shop", asked, f"hash {name}")
        task = asyncio.create_task(self.desk.reply(question))
        await asyncio.sleep(0)
        return task

    @property
    def card(self) -> QuestionCard:
        return self.approvals.questions.cards[0]


async def test_a_form_begins_with_its_defaults_and_is_answered_once() -> None:
    waiting = Waiting()
    task = await waiting.put(form())
    card = waiting.card
    assert (card.content, card.problem, waiting.arrived) == ({"name": "Ana", "age": 30}, "", [card])
    assert card.answer("accept")
    assert not card.answer("decline")
    assert await task == Reply("accept", "person", {"name": "Ana", "age": 30})
    await asyncio.sleep(0)
    assert waiting.approvals.waiting == ()


async def test_what_does_not_fit_is_not_sent() -> None:
    waiting = Waiting()
    task = await waiting.put(form())
    card, fields = waiting.card, waiting.card.form
    assert fields is not None
    name, age, tags = fields.fields
    for field, text, problem in ((age, "x", "marked"), (age, "0", "minimum"), (name, "", "name"), (tags, "a\nc", "c")):
        before = field.text
        fields.write(field, text)
        assert problem in card.problem
        assert not card.answer("accept")
        fields.write(field, before)
    fields.write(tags, "a\nb")
    assert card.answer("accept")
    assert (await task).content == {"name": "Ana", "age": 30, "tags": ["a", "b"]}


async def test_a_declined_question_sends_nothing_that_was_entered() -> None:
    waiting = Waiting()
    task = await waiting.put(form())
    assert waiting.card.answer("decline")
    assert await task == Reply("decline", "person")


async def test_two_questions_at_once_are_two_cards_of_one_call() -> None:
    waiting = Waiting()
    first = await waiting.put(form())
    second = await waiting.put(AddressAsked("Sign\u202ein.", "https://x.example/a"), "question-2")
    cards = waiting.approvals.questions.of_call(CallId("r.1.1.1"))
    assert [card.caption for card in cards] == ["shop asks you", "shop asks you to open an address"]
    assert (cards[1].address, "\u202e" in cards[1].message) == ("https://x.example/a", False)
    assert cards[1].answer("accept")
    assert (await second).action == "accept"
    await asyncio.sleep(0)
    assert waiting.approvals.questions.cards == cards[:1]
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert (waiting.approvals.questions.cards, cards[0].is_open) == ((), False)


async def test_of_two_questions_of_one_call_the_next_one_is_found_around_the_corner() -> None:
    waiting = Waiting()
    tasks = [await waiting.put(form(), name) for name in ("question-1", "question-2")]
    first, second = waiting.approvals.questions.cards
    after = waiting.approvals.after
    assert (after(""), after(first.question.shown_hash)) == (first, second)
    assert after(second.question.shown_hash) is after(second.question.shown_hash, -1) is first
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_request_of_the_model_shows_all_that_would_be_sent() -> None:
    waiting = Waiting()
    asked = ModelAsked((("user", "Sum up."), ("assistant", "What?")), 60, 2, 100, "Be brief.")
    task = await waiting.put(asked)
    assert waiting.card.texts == (("instructions", "Be brief."), ("user", "Sum up."), ("assistant", "What?"))
    assert "60 tokens" in waiting.card.explanation
    assert waiting.card.answer("accept")
    assert await task == Reply("accept", "person")
