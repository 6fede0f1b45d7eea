"""Code is looked at whenever somebody asks, and read again only where it changed."""

import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.store.code_folder import CodeFolder
from workbench.store.file_state import FileState

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a change time that no program can set")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file was written long ago."""
    ahead_ns = 3_600_000_000_000
    now_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() + ahead_ns)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose content was read."""
    names: list[str] = []
    file_digest = hashlib.file_digest

    def counted(file: object, name: str) -> object:
        names.append(Path(file.name).name)  # type: ignore[attr-defined]
        return file_digest(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "file_digest", counted)
    return names


def project_with_modules(folder: Path, count: int) -> Path:
    project = make_project(folder)
    for number in range(count):
        (project / "python" / f"module{number:04}.py").write_text(f"x = {number}\n")
    return project


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("count", [3, 300])
def test_only_a_file_that_changed_is_read_again(tmp_path: Path, hashed: list[str], count: int) -> None:
    project = project_with_modules(tmp_path / "p", count)
    code = CodeFolder(project)
    before = code.content()
    assert len(hashed) == count + 1
    hashed.clear()
    assert code.content() == before
    assert hashed == []
    (project / "python" / "module0001.py").write_text("x = 7\n")
    assert code.content() != before
    assert hashed == ["module0001.py"]


@pytest.mark.usefixtures("later")
def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    path = project / "python" / "marks.py"
    code = CodeFolder(project)
    before, was = code.content(), path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"#")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert path.stat().st_size == was.st_size
    assert path.stat().st_mtime_ns == was.st_mtime_ns
    assert code.content() != before


@pytest.mark.usefixtures("later")
def test_another_file_put_in_its_place_with_the_same_times_is_seen(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    path = project / "python" / "marks.py"
    code = CodeFolder(project)
    before, was = code.content(), path.stat()
    other = tmp_path / "other.py"
    other.write_bytes(path.read_bytes()[:-1] + b"#")
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)
    assert code.content() != before


def test_what_was_written_a_moment_ago_is_read_each_time(tmp_path: Path, hashed: list[str]) -> None:
    """A change within the same step of the clock would leave every time as it is."""
    code = CodeFolder(make_project(tmp_path / "p"))
    code.content()
    code.content()
    assert hashed == ["marks.py"] * 2


def test_a_file_changed_after_reading_began_is_not_settled(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("")
    state = FileState.of(str(path), path.stat())
    assert not state.is_settled(state.ctime_ns)
    assert not state.is_settled(state.ctime_ns - 1_000_000_000)
    assert state.is_settled(state.ctime_ns + 10_000_000_000)


@pytest.mark.parametrize(
    ("ctime_ns", "is_settled"), [(1_700_000_000_123_456_789, True), (1_700_000_000_120_000_000, False)]
)
def test_a_file_settles_later_where_its_times_are_kept_in_coarse_steps(ctime_ns: int, is_settled: bool) -> None:
    state = FileState("a", 1, ctime_ns, ctime_ns, 1, 1)
    assert state.is_settled(ctime_ns + 1_000_000_000) == is_settled
    assert state.is_settled(ctime_ns + 3_000_000_000)


@pytest.mark.usefixtures("later")
def test_code_that_was_taken_away_and_comes_back_is_the_same_code(tmp_path: Path) -> None:
    project = project_with_modules(tmp_path / "p", 3)
    code, path = CodeFolder(project), project / "python" / "module0001.py"
    before, text = code.content(), path.read_text()
    path.unlink()
    assert code.content() != before
    path.write_text(text)
    assert code.content() == before


@pytest.mark.usefixtures("later")
def test_a_folder_is_listed_again_only_where_something_came_or_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_with_modules(tmp_path / "p", 3)
    deep = project / "python" / "deep"
    deep.mkdir()
    (deep / "module.py").write_text("x = 1\n")
    listed: list[str] = []
    scandir = os.scandir

    def counted(folder: str) -> object:
        listed.append(Path(folder).name)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", counted)
    code = CodeFolder(project)
    before = code.content()
    assert sorted(listed) == ["deep", "python"]
    listed.clear()
    assert code.content() == before
    (deep / "module.py").write_text("x = 2\n")
    changed = code.content()
    assert changed != before
    assert listed == []
    (deep / "more.py").write_text("")
    more = code.content()
    assert more != changed
    assert listed == ["deep"]
    (deep / "more.py").unlink()
    assert code.content() == changed
    for path in deep.iterdir():
        path.unlink()
    deep.rmdir()
    deep.write_text("a file now")
    assert b"deep\0" in code.content()
    deep.unlink()
    deep.symlink_to(tmp_path / "elsewhere")
    gone = code.content()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "module.py").write_text("")
    assert code.content() != gone
