"""G7 · An approval cannot be got around: in every order of events, no unapproved run and no second run.

Each kind of interleaving is a state machine over a real run, a real desk and a real database. Whatever a person, two
windows, a clock, a quitting program or a changing project do in whatever order, the same must hold after every step.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.support.approval_life import Life
from tests.support.scripts import call, calls, says, script
from tests.support.tally import counted, fast_folder, size
from workbench.core.approval import Approval, Decision, Question
from workbench.core.event import ToolStarted
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.trace import fold
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

STEPS = 12
EDITS = ('{"at":"x"}', '{"at":7}', "{", '{"at":"x","at":"y"}', "[]", "", '{"at":"\\ud800"}', "NaN")


class DoubleClick(Life):
    @precondition(lambda self: self.desk.pending)
    @rule(data=st.data(), clicks=st.integers(2, 4))
    def click_more_than_once(self, data: st.DataObject, clicks: int) -> None:
        shown = data.draw(st.sampled_from([pair for pair in self.seen if pair[0] in self.desk.pending] or self.seen))
        counts = [self.answer(*shown, Decision("approve", by="me")) for _ in range(clicks)]
        assert sum(counts) <= 1


class ApproveAndCancel(Life):
    WORDS = ("approve",)

    @rule()
    def stop(self) -> None:
        self.task.cancel()


class ApproveAfterTheTime(Life):
    WORDS = ("approve",)
    LIMITS = RunLimits(approval_seconds=60.0)

    @rule(seconds=st.sampled_from([1.0, 30.0, 59.9, 60.0, 61.0]))
    def let_the_clock_run(self, seconds: float) -> None:
        self.events.run_until_complete(self.clock.push(seconds))
        self._steps(2)

    @rule(seconds=st.sampled_from([1.0, 61.0]))
    def let_the_clock_run_unnoticed(self, seconds: float) -> None:
        self.clock.time += seconds

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def ask_for_more_time(self, data: st.DataObject) -> None:
        question, _ = data.draw(st.sampled_from(self.seen))
        self.desk.extend(question.call_id, 30.0)

    def answer(self, question: Question, version: int, decision: Decision) -> bool:
        late = (until := self.desk.expires_at(question.call_id)) is not None and self.clock.now() > until
        counted = super().answer(question, version, decision)
        assert not (late and counted), "a decision counted after its time"
        return counted


class TwoWindows(Life):
    """The same questions in two windows of one program, and a second program on the same database."""

    WORDS = ("approve", "edit")

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def start_it_from_another_program(self, data: st.DataObject) -> None:
        question, _ = data.draw(st.sampled_from(self.seen))
        self.store.flush()
        mark = question.shown_hash
        approval = Approval(question.call_id, mark, mark, "approve", "somebody else", self.clock.now())
        if self.events.run_until_complete(self.other.claim(self.run_id, approval)) == "claimed":
            started = [event.call_id for event in self.log if isinstance(event, ToolStarted)]
            assert question.call_id not in started, "started in two programs"
            self.claimed_elsewhere.add(question.call_id)


class TwoCallsOfOneId(Life):
    """The provider gave all calls the same id, and the same arguments."""

    SCRIPT = script(calls(*(call("touch", at="a") for _ in range(3))), says("Done."))

    @precondition(lambda self: len(self.seen) > 1)
    @rule(data=st.data())
    def take_one_for_the_other(self, data: st.DataObject) -> None:
        (one, _), (other, _) = data.draw(st.permutations(self.seen))[:2]
        if one.call_id != other.call_id:
            assert not self.desk.answer(one.call_id, other.shown_hash, Decision("approve", by="me"))


class EditedArguments(Life):
    WORDS = ("approve", "reject")

    @precondition(lambda self: self.seen)
    @rule(
        data=st.data(),
        text=st.sampled_from(
            ['{"at":"x"}', '{"at":7}', "{", '{"at":"x","at":"y"}', "[]", "", '{"at":"\\ud800"}', "NaN"]
        ),
    )
    def edit(self, data: st.DataObject, text: str) -> None:
        question, version = data.draw(st.sampled_from(self.seen))
        self.answer(question, version, Decision("edit", by="me", arguments_json=text))


class ApproveOneRunAnother(Life):
    WORDS = ("approve",)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), mark=st.sampled_from(["", "0" * 64, "reversed", "another's"]))
    def approve_what_was_not_shown(self, data: st.DataObject, mark: str) -> None:
        question, _ = data.draw(st.sampled_from(self.seen))
        others = [seen.shown_hash for seen, _ in self.seen if seen.call_id != question.call_id]
        chosen = {"reversed": question.shown_hash[::-1], "another's": (others or ["none"])[0]}.get(mark, mark)
        assert not self.desk.answer(question.call_id, chosen, Decision("approve", by="me"))


class ChangedInBetween(Life):
    WORDS = ("approve", "edit")

    @rule()
    def register_it_again(self) -> None:
        self.registry.version += 1


class ClosedWindow(Life):
    """Esc, or closing the window, is a no; so is whatever comes after it."""

    WORDS = ("approve",)

    @precondition(lambda self: self.desk.pending)
    @rule(data=st.data())
    def close_the_card(self, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from(self.desk.pending))
        version = next(version for seen, version in self.seen if seen.shown_hash == question.shown_hash)
        if self.answer(question, version, Decision("reject", by="me", note="closed")):
            assert not self.answer(question, version, Decision("approve", by="me"))


class QuittingProgram(Life):
    """The program ends at any moment and is started again; what was decided before is asked again or was done."""

    WORDS = ("approve",)
    has_ended = False

    @precondition(lambda self: self.quits < 3 and not self.has_ended and not self.is_stopped)
    @rule()
    def quit_and_start_again(self) -> None:
        self.quits += 1
        old_desk, log = self.desk, self.log
        self.store.flush()
        log.mute()
        self.task.cancel()
        self.events.run_until_complete(asyncio.wait([self.task]))
        self.store.flush()
        stored = self.store.events(self.run_id)
        open_calls = [span for span in fold(stored).calls() if span.settled is None]
        if fold(stored).finished is not None or any(
            span.started or span.call_id in self._claimed() for span in open_calls
        ):
            self.has_ended = True  # what had started is settled as unknown by the store's recovery: see G1 and G2
            return
        self.log = EventLog(stored)
        self.store.follow(self.log)
        self.seen = []
        started = {event.call_id for event in stored if isinstance(event, ToolStarted)}
        self.allowed = {call_id: runs for call_id, runs in self.allowed.items() if call_id in started}
        self._begin(())
        self._steps(20)
        for question in self.desk.pending:
            assert not old_desk.answer(question.call_id, question.shown_hash, Decision("approve", by="me"))

    def _claimed(self) -> set[str]:
        return {row[0] for row in self.store._read("SELECT call_id FROM claims WHERE run_id = ?", (self.run_id,))}

    def teardown(self) -> None:
        if self.has_ended:
            self.events.close()
        else:
            super().teardown()


class UnknownDecision(Life):
    WORDS = ("APPROVE", "yes", "", "approved", "Approve ", "true", "stop", "\u202eapprove")


class UndoInTime(QuittingProgram):
    """An approval waits three seconds in which it can be undone; anything else may come first: another decision,
    Stop, the end of the program, a changed tool, the end of the question's time."""

    WORDS = ("approve", "reject", "edit")
    LIMITS = RunLimits(approval_seconds=10.0)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), word=st.sampled_from(["approve", "edit"]))
    def approve_with_time_to_undo(self, data: st.DataObject, word: str) -> None:
        question, version = data.draw(st.sampled_from(self.seen))
        text = '{"at":"edited"}' if word == "edit" else None
        decision = Decision(word, by="me", arguments_json=text)  # type: ignore[arg-type]
        begun, desk = self.clock.now(), self.desk

        def given(counted: bool) -> None:
            assert self.clock.now() >= begun + 3.0, "an approval was given before its time to undo was over"
            assert self.desk is desk or not counted, "an approval of an ended program was given"
            if counted:
                arguments = json.loads(text if text is not None else question.arguments_json)
                self.allowed.setdefault(question.call_id, []).append((arguments, version))

        desk.hold(question.call_id, question.shown_hash, decision, seconds=3.0, on_counted=given)

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        question, _ = data.draw(st.sampled_from(self.seen))
        was_held = self.desk.held_until(question.call_id) is not None
        started = [event.call_id for event in self.log if isinstance(event, ToolStarted)]
        if self.desk.take_back(question.call_id):
            assert was_held, "what was not held was taken back"
            assert question.call_id not in started, "what was taken back had started"
            assert any(waiting.call_id == question.call_id for waiting in self.desk.pending), "and no longer waits"

    @rule(seconds=st.sampled_from([1.0, 2.9, 3.0, 11.0]))
    def let_the_clock_run(self, seconds: float) -> None:
        self.events.run_until_complete(self.clock.push(seconds))
        self._steps(2)

    @rule()
    def register_it_again(self) -> None:
        self.registry.version += 1

    @rule()
    def stop(self) -> None:
        self.task.cancel()
        self.is_stopped = True


KINDS: dict[str, type[Life]] = {
    "double click": DoubleClick,
    "approve and cancel": ApproveAndCancel,
    "approve after the time": ApproveAfterTheTime,
    "two windows, two programs": TwoWindows,
    "parallel calls of one id": TwoCallsOfOneId,
    "edited arguments": EditedArguments,
    "approve A, run B": ApproveOneRunAnother,
    "changed between asking and running": ChangedInBetween,
    "Esc or close": ClosedWindow,
    "quit and start again": QuittingProgram,
    "unknown decision": UnknownDecision,
    "undo in time": UndoInTime,
}


@contextmanager
def stores(machine: type[Life]) -> Iterator[None]:
    with fast_folder() as folder:
        machine.store = RunStore(folder / "history", Redactor())
        machine.other = RunStore(folder / "history", Redactor())
        machine.lives = 0
        try:
            yield
        finally:
            machine.store.close()
            machine.other.close()


@pytest.mark.parametrize("kind", KINDS)
def test_no_order_of_events_runs_what_was_not_approved_or_runs_it_twice(kind: str) -> None:
    machine: Any = KINDS[kind]
    examples = size(15, 150, 1000)
    with counted("G7", kind) as tally, stores(machine):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
        tally.tried = tally.survived = machine.lives
