"""What a person types at the terminal is a yes only when it is one."""

import msgspec
import pytest

from workbench.cli.approver import ConsentingApprover, TerminalApprover, policy_for
from workbench.cli.keyboard import Keyboard
from workbench.cli.terminal import Terminal
from workbench.core.approval import Decision, Policy, Question, Rule
from workbench.core.form_schema import form_schema
from workbench.core.grant import GrantRequest
from workbench.core.problem import Problem
from workbench.core.sanitizer import SanitizedValue
from workbench.core.server_question import AddressAsked, Asked, FormAsked, ModelAsked, Reply, ServerQuestion
from workbench.core.tool import Tool

TOOL = Tool.make("pay", annotations={"destructiveHint": True})
QUESTION = Question("run.1.1.1", TOOL, '{"amount": 1}', "ask *", "decision", "hash")


class TypedLines(Keyboard):
    """A keyboard with its lines typed already; then the input ends."""

    def __init__(self, *lines: str) -> None:
        super().__init__(Terminal())
        self.left = list(lines)

    async def line(self, prompt: str) -> str | None:
        return self.left.pop(0) if self.left else None


async def decide(*lines: str) -> tuple[Decision, list[str]]:
    keyboard = TypedLines(*lines)
    return await TerminalApprover(Terminal(), keyboard).decide(QUESTION), keyboard.left


@pytest.mark.parametrize("word", ["a", "approve", "A", " yes ", "y"])
async def test_only_a_whole_word_approves(word: str) -> None:
    assert (await decide(word))[0] == Decision("approve", by="person")


@pytest.mark.parametrize("word", ["abort", "ask", "ab", "ya", "", " ", "approve?", "always", "1", "а"])
async def test_anything_else_is_asked_again(word: str) -> None:
    decision, left = await decide(word, "r", "no need", "a")
    assert decision == Decision("reject", by="person", note="no need")
    assert left == ["a"]


@pytest.mark.parametrize("begun", [(), ("e",), ("m",), ("what",)])
async def test_the_end_of_input_is_a_no_wherever_it_comes(begun: tuple[str, ...]) -> None:
    decision, _ = await decide(*begun)
    assert (decision.kind, decision.by) == ("reject", "nobody")


async def test_an_empty_edit_lets_nothing_run_and_asks_again() -> None:
    decision, _ = await decide("e", "  ", "s", "enough")
    assert decision == Decision("stop", by="person", note="enough")


async def test_edited_arguments_and_mock_results_are_taken_as_typed() -> None:
    assert (await decide("e", '{"amount": 2}'))[0].arguments_json == '{"amount": 2}'
    assert (await decide("m", ""))[0] == Decision("mock", by="person", result_text="")


RULES = Policy(
    (
        Rule("get_*", "allow"),
        Rule("pay", "ask", annotations={"destructiveHint": True}),
        Rule("send", "ask"),
        Rule("*", "deny"),
    )
)


@pytest.mark.parametrize(
    ("tool", "action"),
    [(Tool.make("get_x"), "allow"), (Tool.make("send"), "allow"), (TOOL, "ask"), (Tool.make("other"), "deny")],
)
def test_approving_all_changes_no_rule_but_those_that_ask(tool: Tool, action: str) -> None:
    assert policy_for("all", RULES).rule_for(tool, {}).action == action


async def test_approving_all_answers_what_an_annotation_still_asks_about() -> None:
    assert (await ConsentingApprover().decide(QUESTION)).kind == "approve"


async def test_arguments_that_do_not_fit_cannot_be_approved_as_they_are() -> None:
    unfit = msgspec.structs.replace(QUESTION, problems=(Problem("/amount", "1 is not of type string", "type"),))
    keyboard = TypedLines("a", "e", '{"amount": "1"}')
    assert (await TerminalApprover(Terminal(), keyboard).decide(unfit)).kind == "edit"


async def test_a_yes_for_the_project_is_a_grant_and_one_for_the_call_is_none() -> None:
    assert (await decide("p", "a"))[0] == Decision("approve", by="person", grant=GrantRequest("project"))
    assert (await decide("c", "e"))[0].grant == GrantRequest("conversation", "exact")
    assert (await decide("a"))[0].grant is None


async def test_what_was_changed_and_what_happened_before_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    told = msgspec.structs.replace(
        QUESTION,
        remarks=("You rejected the same call before in this run.",),
        changes=(SanitizedValue("/to", "trim", " a\u202e", "a"),),
    )
    await TerminalApprover(Terminal(), TypedLines("r", "")).decide(told)
    shown = capsys.readouterr().out
    assert '/to was changed by trim: " a⟨U+202E⟩" → "a"' in shown
    assert "You rejected the same call before" in shown


async def test_a_permission_by_pattern_fits_the_call_it_is_given_with(capsys: pytest.CaptureFixture[str]) -> None:
    asked = msgspec.structs.replace(QUESTION, arguments_json='{"amount": 1.0, "to": "a*b", "more": [1]}')
    keyboard = TypedLines("p", "g", "", "x*", "a*", "", "1*", "*")
    decision = await TerminalApprover(Terminal(), keyboard).decide(asked)
    assert decision.grant == GrantRequest("project", "patterns", {"amount": "1", "to": "a*", "more": "*"})
    assert capsys.readouterr().out.count("does not match") == 1


@pytest.mark.parametrize("lines", [("p", ""), ("p", "b"), ("c", "back")])
async def test_a_permission_can_be_thought_better_of(lines: tuple[str, ...]) -> None:
    assert (await decide(*lines, "r", "no"))[0] == Decision("reject", by="person", note="no")


async def test_the_end_of_input_in_the_middle_of_a_permission_is_a_no() -> None:
    assert (await decide("p", "g"))[0].kind == "reject"


FORM = form_schema(
    {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "age": {"type": "integer", "minimum": 1, "default": 30},
            "sure": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        },
        "required": ["name"],
    }
)


async def reply(asked: Asked, *lines: str) -> Reply:
    question = ServerQuestion("question-1", QUESTION.call_id, "pay", "shop", asked, "hash")
    return await TerminalApprover(Terminal(), TypedLines(*lines)).reply(question)


async def test_a_form_is_filled_in_field_by_field_and_an_empty_line_takes_the_default() -> None:
    typed = ("what?", "a", "", "Ana", "zero", "0", "", "yes", "a, c", "a, b")
    given = {"name": "Ana", "age": 30, "sure": True, "tags": ["a", "b"]}
    assert await reply(FormAsked("Who?", FORM), *typed) == Reply("accept", "person", given)


@pytest.mark.parametrize(("word", "action"), [("d", "decline"), ("no", "decline"), ("c", "cancel")])
async def test_a_question_of_a_server_may_be_declined_or_left(word: str, action: str) -> None:
    assert (await reply(FormAsked("Who?", FORM), word)).action == action


async def test_the_end_of_input_answers_no_question_of_a_server() -> None:
    assert (await reply(FormAsked("Who?", FORM))).action == "cancel"
    assert (await reply(FormAsked("Who?", FORM), "a", "Ana")).action == "cancel"


async def test_an_address_and_a_request_of_the_model_are_shown_whole_and_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (await reply(AddressAsked("Sign\x1b[2Jin.", "https://x.example/a"), "a")).action == "accept"
    asked = ModelAsked((("user", "Sum\nup."),), 60, 2, 100, "Be brief.")
    assert (await reply(asked, "y")) == Reply("accept", "person")
    shown = capsys.readouterr().out
    assert "https://x.example/a" in shown
    assert "Be brief." in shown
    assert "\x1b[2J" not in shown
