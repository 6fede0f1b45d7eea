"""Recorded exchanges of real programs, imported as logs: their conversations are run again without a difference."""

import json
from pathlib import Path

import pytest

from tests.contract.recordings import FOLDER
from tests.support.projects import make_project
from workbench.app.imports.imported_run import carry_out_import
from workbench.app.imports.pasted import recognize_file
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.session import Session

FILES = sorted(FOLDER.glob("*.json"))
pytestmark = pytest.mark.skipif(not FILES, reason="the recordings are not beside the repository")


async def test_every_recorded_conversation_is_imported_and_run_again(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    session = Session(make_project(tmp_path / "project"), folders=folders)
    replays = Replays(session.runs, session.providers, session.prices)
    different, count = [], 0
    try:
        for file in FILES:
            found = recognize_file(file)
            with_tools = [one for one in found.conversations if any(step.answer.calls for step in one.turns[0].steps)]
            done = await carry_out_import(session.runs, (), with_tools[:1])
            for run_id in (each for chain in done.conversations for each in chain):
                count += 1
                if not (await replays.rerun(run_id)).is_identical:
                    different.append(file.name)
    finally:
        await replays.close()
        await session.close()
    assert different == []
    assert count > 30


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_recording_is_read_or_refused(file: Path) -> None:
    found = recognize_file(file)
    asked = [one for one in json.loads(file.read_text("utf-8"))["exchanges"] if one["request"].get("body")]
    assert found.skipped == ()
    assert bool(found.conversations or found.items) or bool(found.obstacle)
    answered = [one for one in asked if one.get("status") == 200 and one["request"]["body"].get("tools")]
    assert not answered or found.conversations or found.items
