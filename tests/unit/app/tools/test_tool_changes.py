"""Tools are made, copied, renamed and deleted, and each of these can be undone."""

from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.tools.tool_changes import (
    delete_tool,
    describe_tool,
    duplicate_tool,
    new_tool,
    rename_tool_file,
    tool_path,
)
from workbench.core.errors import ProjectError, UsageError
from workbench.store.project import load_project
from workbench.store.tool_file import read_tool

TOML = """\
format = 1
name = "Marks"  # a remark

[request]
tool_choice = "auto:touch,look"

[[approval]]
tool = "touch"   # ask first
action = "ask"

[executors.touch]
kind = "python"
function = "marks:touch"

[executors.look]
kind = "mock"
result = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", toml=TOML)


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_tool_gets_a_free_name_and_can_be_taken_back(folder: Path) -> None:
    before = held(folder)
    path, undoable = new_tool(folder, "touch")
    assert path.name == "touch_2.json"
    assert read_tool(path.read_text()).name == "touch_2"
    undoable.undo()
    assert held(folder) == before


def test_a_copy_keeps_the_text_and_differs_in_its_name(folder: Path) -> None:
    original = folder / "tools" / "touch.json"
    text = original.read_text().replace('"Leave a mark."', '"Leave \\u00e9 mark."')
    path, undoable = duplicate_tool(folder, original, text)
    assert path.read_text() == text.replace('"touch"', '"touch_copy"')
    assert undoable.words == "Copied touch to touch_copy"
    undoable.undo()
    assert not path.exists()


def test_renaming_takes_the_settings_along_and_keeps_remarks(folder: Path) -> None:
    before = held(folder)
    path = folder / "tools" / "touch.json"
    new, undoable = rename_tool_file(folder, path, "touch", "mark")
    assert new.name == "mark.json"
    assert not path.exists()
    settings = (folder / "workbench.toml").read_text()
    assert settings == TOML.replace('"touch"', '"mark"').replace("auto:touch", "auto:mark").replace(
        "executors.touch", "executors.mark"
    )
    new.write_text(new.read_text().replace('"touch"', '"mark"'))
    assert load_project(folder).problems == ()
    with pytest.raises(ProjectError, match="changed since"):
        undoable.undo()
    new.write_text(new.read_text().replace('"mark"', '"touch"', 1))
    undoable.undo()
    assert held(folder) == before


@pytest.mark.parametrize("name", ["look", "", "../out", "a b", "x" * 65])
def test_a_name_that_is_taken_or_no_file_name_changes_nothing(folder: Path, name: str) -> None:
    before = held(folder)
    with pytest.raises(ProjectError):
        rename_tool_file(folder, folder / "tools" / "touch.json", "touch", name)
    assert held(folder) == before


def test_a_broken_project_file_is_left_alone(folder: Path) -> None:
    (folder / "workbench.toml").write_bytes(b"[executors.touch\n\xff")
    new, undoable = rename_tool_file(folder, folder / "tools" / "touch.json", "touch", "mark")
    assert (folder / "workbench.toml").read_bytes() == b"[executors.touch\n\xff"
    undoable.undo()
    assert not new.exists()


def test_a_deleted_tool_comes_back(folder: Path) -> None:
    before = held(folder)
    undoable = delete_tool(folder / "tools" / "touch.json")
    assert "touch.json" not in held(folder)
    undoable.undo()
    assert held(folder) == before


def test_a_tool_is_found_by_its_name_wherever_it_is(folder: Path) -> None:
    (folder / "tools" / "look.json").rename(folder / "tools" / "another.json")
    (folder / "tools" / "broken.json").write_text("{")
    assert tool_path(folder, "look") == folder / "tools" / "another.json"
    assert tool_path(folder, "touch") == folder / "tools" / "touch.json"
    assert tool_path(folder, "../workbench") is None


def test_the_folder_is_not_listed_for_a_tool_in_the_file_of_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[Path] = []
    real = Path.glob
    monkeypatch.setattr(Path, "glob", lambda path, pattern: (listed.append(path), real(path, pattern))[1])
    assert tool_path(folder, "touch") == folder / "tools" / "touch.json"
    assert listed == []
    assert tool_path(folder, "gone") is None
    assert listed == [folder / "tools"]


def test_another_description_leaves_the_rest_of_the_file_as_it_is(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    path = folder / "tools" / "look.json"
    path.write_bytes(
        b'\xef\xbb\xbf{"name": "look",\r\n  "description":   "Old.", "inputSchema": {"type": "object"}}\r\n'
    )
    before = path.read_bytes()
    done = describe_tool(folder, "look", "New “words”.")
    assert path.read_bytes() == before.replace(b'"Old."', '"New “words”."'.encode())
    done.undo()
    assert path.read_bytes() == before
    with pytest.raises(UsageError, match="has no file"):
        describe_tool(folder, "gone", "x")
