"""What was open before."""

from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.project.recent_projects import MOST, RecentProjects
from workbench.app.restore.project_memory import ProjectMemory


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


def test_the_project_opened_last_comes_first_and_only_once(folders: UserFolders, tmp_path: Path) -> None:
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    recent = RecentProjects(folders)
    for folder in (one, other, one):
        recent.add(folder, folder.name)
    assert [project.name for project in RecentProjects(folders).all()] == ["one", "other"]
    assert recent.last() == one
    assert [project.obstacle for project in recent.all()] == ["", ""]


def test_a_folder_that_is_gone_says_so_and_is_not_opened_at_the_start(folders: UserFolders, tmp_path: Path) -> None:
    recent = RecentProjects(folders)
    recent.add(tmp_path / "gone", "Gone")
    assert recent.all()[0].obstacle == "the folder does not exist"
    assert recent.last() is None
    (tmp_path / "gone").mkdir()
    assert recent.all()[0].obstacle == "it no longer has a workbench.toml"


def test_what_is_forgotten_can_be_put_back_in_its_place(folders: UserFolders, tmp_path: Path) -> None:
    times = iter(range(100))
    recent = RecentProjects(folders, now=lambda: float(next(times)))
    for name in ("a", "b", "c"):
        recent.add(tmp_path / name, name)
    gone = recent.forget(str(tmp_path / "b"))
    assert gone is not None
    assert [project.name for project in recent.all()] == ["c", "a"]
    recent.put_back(gone)
    assert [project.name for project in recent.all()] == ["c", "b", "a"]


def test_a_damaged_list_counts_as_none_and_the_list_stays_short(folders: UserFolders, tmp_path: Path) -> None:
    folders.state.mkdir()
    (folders.state / "recent.json").write_text('{"projects": [{"folder": 3}, {"folder": "/x", "name": "X"}]}')
    recent = RecentProjects(folders)
    assert [project.name for project in recent.all()] == ["X"]
    (folders.state / "recent.json").write_text("{]")
    assert recent.all() == ()
    for number in range(MOST + 5):
        recent.add(tmp_path / str(number), str(number))
    assert len(recent.all()) == MOST


def test_what_is_remembered_of_a_project_lies_outside_of_it(folders: UserFolders, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    before = sorted(project.rglob("*"))
    memory = ProjectMemory(folders, project)
    memory.keep("tabs", [{"kind": "tool", "key": "look"}])
    assert ProjectMemory(folders, project).part("tabs") == [{"kind": "tool", "key": "look"}]
    assert ProjectMemory(folders, tmp_path / "elsewhere").part("tabs") is None
    assert sorted(project.rglob("*")) == before
    memory.file.write_text("not JSON")
    assert ProjectMemory(folders, project).part("tabs") is None
