"""Cards of calls that wait for a person."""

from collections.abc import Callable

import msgspec
import pytest

from workbench.app.approvals.question_desk import QuestionDesk
from workbench.core.approval import Decision, Question, shown_hash
from workbench.core.grant import GrantRequest
from workbench.core.ids import CallId
from workbench.core.sanitizer import SanitizedValue
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.approvals.approval_card import ApprovalCard
from workbench.viewmodels.approvals.approvals import MOST_COUNTED, ApprovalsViewModel
from workbench.viewmodels.approvals.argument_line import argument_lines

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
        wants,  # type: ignore[arg-type]
        shown_hash(call_id, MAIL, "mock", arguments_json),
    )


class Desk:
    """Keeps what was answered."""

    def __init__(self, *questions: Question) -> None:
        self.questions = list(questions)
        self.changed: Signal[[]] = Signal()
        self.server_questions = QuestionDesk()
        self.answers: list[tuple[CallId, Decision]] = []
        self.held: dict[CallId, Callable[[], None]] = {}

    @property
    def pending(self) -> tuple[Question, ...]:
        return tuple(self.questions)

    def answer(self, call_id: CallId, shown: str, decision: Decision) -> bool:
        waiting = next((q for q in self.questions if q.call_id == call_id and q.shown_hash == shown), None)
        if waiting is None:
            return False
        self.questions.remove(waiting)
        self.answers.append((call_id, decision))
        self.changed.emit()
        return True

    def hold(
        self, call_id: CallId, shown: str, decision: Decision, *, seconds: float, on_counted: Callable[[bool], None]
    ) -> bool:
        if not any(q.call_id == call_id and q.shown_hash == shown for q in self.questions):
            return False
        self.held[call_id] = lambda: on_counted(self.answer(call_id, shown, decision))
        return True

    def take_back(self, call_id: CallId) -> bool:
        return self.held.pop(call_id, None) is not None

    def held_until(self, call_id: CallId) -> float | None:
        return 1_003.0 if call_id in self.held else None

    def extend(self, call_id: CallId, seconds: float) -> bool:
        for place, waiting in enumerate(self.questions):
            if waiting.call_id == call_id and waiting.expires_at is not None:
                self.questions[place] = msgspec.structs.replace(waiting, expires_at=waiting.expires_at + seconds)
                self.changed.emit()
                return True
        return False


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


def test_a_decision_that_comes_too_late_does_not_count() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    desk.questions.clear()
    assert not card.approve()
    assert not card.is_open
    assert desk.answers == []


def test_the_next_card_is_found_around_the_corner() -> None:
    approvals = ApprovalsViewModel(Desk(question(1), question(2)))
    first, second = approvals.cards
    assert approvals.after("") is first
    assert approvals.after(first.question.shown_hash) is second
    assert approvals.after(second.question.shown_hash) is first
    assert approvals.after(first.question.shown_hash, -1) is second


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


def looking(number: int, arguments_json: str = "{}") -> Question:
    tool = Tool({**MAIL.document, "name": "look", "annotations": {"readOnlyHint": True}, "inputSchema": {}})
    call_id = CallId(f"r.1.2.{number}")
    return Question(call_id, tool, arguments_json, "", "decision", shown_hash(call_id, tool, "mock", arguments_json))


def test_a_prepared_failure_answers_the_call_as_the_error_it_is() -> None:
    desk = Desk(question(1), question(2))
    first, second = ApprovalsViewModel(desk).cards
    assert first.fail("timeout")
    assert second.fail("empty")
    timeout, empty = (decision for _, decision in desk.answers)
    assert (timeout.kind, timeout.is_error, "timeout" in (timeout.result_text or "")) == ("mock", True, True)
    assert (empty.kind, empty.is_error, empty.result_text) == ("mock", False, "")


def test_an_approval_holds_once_unless_the_person_says_more() -> None:
    desk = Desk(question(1), question(2))
    first, second = ApprovalsViewModel(desk).cards
    assert first.grant.words == "Only this call"
    first.approve()
    second.allow(GrantRequest("project", "exact"))
    second.approve()
    assert [decision.grant for _, decision in desk.answers] == [None, GrantRequest("project", "exact")]


def test_what_the_model_sees_of_an_edit_can_be_chosen() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk).cards[0]
    card.start("edit")
    card.show_model("edited")
    card.submit()
    assert desk.answers[0][1].model_sees == "edited"


def test_a_card_says_what_differs_from_the_last_approved_call() -> None:
    desk = Desk(question(1))
    approvals = ApprovalsViewModel(desk)
    assert approvals.cards[0].comparison == ""
    approvals.cards[0].approve()
    desk.questions += [question(2, '{"to":"bo@example.com","copies":2}'), question(3)]
    approvals.refresh()
    assert [card.comparison for card in approvals.cards] == [
        "differs from the last approved call: to, copies",
        "same as the last approved call",
    ]


def test_what_a_card_is_compared_with_is_looked_for_when_it_is_seen() -> None:
    asked: list[CallId] = []
    found = ApprovalsViewModel(Desk(question(1), question(2)), lambda call_id: (asked.append(call_id), ())[1])
    assert (len(found.cards), asked) == (2, [])
    seen = found.cards[1]
    assert seen.lines == seen.lines
    assert asked == [seen.question.call_id]


def test_a_call_approved_before_the_window_was_opened_counts_as_well() -> None:
    found = ApprovalsViewModel(Desk(question(1)), approved_before=lambda call_id, tool: '{"to":"bo@example.com","x":1}')
    assert found.cards[0].comparison == "differs from the last approved call: to, x (left out)"


def test_more_time_changes_the_countdown_of_the_same_card() -> None:
    desk = Desk(msgspec.structs.replace(question(1), expires_at=1_090.0))
    approvals = ApprovalsViewModel(desk)
    card = approvals.cards[0]
    assert card.time_left(1_000.0).startswith("1:30 left")
    assert card.extend()
    assert approvals.cards == (card,)
    assert card.time_left(1_000.0).startswith("6:30 left")
    assert card.time_left(9_000.0).startswith("0:00 left")


def test_a_question_without_an_end_has_no_countdown_and_cannot_be_extended() -> None:
    card = ApprovalsViewModel(Desk(question(1))).cards[0]
    assert (card.time_left(1_000.0), card.can_expire, card.extend()) == ("", False, False)


def test_changes_of_sanitizers_are_shown() -> None:
    changes = (SanitizedValue("/to", "trim", " ana@example.com ", "ana@example.com"),)
    card = ApprovalsViewModel(Desk(msgspec.structs.replace(question(1), changes=changes))).cards[0]
    assert card.changes == ('to: " ana@example.com " → "ana@example.com" (trim)',)


def test_calls_are_decided_together_only_after_a_second_word_and_only_those_that_were_named() -> None:
    desk = Desk(question(1), question(2))
    approvals = ApprovalsViewModel(desk)
    assert approvals.ask_together("approve")
    assert approvals.confirming is not None
    assert approvals.confirming.words == "Approve 2 calls: send_email ×2?"
    assert desk.answers == []
    desk.questions.append(question(3))
    approvals.refresh()
    assert approvals.confirm() == 2
    assert [call_id for call_id, _ in desk.answers] == ["r.1.1.1", "r.1.1.2"]
    assert len(approvals.cards) == 1
    assert approvals.confirm() == 0


def test_all_can_be_rejected_together_and_the_offer_taken_back() -> None:
    desk = Desk(question(1), question(2))
    approvals = ApprovalsViewModel(desk)
    approvals.ask_together("reject")
    approvals.take_back()
    assert approvals.confirm() == 0
    approvals.ask_together("reject")
    assert approvals.confirm() == 2
    assert {decision.kind for _, decision in desk.answers} == {"reject"}


def test_a_card_with_an_open_box_is_not_decided_with_the_others() -> None:
    desk = Desk(question(1), question(2))
    approvals = ApprovalsViewModel(desk)
    approvals.cards[0].start("edit")
    approvals.ask_together("approve")
    assert approvals.confirm() == 1
    assert [call_id for call_id, _ in desk.answers] == ["r.1.1.2"]


def test_only_tools_the_project_itself_calls_read_only_are_approved_as_such() -> None:
    desk = Desk(question(1), looking(1))
    assert not ApprovalsViewModel(desk).ask_read_only()
    own = ApprovalsViewModel(desk, is_own=lambda tool: True)
    assert own.ask_read_only()
    assert own.confirm() == 1
    assert [call_id for call_id, _ in desk.answers] == ["r.1.2.1"]


def test_a_permission_by_pattern_begins_with_exactly_these_arguments() -> None:
    desk = Desk(question(1, '{"to":"a[1]*@example.com","copies":2,"more":{"cc":"x"}}'))
    card = ApprovalsViewModel(desk).cards[0]
    card.allow(GrantRequest("project", "patterns"))
    assert card.grant.patterns == {"to": "a[[]1][*]@example.com", "copies": "2", "more": ""}
    assert card.grant.problems == {"more": "an object or a list matches only *"}
    assert not card.can_approve
    assert not card.approve()
    card.write_pattern("more", "*")
    card.write_pattern("to", "*@example.com")
    assert card.approve()
    request = desk.answers[0][1].grant
    assert request == GrantRequest("project", "patterns", {"to": "*@example.com", "copies": "2", "more": "*"})


def test_a_permission_must_fit_the_call_it_is_given_with() -> None:
    card = ApprovalsViewModel(Desk(question(1))).cards[0]
    card.allow(GrantRequest("conversation", "patterns"))
    card.write_pattern("to", "*@elsewhere.com")
    assert card.grant.problems == {"to": "this call does not match it"}
    assert not card.approve()
    card.allow(GrantRequest())
    assert card.can_approve


def test_an_approval_of_what_cannot_be_undone_waits_and_can_be_taken_back() -> None:
    desk = Desk(question(1))
    approvals = ApprovalsViewModel(desk, undo_s=lambda: 3.0)
    card = approvals.cards[0]
    assert "3 s to undo" in card.explanation
    assert card.approve()
    assert (card.is_held, card.held_until, desk.answers, card.is_open) == (True, 1_003.0, [], True)
    assert not card.approve()
    assert not card.fail("empty")
    assert approvals.decidable == ()
    assert card.take_back()
    assert (card.is_held, card.can_approve) == (False, True)
    assert card.approve()
    desk.held.pop(card.question.call_id)()
    assert [decision.kind for _, decision in desk.answers] == ["approve"]
    assert not card.is_open
    assert not card.take_back()


def test_a_held_edit_keeps_what_was_typed_when_it_is_taken_back() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk, undo_s=lambda: 3.0).cards[0]
    card.start("edit")
    card.write('{"to": "bo@example.com"}')
    assert card.submit()
    assert card.take_back()
    assert (card.mode, card.draft) == ("edit", '{"to": "bo@example.com"}')


READS = Tool.make("look", "Look.", annotations={"readOnlyHint": True})


def test_a_no_and_a_call_that_only_reads_are_not_held() -> None:
    desk = Desk(question(1), msgspec.structs.replace(question(2), tool=READS))
    first, second = ApprovalsViewModel(desk, is_own=lambda tool: tool is READS, undo_s=lambda: 3.0).cards
    first.start("reject")
    assert first.submit()
    assert second.approve()
    assert [decision.kind for _, decision in desk.answers] == ["reject", "approve"]


def test_a_servers_word_that_its_tool_only_reads_does_not_spare_the_time_to_undo() -> None:
    desk = Desk(msgspec.structs.replace(question(1), tool=READS))
    card = ApprovalsViewModel(desk, undo_s=lambda: 3.0).cards[0]
    assert card.approve()
    assert (card.is_held, desk.answers) == (True, [])


def test_what_is_held_is_taken_back_when_its_window_is_put_away() -> None:
    desk = Desk(question(1), question(2))
    approvals = ApprovalsViewModel(desk, undo_s=lambda: 3.0)
    for card in approvals.cards:
        assert card.approve()
    approvals.close()
    assert (desk.held, desk.answers, len(desk.pending)) == ({}, [], 2)


def test_a_permission_by_pattern_given_with_an_edit_is_about_the_edited_call() -> None:
    """Or it would be a permission for the very call that the person did not want."""
    desk = Desk(question(1, '{"to":"eve@example.com","copies":1}'))
    card = ApprovalsViewModel(desk).cards[0]
    card.allow(GrantRequest("project", "patterns"))
    card.write_pattern("copies", "?")
    card.start("edit")
    card.write('{"to": "ana@example.com", "copies": 2}')
    assert card.grant.patterns == {"to": "ana@example.com", "copies": "?"}
    card.write('{"to": "ana@example.com", "copies": 10}')
    assert card.grant.problems == {"copies": "this call does not match it"}
    assert not card.submit()
    card.cancel()
    assert card.grant.patterns == {"to": "eve@example.com", "copies": "?"}
    card.start("edit")
    card.write('{"to": "ana@example.com"}')
    assert card.submit()
    assert desk.answers[0][1].grant == GrantRequest("project", "patterns", {"to": "ana@example.com"})


def test_the_projects_own_tool_is_held_only_where_it_says_that_it_acts_outside() -> None:
    desk = Desk(question(1))
    card = ApprovalsViewModel(desk, is_own=lambda tool: True, undo_s=lambda: 3.0).cards[0]
    assert card.approve()
    assert len(desk.answers) == 1


def test_one_more_question_looks_at_every_card_once_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(*map(question, range(300)))
    approvals = ApprovalsViewModel(desk)
    looked: list[ApprovalCard] = []
    can_approve = vars(ApprovalCard)["can_approve"]

    def watched(card: ApprovalCard) -> bool:
        looked.append(card)
        return bool(can_approve.fget(card))

    monkeypatch.setattr(ApprovalCard, "can_approve", property(watched))
    desk.questions.append(question(300))
    approvals.refresh()
    assert len(looked) == len(approvals.cards) == 301
    assert approvals.decidable == approvals.cards


def test_questions_that_come_together_are_shown_by_one_refresh() -> None:
    desk, put_off = Desk(), list[Callable[[], None]]()
    approvals = ApprovalsViewModel(desk, later=put_off.append)
    for number in range(300):
        desk.questions.append(question(number))
        desk.changed.emit()
    assert len(put_off) == 1
    put_off.pop()()
    assert len(approvals.cards) == 300
    desk.questions.pop()
    desk.changed.emit()
    put_off.pop()()
    assert len(approvals.cards) == 299


def test_what_many_cards_do_grows_with_their_number_not_with_its_square() -> None:
    desk = Desk()
    approvals = ApprovalsViewModel(desk)
    changes: list[ApprovalCard] = []
    approvals.arrived.connect(lambda card: card.changed.connect(lambda: changes.append(card)))
    for number in range(300):
        desk.questions.append(question(number))
        approvals.refresh()
    assert len(changes) < MOST_COUNTED**2, "cards are only told their place while there are few"
    assert approvals.cards[-1].caption == "needs approval"
    del desk.questions[MOST_COUNTED:]
    approvals.refresh()
    assert approvals.cards[-1].caption == f"needs approval · {MOST_COUNTED} of {MOST_COUNTED}"


def test_deciding_together_looks_at_all_cards_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, put_off = Desk(*map(question, range(200))), list[Callable[[], None]]()
    approvals = ApprovalsViewModel(desk, later=put_off.append)
    approvals.ask_together("approve")
    looks: list[int] = []
    decidable = vars(ApprovalsViewModel)["decidable"]

    def watched(approvals: ApprovalsViewModel) -> tuple[ApprovalCard, ...]:
        looks.append(len(approvals.cards))
        return tuple(decidable.fget(approvals))

    monkeypatch.setattr(ApprovalsViewModel, "decidable", property(watched))
    assert approvals.confirm() == 200
    assert len(looks) == len(put_off) == 1
