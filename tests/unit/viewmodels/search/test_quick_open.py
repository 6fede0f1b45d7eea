"""Finding anything by a few letters of its name."""

from pathlib import Path

from tests.support.projects import make_project
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.store.project import load_project
from workbench.viewmodels.search.quick_open import Target, opened, project_files, rows_for, targets


def run(name: str, title: str) -> RunRow:
    return RunRow(RunId(name), 1.0, title, "p", "m", "", None, None, "answered", "answer", 0, False)


def found(tmp_path: Path) -> tuple[Target, ...]:
    folder = tmp_path / "project"
    project = load_project(folder if folder.exists() else make_project(folder))
    tree = ConversationTree([run("run-a", "Look at Oslo"), run("run-b", "Paint it black")])
    files = project_files(project.folder)
    return targets(project.toolset, tree, files, [("settings", "Settings")])


def shown(tmp_path: Path, words: str, recent: list[str] | None = None) -> list[str]:
    rows = rows_for(found(tmp_path), words, recent or [])
    return [row.payload.mark for row in rows if isinstance(row.payload, Target)]


def test_tools_conversations_runs_files_and_pages_are_found_by_name(tmp_path: Path) -> None:
    assert shown(tmp_path, "look")[:2] == ["tool:look", "conversation:run-a"]
    assert "file:tools/look.json" in shown(tmp_path, "lojs")
    assert shown(tmp_path, "sett") == ["page:settings"]
    assert shown(tmp_path, "black run")[0] == "run:run-b"
    assert shown(tmp_path, "marks.py") == ["file:python/marks.py"]


def test_what_was_opened_lately_comes_first(tmp_path: Path) -> None:
    recent = opened(opened([], Target("page", "settings", "")), Target("run", "run-b", ""))
    assert shown(tmp_path, "", recent)[:2] == ["run:run-b", "page:settings"]
    assert shown(tmp_path, "look", ["file:tools/look.json"])[0] == "tool:look"
    assert opened(["a:1", "b:2"], Target("page", "x", "")) == ["page:x", "a:1", "b:2"]


def test_the_letters_that_fit_are_marked(tmp_path: Path) -> None:
    row = rows_for(found(tmp_path), "oslo", [])[0]
    assert [words for words, is_marked in row.pieces if is_marked] == ["Oslo"]


def test_hidden_files_and_the_history_are_no_files_of_the_project(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    (folder / ".workbench").mkdir()
    (folder / ".workbench" / "runs.sqlite").touch()
    (folder / ".secret").touch()
    assert project_files(folder) == [
        "script.json",
        "workbench.toml",
        "python/marks.py",
        "tools/look.json",
        "tools/touch.json",
    ]
