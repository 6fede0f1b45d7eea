"""Starting, stopping, putting aside and resuming runs of an open project."""

import asyncio
from pathlib import Path

import pytest

from tests.support.passes import Passes
from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL, Decision
from workbench.core.content import TextPart
from workbench.core.errors import UsageError
from workbench.core.event import RunEvent, RunStarted
from workbench.core.message import AssistantMessage, UserMessage
from workbench.core.trace import fold

ASKED = ({"calls": [{"tool": "touch", "arguments": {"mark": "a"}}]}, {"text": "Marked."})


def open_project(folder: Path) -> Session:
    home = folder.parent / "home"
    return Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)


async def wait_for_question(session: Session) -> None:
    asked = asyncio.Event()
    session.desk.changed.connect(lambda: asked.set() if session.desk.pending else None)
    if not session.desk.pending:
        await asked.wait()


async def test_an_approval_that_is_pending_when_the_program_ends_is_pending_when_it_starts_again(
    tmp_path: Path,
) -> None:
    project = make_project(tmp_path / "p", *ASKED)
    first = open_project(project)
    run_id = first.runs.start("Mark it.").run_id
    await wait_for_question(first)
    await first.close()

    second = open_project(project)
    assert second.interrupted == [run_id]
    [call] = fold(second.runs.load(run_id)).calls()
    assert (call.state, call.outcome) == ("waiting", None)
    live = second.runs.resume(run_id)
    await wait_for_question(second)
    [question] = second.desk.pending
    assert second.desk.answer(question.call_id, question.shown_hash, Decision("approve", by="person"))
    finished = await live.finished()
    assert (finished.outcome, finished.text) == ("answered", "Marked.")
    assert (project / "marks.txt").read_text() == "a\n"
    await second.close()


async def test_closing_stops_a_run_that_waits_for_nobody_and_records_it(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {"text": "slow " * 20, "delay_s": 3600})
    session = open_project(project)
    session.runs.start("Go.")
    await asyncio.sleep(0)
    await session.close()
    again = open_project(project)
    assert [row.outcome for row in again.runs.recorded()] == ["cancelled"]
    await again.close()


async def test_a_run_continues_the_conversation_of_another(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {"text": "One."}, {"text": "Two."})
    session = open_project(project)
    first = await session.runs.start("First.").finished()
    second = session.runs.start("Second.", RunOptions(continues=first.run_id))
    assert (await second.finished()).text == "Two."
    started = fold(session.runs.load(second.run_id)).started
    assert started is not None
    assert started.history[0] == UserMessage("First.")
    assert isinstance(started.history[1], AssistantMessage)
    assert started.history[1].parts == (TextPart("One."),)
    assert session.runs.conversation_runs(second.run_id) == [first.run_id, second.run_id]
    await session.close()


async def test_a_finished_run_cannot_be_resumed(tmp_path: Path) -> None:
    session = open_project(make_project(tmp_path / "p"))
    finished = await session.runs.start("Go.").finished()
    with pytest.raises(UsageError, match="finished"):
        session.runs.resume(finished.run_id)
    await session.close()


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        (" ", RunOptions()),
        ("Go.", RunOptions(model="nonsense")),
        ("Go.", RunOptions(model="anthropic:claude-opus-5-5")),
        ("Go.", RunOptions(model="openai-chat:x", base_url="file:///etc/passwd")),
    ],
)
async def test_a_run_that_cannot_be_made_as_asked_leaves_no_record(
    tmp_path: Path, prompt: str, options: RunOptions
) -> None:
    session = open_project(make_project(tmp_path / "p"))
    with pytest.raises(UsageError):
        session.runs.start(prompt, options)
    assert session.runs.recorded() == []
    await session.close()


async def test_changing_the_code_while_a_project_is_open_ends_its_trust(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", *ASKED)
    session = open_project(project)
    (project / "python" / "marks.py").write_text("def touch(mark):\n    return 'replaced'\n")
    await session.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL)).finished()
    [call] = fold(session.runs.load(session.runs.find("last"))).calls()
    assert call.settled is not None
    assert call.settled.error_kind == "unavailable"
    await session.close()


async def test_a_message_sent_again_keeps_what_came_before_it_and_both_versions(tmp_path: Path) -> None:
    session = open_project(make_project(tmp_path / "project", {"text": "One."}))
    first = session.runs.start("First.")
    await first.finished()
    second = session.runs.start("Second.", RunOptions(continues=first.run_id))
    await second.finished()
    second_try = session.runs.start("Second, but better.", RunOptions(continues=second.run_id, fork_seq=1))
    await second_try.finished()
    started = next(iter(second_try.log))
    assert isinstance(started, RunStarted)
    assert [message.text for message in started.history if isinstance(message, UserMessage)] == ["First."]
    assert session.runs.conversation_runs(second_try.run_id) == [first.run_id, second_try.run_id]
    tree = session.runs.tree()
    assert tree.versions(second.run_id) == [second.run_id, second_try.run_id]
    session.runs.rename(tree.root(second_try.run_id), "  Better\nwords ")
    assert [(row.title, row.messages) for row in session.runs.tree().conversations()] == [("Better words", 3)]
    await session.close()


async def test_runs_started_together_take_their_first_step_one_in_each_pass_of_the_loop(tmp_path: Path) -> None:
    session = open_project(make_project(tmp_path / "p", {"text": "Done."}))
    began: list[str] = []

    def heard(event: RunEvent) -> None:
        if isinstance(event, RunStarted):
            passes.mark()
            began.append(event.run_id)

    with Passes() as passes:
        runs = [session.runs.start("Go.", listener=heard) for _ in range(32)]
        ends = await asyncio.gather(*(run.finished() for run in runs))
    assert began == [run.run_id for run in runs]
    assert set(passes.by_pass.values()) == {1}
    assert {end.outcome for end in ends} == {"answered"}
    assert session.runs.live == {}
    await session.close()


async def test_a_run_stopped_before_its_turn_leaves_no_record_and_holds_up_nobody(tmp_path: Path) -> None:
    session = open_project(make_project(tmp_path / "p", {"text": "Done."}))
    runs = [session.runs.start("Go.") for _ in range(4)]
    await asyncio.sleep(0)
    runs[2].stop()
    with pytest.raises(asyncio.CancelledError):
        await runs[2].finished()
    assert (await runs[3].finished()).outcome == "answered"
    await asyncio.gather(*(run.finished() for run in (runs[0], runs[1])))
    assert not len(runs[2].log)
    assert {row.run_id for row in session.runs.recorded()} == {run.run_id for run in runs} - {runs[2].run_id}
    await session.close()


async def test_closing_ends_runs_that_wait_for_their_turn(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {"text": "slow " * 20, "delay_s": 3600})
    session = open_project(project)
    runs = [session.runs.start("Go.") for _ in range(20)]
    await asyncio.sleep(0)
    await session.close()
    assert not any(run.is_running for run in runs)
    again = open_project(project)
    assert [(row.run_id, row.outcome) for row in again.runs.recorded()] == [(runs[0].run_id, "cancelled")]
    await again.close()
