"""The mock of a tool is written as a draft, saved at once, undone, and tried on recorded calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.condition import read_condition
from workbench.core.errors import UsageError
from workbench.core.mock import MockError, MockReply, MockRule, When
from workbench.viewmodels.mocks.mock_form import MockForm
from workbench.viewmodels.mocks.mock_trial import MockTrialViewModel
from workbench.viewmodels.mocks.rule_draft import MockRuleDraft
from workbench.viewmodels.rules.condition_list import ConditionList


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
    call = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}
    opened = Session(make_project(tmp_path / "marks", call, {"text": "Seen."}), folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "rule",
    [
        MockRule(When(), MockReply(static={"seen": 1})),
        MockRule(When(call=2), MockReply(static="true", is_error=True), "second"),
        MockRule(When(partial={"at": "x"}), MockReply(template="at {{at}}", delay_s=0.5)),
        MockRule(When(), MockReply(error=MockError("gone", "not_found"))),
        MockRule(When(), MockReply(fail="empty")),
        MockRule(When(), MockReply(python="marks:look")),
        MockRule(When(where=(read_condition('at = "gate"'),)), MockReply(model="scripted:other.json")),
    ],
    ids=lambda rule: str(rule.reply)[:30],
)
def test_a_rule_survives_its_draft(rule: MockRule) -> None:
    conditions = ConditionList()
    conditions.show(rule.when.where)
    assert MockRuleDraft.of(rule).rule(conditions) == rule


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (MockRuleDraft(call="0"), "1, 2, 3"),
        (MockRuleDraft(call="1.5"), "1, 2, 3"),
        (MockRuleDraft(call="two"), "must be a number"),
        (MockRuleDraft(delay="-1"), "from 0 to 3,600"),
        (MockRuleDraft(kind="python"), "the reply is missing"),
    ],
)
def test_a_draft_that_is_no_rule_says_why(draft: MockRuleDraft, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        draft.rule(ConditionList())


async def test_a_rule_is_saved_and_the_tool_can_run_again(session: Session) -> None:
    form = MockForm(session, session.reload)
    form.open("look")
    assert (form.is_mock, form.rows) == (False, ())
    form.select(None)
    form.change(MockRuleDraft(call="no number"))
    assert "must be a number" in form.problem
    assert not await form.save()
    form.change(MockRuleDraft(text='{"seen": "sea"}'))
    assert (form.problem, await form.save()) == ("", True)
    assert session.project.executor_names["look"] == "mock"
    assert [row[2] for row in form.rows] == ['{"static":{"seen":"sea"}}', "an error: no rule matches"]
    assert await form.let_run()
    assert session.project.executor_names["look"] == "python marks:look"
    assert "python marks:look runs it again" in form.message


async def test_json_that_is_no_rule_keeps_the_person_at_it(session: Session) -> None:
    form = MockForm(session, session.reload)
    form.open("touch")
    assert form.show_json(is_json=True)
    form.write('{"reply": {"static": 1, "fail": "empty"}}')
    assert "one of" in form.problem
    assert not form.show_json(is_json=False)
    form.write('{"reply": {"fail": "empty"}}')
    assert form.show_json(is_json=False)
    assert (form.form.kind, form.form.text) == ("fail", "empty")


async def test_a_rule_is_tried_on_the_recorded_calls_before_it_is_saved(session: Session) -> None:
    form = MockForm(session, session.reload)
    form.open("look")
    trial = MockTrialViewModel(session, form)
    await trial.judge()
    assert trial.words == "No recorded call of this tool yet."
    await session.runs.start("Look.").finished()
    trial.forget()
    form.select(None)
    form.change(MockRuleDraft(text="sea"))
    await trial.judge()
    assert trial.words == "1 recorded call would get: 1 × rule 1"
    assert trial.rows[0][:3] == ("the tool itself", "rule 1", '{"at":"gate"}')
