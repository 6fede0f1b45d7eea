"""An edit that a person makes here keeps trust, and nothing else is trusted along with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.projects import CODE, TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session

OWN = CODE.replace('return "left"', 'return "there"').encode()


def opened(folder: Path, home: Path, *, is_trusted: bool = False) -> Session:
    folders = UserFolders(home / "state", home / "config", home / "data")
    return Session(folder, folders=folders, trust_for_now=is_trusted)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "marks")


@pytest.fixture
def session(folder: Path, own_home: Path) -> Iterator[Session]:
    made = opened(folder, own_home)
    yield made
    made.store.close()


async def test_a_trusted_project_stays_trusted_over_ones_own_edit_and_over_undoing_it(
    session: Session, folder: Path
) -> None:
    session.trust()
    done = session.edit_code("Edited", {folder / "python" / "marks.py": OWN})
    assert (folder / "python" / "marks.py").read_bytes() == OWN
    assert session.is_trusted
    done.undo()
    assert session.is_trusted


async def test_code_that_was_not_trusted_stays_so(session: Session, folder: Path) -> None:
    session.edit_code("Edited", {folder / "python" / "marks.py": OWN})
    assert not session.is_trusted


async def test_what_another_program_has_changed_since_is_not_trusted_with_it(session: Session, folder: Path) -> None:
    session.trust()
    (folder / "python" / "other.py").write_text("import os\n")
    session.edit_code("Edited", {folder / "python" / "marks.py": OWN})
    assert not session.is_trusted
    (folder / "python" / "other.py").unlink()
    assert not session.is_trusted


async def test_what_changes_while_it_is_written_is_not_trusted(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.trust()
    read = session._read_once_more
    calls: list[int] = []

    def read_and_change() -> object:
        calls.append(1)
        if len(calls) == 2:
            (folder / "python" / "other.py").write_text("import os\n")
        return read()

    monkeypatch.setattr(session, "_read_once_more", read_and_change)
    session.edit_code("Edited", {folder / "python" / "marks.py": OWN})
    assert not session.is_trusted


async def test_the_project_file_as_it_is_on_disk_decides_not_as_it_was_read(session: Session, folder: Path) -> None:
    session.trust()
    file = folder / "workbench.toml"
    sneaky = TOML + '\n[executors.send]\nkind = "http"\nurl = "http://127.0.0.1:9/{at}"\n'
    file.write_text(sneaky)
    session.edit_code("Edited", {file: sneaky.replace("marks:look", "marks:touch").encode()})
    await session.reload()
    assert not session.is_trusted


async def test_the_first_code_of_a_project_without_any_is_ones_own(tmp_path: Path, own_home: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "workbench.toml").write_text("format = 1\n")
    session = opened(folder, own_home)
    rows = b'format = 1\n[executors.a]\nkind = "python"\nfunction = "a:a"\n'
    session.edit_code("Created", {folder / "workbench.toml": rows, folder / "python" / "a.py": b"def a(): ...\n"})
    await session.reload()
    assert session.has_code
    assert session.is_trusted
    session.store.close()


async def test_code_that_came_with_a_folder_is_not_trusted_because_nothing_ran_it_yet(
    tmp_path: Path, own_home: Path
) -> None:
    folder = tmp_path / "came"
    (folder / "python").mkdir(parents=True)
    (folder / "workbench.toml").write_text("format = 1\n")
    (folder / "python" / "theirs.py").write_text("import os\n")
    session = opened(folder, own_home)
    rows = b'format = 1\n[executors.a]\nkind = "python"\nfunction = "a:a"\n'
    session.edit_code("Created", {folder / "workbench.toml": rows, folder / "python" / "a.py": b"def a(): ...\n"})
    await session.reload()
    assert not session.is_trusted
    session.store.close()


async def test_trust_for_now_stays_for_now(folder: Path, own_home: Path) -> None:
    session = opened(folder, own_home, is_trusted=True)
    session.edit_code("Edited", {folder / "python" / "marks.py": OWN})
    assert session.is_trusted
    session.store.close()
    again = opened(folder, own_home)
    assert not again.is_trusted
    again.store.close()
