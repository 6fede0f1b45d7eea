"""Suites are files of the project: added to, edited line by line, and brought back by undo."""

from pathlib import Path

import pytest

from workbench.app.suites.suite_files import SuiteFiles
from workbench.core.errors import ProjectError, UsageError
from workbench.core.suite.case_line import read_case
from workbench.core.suite.suite import Suite

ONE = read_case({"id": "one", "request": "Go\u2028on", "expected": "look"})
TWO = read_case({"id": "two", "request": "Stop", "expected": None})


def test_a_case_is_added_edited_and_deleted_in_its_own_line(tmp_path: Path) -> None:
    files = SuiteFiles(tmp_path)
    files.add("s", ONE)
    files.add("s", TWO)
    before = files.path_of("s").read_text(encoding="utf-8")
    edited = files.replace("s", "one", read_case({"id": "one", "request": "Go!", "expected": "look"}))
    lines = files.path_of("s").read_text(encoding="utf-8").split("\n")
    assert '"Go!"' in lines[1]
    assert lines[2:] == before.split("\n")[2:]
    edited.undo()
    assert files.path_of("s").read_text(encoding="utf-8") == before
    files.replace("s", "one", None)
    assert [case.case_id for case in files.load("s").cases] == ["two"]
    assert files.names() == ("s",)


def test_lines_that_cannot_be_read_stay_and_are_never_written_over(tmp_path: Path) -> None:
    files = SuiteFiles(tmp_path)
    files.add("s", ONE)
    path = files.path_of("s")
    path.write_text(path.read_text(encoding="utf-8") + "{broken", encoding="utf-8")
    files.add("s", TWO)
    assert "{broken\n" in path.read_text(encoding="utf-8")
    suite = files.load("s")
    assert [problem.line for problem in suite.problems] == [3]
    with pytest.raises(UsageError, match="cannot be read"):
        files.save(suite)


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    files = SuiteFiles(tmp_path)
    files.save(Suite(name="s", cases=(ONE, TWO)))
    for wrong, said in (
        (lambda: files.add("s", ONE), "already has a case 'one'"),
        (lambda: files.replace("s", "three", None), "has no case 'three'"),
        (lambda: files.replace("s", "one", TWO), "already has a case 'two'"),
        (lambda: files.load("t"), "there is no suite 't'"),
        (lambda: files.path_of("../t"), "cannot be the name"),
    ):
        with pytest.raises(UsageError, match=said):
            wrong()
    (tmp_path / "suites" / "folder.jsonl").mkdir()
    with pytest.raises(ProjectError, match="ordinary file"):
        files.load("folder")
