"""Cards of calls that wait for a person."""

from collections.abc import Callable

from workbench.core.approval import Decision, Question, shown_hash
from workbench.core.ids import CallId
from workbench.core.tool import Tool
from workbench.viewmodels.approvals import ApprovalsViewModel
from workbench.viewmodels.argument_line import argument_lines

MAIL = Tool.make(
    "send_email",
    "Send a mail.",
    {
        "type": "object",
        "properties": {"to": {"type": "string"}, "copies": {"type": "integer", "default": 1}},
        "required": ["to"],
    },
)


def question(number: int, arguments_json: str = '{"to":"ana@example.com"}', wants: str = "decision") -> Question:
    call_id = CallId(f"r.1.1.{number}")
    return Question(
        call_id,
        MAIL,
        arguments_json,
        "ask send_*",
        wants,
        shown_hash(call_id, MAIL, "mock", arguments_json),  # type: ignore[arg-type]
    )


class Desk:
    """Keeps what was answered."""

    def __init__(self, *questions: Question) -> None:
        self.questions = list(questions)
        self.answers: list[tuple[CallId, Decision]] = []
        self.listener: Callable[[], None] = lambda: None

    @property
    def pending(self) -> tuple[Question, ...]:
        return tuple(self.questions)

    def answer(self, call_id: CallId, shown: str, decision: Decision) -> bool:
        waiting = next((q for q in self.questions if q.call_id == call_id and q.shown_hash == shown), None)
        if waiting is None:
            return False
        self.questions.remove(waiting)
        self.answers.append((call_id, decision))
        self.listener()
        return True

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listener = listener
        return lambda: None


def test_cards_follow_the_desk_and_know_their_place() -> None:
    desk = Desk(question(1), question(2))
    approvals = ApprovalsViewModel(desk)
    assert [card.caption for card in approvals.cards] == ["needs approval · 1 of 2", "needs approval · 2 of 2"]
    second = approvals.cards[1]
    assert approvals.cards[0].approve()
    assert approvals.cards == (second,)
    assert second.caption == "needs approval · 1 of 1"


def test_a_card_decides_once() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    assert card.approve()
    assert not card.approve()
    assert [decision.kind for _, decision in desk.answers] == ["approve"]


def test_an_edit_that_does_not_fit_cannot_be_sent() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    card.start("edit")
    for draft, path in (('{"to": 1}', "/to"), ("{", ""), ('{"to": "a", "to": "b"}', ""), ("[]", "")):
        card.write(draft)
        assert [problem.path for problem in card.draft_problems] == [path]
        assert not card.submit()
    card.write('{"to": "bo@example.com"}')
    assert card.submit()
    assert desk.answers[0][1] == Decision("edit", "person", arguments_json='{"to": "bo@example.com"}')


def test_approving_while_a_box_is_open_does_nothing() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    card.start("edit")
    assert not card.approve()
    assert desk.answers == []


def test_a_question_for_a_result_cannot_be_approved() -> None:
    desk = Desk(question(1, wants="result"))
    card = ApprovalsViewModel(desk).cards[0]
    assert card.mode == "mock"
    assert not card.approve()
    card.write('{"sent": false}')
    assert card.submit()
    assert desk.answers[0][1].result_text == '{"sent": false}'


def test_an_empty_result_is_a_result() -> None:
    desk = Desk(question(1, wants="result"))
    card = ApprovalsViewModel(desk).cards[0]
    assert card.submit()
    assert desk.answers[0][1].result_text == ""


def test_a_decision_that_comes_too_late_says_so() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    desk.questions.clear()
    assert not card.approve()
    assert "no longer waits" in card.farewell


def test_the_next_card_is_found_around_the_corner() -> None:
    approvals = ApprovalsViewModel(Desk(question(1), question(2)))
    first, second = approvals.cards
    assert approvals.after(None) is first
    assert approvals.after(first.question.call_id) is second
    assert approvals.after(second.question.call_id) is first
    assert approvals.after(first.question.call_id, -1) is second


def test_arguments_are_shown_line_by_line_with_where_they_come_from() -> None:
    lines = argument_lines(
        '{"to":"ana@example.com","body":"It is cold\\nin Oslo","degrees":14,"loud":true}',
        (("look's result", '{"degrees": 14}'), ("your message", "Write to Ana@example.com")),
    )
    assert [(line.name, line.text, line.origin) for line in lines] == [
        ("to", '"ana@example.com"', "from your message"),
        ("body", "It is cold\nin Oslo", "written by the model"),
        ("degrees", "14", "from look's result"),
        ("loud", "true", ""),
    ]


def test_arguments_that_are_not_json_are_shown_as_they_came() -> None:
    assert [line.text for line in argument_lines('{"to": ')] == ['{"to": ']


def test_what_the_model_left_to_a_default_is_shown_as_well() -> None:
    card = ApprovalsViewModel(Desk(question(1))).cards[0]
    assert [(line.name, line.text) for line in card.defaults] == [("copies", "1")]
