"""Where no rule of a mock fits: an error, one reply, a model that plays the tool, or the person by hand."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.mocks.mock_ending import MockEnding, ending_of, write_ending
from workbench.app.project.file_change import take_back
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL, DENY_ALL, Decision
from workbench.core.errors import UsageError
from workbench.core.trace import fold

MOCK = """
[executors.played]
kind = "mock"
default = { static = "as ever" }  # for now
"""


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    calls = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}
    project = make_project(tmp_path / "project", calls, {"text": "Done."}, toml=TOML + MOCK)
    opened = Session(project, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"), trust_for_now=True)
    yield opened
    await opened.close()


def row(session: Session, tool: str) -> dict[str, object]:
    text = (session.project.folder / "workbench.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["executors"][tool])


async def test_each_ending_is_read_as_it_was_written_and_can_be_taken_back(session: Session) -> None:
    assert ending_of(session.project, "look") == (None, "")
    assert ending_of(session.project, "played") == ("default", "")
    endings: tuple[tuple[MockEnding, str], ...] = (
        ("hand", ""),
        ("model", "openai:gpt-5"),
        ("error", ""),
        ("default", ""),
    )
    for tool in ("look", "played"):
        for ending, model in endings:
            change = write_ending(session.project, tool, ending, model)
            await session.reload()
            assert ending_of(session.project, tool) == (ending, model)
            take_back(session.project.folder, change)
            await session.reload()
            write_ending(session.project, tool, ending, model)
            await session.reload()
    assert row(session, "look")["real"] == {"kind": "python", "function": "marks:look"}


async def test_a_reply_that_stands_in_the_file_outlives_the_error_and_the_hand(session: Session) -> None:
    for ending in ("error", "hand", "default"):
        write_ending(session.project, "played", ending)  # type: ignore[arg-type]
        await session.reload()
    assert row(session, "played")["default"] == {"static": "as ever"}


async def test_a_tool_answered_by_hand_runs_nothing_even_where_every_call_is_allowed(session: Session) -> None:
    write_ending(session.project, "look", "hand")
    await session.reload()
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    while not session.desk.pending:
        assert live.is_running
        await asyncio.sleep(0.005)
    (question,) = session.desk.pending
    assert question.wants == "result"
    assert not any(call.started for call in fold(live.log).calls())
    session.desk.answer(question.call_id, question.shown_hash, Decision("mock", by="me", result_text="a gate"))
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.settled is not None
    assert (call.settled.outcome, call.settled.result_text, call.started) == ("mocked", "a gate", None)


async def test_a_rule_that_denies_comes_before_the_hand(session: Session) -> None:
    write_ending(session.project, "look", "hand")
    await session.reload()
    live = session.runs.start("Go.", RunOptions(policy=DENY_ALL))
    await live.finished()
    assert [call.outcome for call in fold(live.log).calls()] == ["rejected"]


async def test_a_model_has_to_be_named_and_a_damaged_file_is_left_alone(session: Session) -> None:
    with pytest.raises(UsageError, match="no model is chosen"):
        write_ending(session.project, "look", "model")
    file = session.project.folder / "workbench.toml"
    file.write_text("format = [", encoding="utf-8")
    with pytest.raises(UsageError):
        write_ending(session.project, "look", "hand")
    assert file.read_text(encoding="utf-8") == "format = ["
