"""A new project, and an ordinary folder that becomes one."""

from pathlib import Path

import pytest

from workbench.store.project import load_project
from workbench.viewmodels.project.new_project_form import STARTS, NewProjectForm, Start


def test_the_folder_follows_the_name_until_it_is_typed(tmp_path: Path) -> None:
    form = NewProjectForm(tmp_path)
    form.write_name("Größe & Co. tools!")
    assert form.folder == tmp_path / "grösse-co-tools"
    form.write_folder(str(tmp_path / "else"))
    form.write_name("Other")
    assert form.folder == tmp_path / "else"
    form.write_folder("")
    assert form.folder == tmp_path / "other"


@pytest.mark.parametrize("start", [start for start, _ in STARTS])
def test_a_project_is_made_under_its_name_and_has_no_problem(tmp_path: Path, start: Start) -> None:
    form = NewProjectForm(tmp_path)
    form.write_name('My "own" tools')
    form.choose(start)
    assert form.problem == ""
    assert form.create()
    project = load_project(form.folder)
    assert (project.name, project.errors) == ('My "own" tools', ())
    assert bool(project.toolset) == (start != "empty")
    assert form.problem == "This folder is already a project. Open it instead."


def test_a_folder_with_files_becomes_a_project_and_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    form = NewProjectForm(tmp_path, folder)
    assert (form.title, form.name, form.starts) == ("Create a project here?", "notes", STARTS[:1])
    assert "stay as they are" in form.outcome
    assert form.create()
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "tools", "workbench.toml"]
    assert (folder / "notes.txt").read_text() == "mine"
    assert load_project(folder).problems == ()


def test_what_cannot_be_a_project_is_said_before_anything_is_made(tmp_path: Path) -> None:
    form = NewProjectForm(tmp_path)
    form.write_name(" ")
    assert form.problem == "Enter a name."
    form.write_name("a")
    form.write_folder("relative/path")
    assert "full path" in form.problem
    (tmp_path / "file").write_text("")
    form.write_folder(str(tmp_path / "file"))
    assert form.problem == "This is a file."
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    form.write_folder(str(tmp_path / "full"))
    assert form.problem == ""
    form.choose("example")
    assert "not empty" in form.problem
    form.write_folder(str(tmp_path / "file" / "inside"))
    form.choose("empty")
    assert not form.create()
    assert "cannot be made a project" in form.trouble
