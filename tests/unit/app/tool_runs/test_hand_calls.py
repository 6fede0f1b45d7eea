"""Calls that a person makes pass the same gate as a model's, and are on record like them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.tool_runs.past_calls import past_calls
from workbench.core.approval import ALLOW_ALL, Decision
from workbench.core.errors import UsageError
from workbench.core.event import RunStarted, ToolCallSettled
from workbench.core.hand_call import called_by_hand, hand_message
from workbench.core.trace import fold

LOOK = {"calls": [{"tool": "look", "arguments": {"at": "sea"}}]}


def open_session(folder: Path) -> Session:
    home = folder.parent / "home"
    return Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    opened = open_session(make_project(tmp_path / "p", LOOK, {"text": "Seen."}))
    yield opened
    await opened.close()


async def question(session: Session) -> None:
    asked = asyncio.Event()
    session.desk.changed.connect(lambda: asked.set() if session.desk.pending else None)
    if not session.desk.pending:
        await asked.wait()


def settled(live: LiveRun) -> ToolCallSettled:
    (found,) = (event for event in live.log if isinstance(event, ToolCallSettled))
    return found


async def test_an_allowed_call_runs_and_the_run_ends_with_its_result(session: Session) -> None:
    live = session.runs.call("look", '{"at": "gate"}')
    finished = await live.finished()
    assert (finished.outcome, finished.ended_by) == ("answered", "answer")
    assert json.loads(settled(live).result_text) == {"seen": "gate"}
    assert (finished.totals.rounds, finished.totals.calls, finished.totals.usage.total_tokens) == (1, 1, 0)
    started = next(event for event in session.runs.load(live.run_id) if isinstance(event, RunStarted))
    assert started.by_hand
    assert [tool["name"] for tool in started.tools] == ["look"]
    assert session.runs.recorded()[0].title == 'Run look with {"at": "gate"}'


async def test_arguments_that_do_not_fit_are_on_record_and_nothing_runs(session: Session) -> None:
    live = session.runs.call("touch", '{"mark": 7}')
    await live.finished()
    assert settled(live).outcome == "invalid"
    assert not session.desk.pending


async def test_a_call_that_needs_a_person_waits_for_one_and_does_so_again_after_a_restart(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    first = open_session(folder)
    run_id = first.runs.call("touch", '{"mark": "x"}').run_id
    await question(first)
    assert not (folder / "marks.txt").exists()
    await first.close()

    second = open_session(folder)
    live = second.runs.resume(run_id)
    await question(second)
    (asked,) = second.desk.pending
    assert second.desk.answer(asked.call_id, asked.shown_hash, Decision("approve", by="person"))
    assert (await live.finished()).outcome == "answered"
    assert (folder / "marks.txt").read_text() == "x\n"
    await second.close()


async def test_a_model_goes_on_from_what_a_person_called(session: Session) -> None:
    first = session.runs.call("look", '{"at": "gate"}')
    await first.finished()
    second = session.runs.start("What did I see?", RunOptions(continues=first.run_id, policy=ALLOW_ALL))
    finished = await second.finished()
    assert finished.text == "Seen."
    assert '{"seen":"gate"}' in str(next(iter(second.log)).history).replace(" ", "")  # type: ignore[union-attr]


async def test_the_run_can_be_made_again_over_its_recording(session: Session) -> None:
    live = session.runs.call("look", '{"at": "gate"}')
    await live.finished()
    replays = Replays(session.runs, session.providers, session.prices)
    assert (await replays.rerun(live.run_id)).is_identical
    await replays.close()


async def test_without_a_model_a_further_message_says_what_to_do(session: Session) -> None:
    live = session.runs.start("Hello.", RunOptions(model="hand"))
    finished = await live.finished()
    assert finished.outcome == "failed"
    assert "No model was chosen" in finished.message


async def test_an_unknown_tool_is_refused_before_anything_is_recorded(session: Session) -> None:
    with pytest.raises(UsageError, match="nobody"):
        session.runs.call("nobody", "{}")
    assert session.runs.recorded() == []


async def test_earlier_arguments_come_from_people_and_models_the_newest_first(session: Session) -> None:
    await session.runs.start("Look.", RunOptions(policy=ALLOW_ALL)).finished()
    for at in ("gate", "hill", "gate"):
        await session.runs.call("look", json.dumps({"at": at})).finished()
    found = past_calls(session.runs, "look")
    assert [(json.loads(call.arguments_json)["at"], call.by_hand) for call in found] == [
        ("gate", True),
        ("hill", True),
        ("sea", False),
    ]
    assert past_calls(session.runs, "touch") == ()


def test_the_message_names_the_call_and_is_read_back() -> None:
    assert called_by_hand(hand_message("a__b", '{"x": "Run y with {}"}')) == ("a__b", '{"x": "Run y with {}"}')
    assert called_by_hand("Look around.") is None


async def test_the_trace_of_the_run_has_one_call_with_its_time(session: Session) -> None:
    live = session.runs.call("look", "{}")
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.settled is not None
    assert call.settled.duration_ms >= 0
