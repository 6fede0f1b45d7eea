"""A file of code is saved on purpose, and stays trusted over the person's own edit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.app.session import Session
from workbench.viewmodels.code.code_file import CodeFile


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
    opened = Session(make_project(tmp_path / "marks"), folders=folders)
    yield opened
    await opened.close()


def opened(session: Session) -> CodeFile:
    folder = session.project.folder
    return CodeFile(TextFile(folder / "python" / "marks.py", folder), session)


async def test_nothing_is_saved_before_the_person_says_so(session: Session) -> None:
    code = opened(session)
    before = code.file.file.path.read_text(encoding="utf-8")
    heard: list[str] = []
    code.changed.connect(lambda: heard.append("changed"))
    code.write("def touch(mark): return 1\n")
    assert heard
    assert code.file.is_dirty
    assert code.file.file.path.read_text(encoding="utf-8") == before
    code.undo()
    assert code.document.text == before
    code.redo()
    assert code.save()
    assert not code.file.is_dirty
    assert code.file.file.path.read_text(encoding="utf-8") == "def touch(mark): return 1\n"


async def test_what_is_left_unsaved_comes_back(session: Session) -> None:
    code = opened(session)
    code.write("# half a thought")
    code.keep()
    assert opened(session).document.text == "# half a thought"


async def test_saving_says_whether_the_code_may_run_and_keeps_trust(session: Session) -> None:
    code = opened(session)
    assert code.trust_words == "This project's code is not trusted. Saving does not run it."
    session.trust()
    assert code.trust_words == "This project's code is trusted. Saving keeps it so."
    code.write("def touch(mark): return 2\n")
    assert code.save()
    assert session.is_trusted
