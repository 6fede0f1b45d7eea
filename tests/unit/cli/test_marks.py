"""`workbench marks`, and samplings of the command line that the window finds again."""

import asyncio
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.unit.cli.test_replay import SAYS, Command
from workbench.app.microscope.decision import decision_at
from workbench.app.microscope.marks import Marks
from workbench.app.microscope.sampling_store import KeptSampling, SamplingStore
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.core.selection import ExpectedCall


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    made = Command(make_project(tmp_path / "marks", *SAYS), capsys)
    assert made("run", "Mark it.", "--approve", "all", "--trust") == ExitCode.ANSWERED
    return made


async def mark(project: Path) -> None:
    session = Session(project)
    replays = Replays(session.runs, session.providers, session.prices)
    decision = decision_at(replays, session.runs.find("last"), "turn-1/round-1/call-1")
    Marks(session.store.folder, session.redactor).make(
        decision, ExpectedCall("look", {"at": "gate"}), call=1, note="It asks."
    )
    await replays.close()
    await session.close()


async def kept(project: Path) -> tuple[KeptSampling, ...]:
    session = Session(project)
    found = SamplingStore(session.store.folder, session.redactor).of(session.runs.find("last"), "turn-1/round-1")
    await session.close()
    return found


def test_marks_are_listed_and_given_whole_as_json(command: Command) -> None:
    asyncio.run(mark(command.project))
    assert command("marks") == ExitCode.ANSWERED
    assert 'turn-1/round-1/call-1  look({"at":"gate"}) was expected, touch was chosen  “It asks.”' in command.out
    assert command("marks", "--run", "last", "--json") == ExitCode.ANSWERED
    assert command.document["expected"] == {"tool": "look", "arguments": {"at": "gate"}, "exactly": False}
    assert command.document["chosen"]["kind"] == "calls"


def test_without_a_mark_it_says_how_one_is_made(command: Command) -> None:
    assert command("marks") == ExitCode.ANSWERED
    assert "Mark as wrong" in command.out
    assert command("marks", "--run", "gone") == ExitCode.USAGE


def test_what_the_command_line_sampled_is_found_by_the_window(command: Command) -> None:
    assert command("replay", "last", "--fork-at", "round-1", "--trials", "3") == ExitCode.ANSWERED
    (found,) = asyncio.run(kept(command.project))
    assert found.arm.is_as_it_was
    assert (found.sampling.distribution.trials, found.was_stopped) == (3, False)


def test_samples_of_a_marked_decision_say_how_often_it_was_as_expected(command: Command) -> None:
    asyncio.run(mark(command.project))
    folder = command.project / "variants"
    folder.mkdir()
    (folder / "clear.json").write_text('{"tools": {"look": {"description": "Look about."}}}')
    order = ("replay", "last", "--fork-at", "round-1", "--trials", "5", "--variant", "clear")
    assert command(*order) == ExitCode.ANSWERED
    assert 'as marked (look({"at":"gate"})): 0 of 5 → 0 of 5: cannot tell yet' in command.out
    assert command(*order, "--json") == ExitCode.ANSWERED
    assert command.document["mark"]["expected"]["tool"] == "look"
