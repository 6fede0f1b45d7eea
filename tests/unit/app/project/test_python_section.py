"""A project may name the interpreter its functions run in, and their memory; the interpreter is part of the trust."""

import json
import sys
import venv
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.trust.trust_report import trust_report
from workbench.core.approval import ALLOW_ALL
from workbench.core.trace import fold

CODE = """\
import sys


def look(at="here"):
    if at == "big":
        return len(bytearray(600_000_000))
    return sys.prefix


def touch(mark):
    return mark
"""
Open = Callable[..., Session]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of a POSIX environment")


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    sessions: list[Session] = []

    def session(section: str, at: str = "x") -> Session:
        call = {"calls": [{"tool": "look", "arguments": {"at": at}}]}
        folder = tmp_path / "project"
        if not folder.exists():
            make_project(folder, call, {"text": "Done."}, code=CODE)
        (folder / "workbench.toml").write_text(TOML + section, encoding="utf-8")
        folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
        sessions.append(Session(folder, folders=folders))
        return sessions[-1]

    yield session
    for one in sessions:
        await one.close()


async def result(session: Session) -> tuple[str, str]:
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    (call,) = fold(live.log).calls()
    assert call.settled is not None
    return call.settled.outcome, call.settled.result_text


async def test_functions_run_in_the_environment_of_the_project(opened: Open, tmp_path: Path) -> None:
    own = tmp_path / "project" / ".venv"
    session = opened('\n[python]\ninterpreter = ".venv/bin/python"\n')
    venv.create(own, with_pip=False, symlinks=True)
    assert str(own / "bin" / "python") in trust_report(session.project, session.mcp.views).text
    session.trust()
    outcome, text = await result(session)
    assert (outcome, text.strip('"')) == ("ok", str(own))


async def test_another_interpreter_ends_the_trust(opened: Open, tmp_path: Path) -> None:
    session = opened("")
    session.trust()
    assert session.is_trusted
    other = opened(f"\n[python]\ninterpreter = {json.dumps(sys.executable)}\n")
    assert not other.is_trusted
    program = tmp_path / "project" / "mine"
    program.write_text("#!/bin/sh\n")
    named = opened('\n[python]\ninterpreter = "mine"\n')
    named.trust()
    assert named.is_trusted
    program.write_text("#!/bin/sh\ntouch owned\n")
    assert not named.is_trusted


@pytest.mark.skipif(sys.platform == "darwin", reason="this system bounds no address space")
async def test_more_memory_than_the_project_allows_is_an_error_the_model_can_read(opened: Open) -> None:
    session = opened("\n[python]\nmemory_mb = 500\n", at="big")
    session.trust()
    outcome, text = await result(session)
    assert outcome == "error"
    assert "MemoryError" in text
