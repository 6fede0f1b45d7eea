"""Reading a project again costs what changed in it."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.store import project_file, tool_folder
from workbench.store.project import load_project


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The schemas that were checked."""
    schemas: list[object] = []
    check = tool_folder.check_schema

    def counted(schema: dict[str, object]) -> object:
        schemas.append(schema)
        return check(schema)  # type: ignore[arg-type]

    monkeypatch.setattr(tool_folder, "check_schema", counted)
    return schemas


def project_with_tools(folder: Path, count: int) -> Path:
    project = make_project(folder)
    for number in range(count):
        write_tool(project, number, "It counts.")
    return project


def write_tool(project: Path, number: int, description: str) -> None:
    document = {"name": f"tool{number:03}", "description": description, "inputSchema": {"type": "object"}}
    (project / "tools" / f"tool{number:03}.json").write_text(json.dumps(document))


@pytest.mark.parametrize("count", [5, 200])
def test_only_a_tool_that_changed_is_checked_again(tmp_path: Path, checked: list[object], count: int) -> None:
    project = project_with_tools(tmp_path / "p", count)
    before = load_project(project)
    assert len(checked) >= count
    checked.clear()
    write_tool(project, 1, "It counts twice.")
    after = load_project(project)
    assert len(checked) == 1
    assert [tool.description for tool in after.toolset if tool.name == "tool001"] == ["It counts twice."]
    assert after.toolset.named("tool002") is before.toolset.named("tool002")


def test_a_project_file_that_did_not_change_is_not_understood_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_with_tools(tmp_path / "p", 1)
    before = load_project(project)
    monkeypatch.setattr(project_file.ProjectFile, "model_validate", None)
    assert load_project(project).file is before.file


def test_tools_that_come_go_and_come_back_are_as_their_files_are(tmp_path: Path) -> None:
    project = project_with_tools(tmp_path / "p", 3)
    names = load_project(project).toolset.names
    path = project / "tools" / "tool001.json"
    text = path.read_text()
    path.unlink()
    assert load_project(project).toolset.names == tuple(name for name in names if name != "tool001")
    path.write_text("{")
    assert any("not valid JSON" in problem.message for problem in load_project(project).problems)
    path.write_text(text)
    assert load_project(project).toolset.names == names
    assert load_project(project).problems == ()
