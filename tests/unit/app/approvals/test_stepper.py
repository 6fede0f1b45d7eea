"""A run that stops before each request and each call."""

import asyncio
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.app.approvals.stepper import SteppedApprover, Stepper, asking_policy
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.service.service_approver import ServiceApprover
from workbench.app.session import Session
from workbench.cli.approver import AbsentApprover
from workbench.core.approval import Decision, Policy, Rule
from workbench.core.event import RequestSent, ToolCallSettled
from workbench.core.ids import CallId
from workbench.core.server_question import NOBODY, AddressAsked, Reply, ServerQuestion
from workbench.core.trace import fold

ADDRESS = AddressAsked("Sign in.", "https://x.example")
QUESTION = ServerQuestion("question-1", CallId("r.1.1.1"), "look", "maps", ADDRESS, "h")
LOOK = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    return Session(make_project(tmp_path / "project", LOOK, {"text": "Seen."}), folders=folders, trust_for_now=True)


async def until_held(stepper: Stepper) -> None:
    changed = asyncio.Event()
    unsubscribe = stepper.changed.connect(changed.set)
    while stepper.held is None:
        changed.clear()
        await changed.wait()
    unsubscribe()


async def until_asked(session: Session) -> None:
    changed = asyncio.Event()
    unsubscribe = session.desk.changed.connect(changed.set)
    while not session.desk.pending:
        changed.clear()
        await changed.wait()
    unsubscribe()


async def test_nothing_leaves_and_nothing_runs_before_somebody_has_looked(session: Session) -> None:
    stepper = Stepper()
    stepper.switch(is_on=True)
    live = session.runs.start("Look.", stepper=stepper)
    await until_held(stepper)
    assert stepper.held is not None
    assert '"Look."' in stepper.held.wire.body_json
    assert not any(isinstance(event, RequestSent) for event in live.log)
    assert stepper.go_on()
    await until_asked(session)
    question = session.desk.pending[0]
    assert question.tool.name == "look", "a rule allows it, and it is asked about all the same"
    edited = Decision("edit", "person", arguments_json='{"at":"wall"}')
    session.desk.answer(question.call_id, question.shown_hash, edited)
    await until_held(stepper)
    stepper.switch(is_on=False)
    finished = await live.finished()
    assert finished.outcome == "answered"
    assert [event.full_text for event in live.log if isinstance(event, ToolCallSettled)] == ['{"seen":"wall"}']
    await session.close()


async def test_after_switching_off_the_rules_of_the_project_speak_again(session: Session) -> None:
    stepper = Stepper()
    stepper.switch(is_on=True)
    live = session.runs.start("Look.", stepper=stepper)
    await until_held(stepper)
    stepper.switch(is_on=False)
    assert (await live.finished()).outcome == "answered"
    assert [call.given.by for call in fold(live.log).calls() if call.given] == ["step mode, switched off"]
    await session.close()


async def test_the_time_somebody_looks_is_not_the_runs(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    stepper = Stepper()
    stepper.switch(is_on=True)
    limits = session.project.limits
    live = session.runs.start("Look.", RunOptions(policy=Policy((Rule("*", "allow"),))), stepper=stepper)
    await until_held(stepper)
    clock = session.runs._clock  # the wait is made long by pushing the clock, not by waiting
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + limits.seconds * 2)
    stepper.switch(is_on=False)
    finished = await live.finished()
    assert finished.outcome == "answered"
    assert finished.totals.waiting_ms >= limits.seconds * 2_000
    await session.close()


async def test_closing_puts_a_held_run_aside_as_it_is(session: Session) -> None:
    stepper = Stepper()
    stepper.switch(is_on=True)
    live = session.runs.start("Look.", stepper=stepper)
    await until_held(stepper)
    folder, run_id = session.project.folder, live.run_id
    await session.close()
    again = Session(folder, trust_for_now=True)
    assert again.interrupted == [run_id]
    assert fold(again.runs.load(run_id)).finished is None
    await again.close()


def test_what_is_denied_stays_denied() -> None:
    policy = asking_policy(Policy((Rule("a", "allow"), Rule("b", "deny"), Rule("c", "ask"))))
    assert [rule.action for rule in policy.rules] == ["ask", "deny", "ask"]


async def test_what_a_server_asks_in_step_mode_reaches_whoever_answers() -> None:
    desk = ApprovalDesk()
    asking = asyncio.create_task(SteppedApprover(desk, Stepper(), Policy()).reply(QUESTION))
    await asyncio.sleep(0)
    assert desk.server_questions.pending == (QUESTION,)
    assert not desk.server_questions.answer("another", Reply("accept", "person"))
    assert desk.server_questions.answer("h", Reply("accept", "person"))
    assert (await asking).action == "accept"
    assert await SteppedApprover(AbsentApprover("alone"), Stepper(), Policy()).reply(QUESTION) == NOBODY


@pytest.mark.parametrize("has_person", [True, False])
async def test_a_served_call_asks_only_where_somebody_is_at_the_window(has_person: bool) -> None:
    desk = ApprovalDesk()
    asking = asyncio.create_task(ServiceApprover(desk, lambda: has_person).reply(QUESTION))
    await asyncio.sleep(0)
    desk.server_questions.answer("h", Reply("accept", "person"))
    assert (await asking) == (Reply("accept", "person") if has_person else NOBODY)
