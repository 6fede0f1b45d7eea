"""A variant becomes the project's own, file by file, and all of it can be undone."""

from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.variants.variant_promotion import project_offer, promote, promotion
from workbench.core.errors import ProjectError, UsageError
from workbench.core.tool import Tool
from workbench.core.variant import ToolEdit, Variant, apply_variant
from workbench.store.project import load_project

COMMENTED = TOML.replace("format = 1", "# mine\nformat = 1  # one").replace("[limits]", "[limits]  # bounds")


def files_of(folder: Path) -> dict[str, str]:
    found = [*(folder / "tools").iterdir(), folder / "workbench.toml"]
    return {path.name: path.read_text() for path in found}


def test_everything_a_variant_changes_goes_into_the_projects_files_and_comes_back(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks", toml=COMMENTED)
    project = load_project(folder)
    before = files_of(folder)
    variant = Variant(
        name="v",
        tools={"look": ToolEdit(name="see", description="Look around you.")},
        added=(Tool.make("wait", "Wait.").document,),
        instructions='Be "kind".\nAnd brief.',
        tool_choice="see",
        tool_choice_after="auto",
        parallel_calls=False,
        model="local",
    )
    undoable, remarks = promote(variant, project)
    after = load_project(folder)
    assert not after.errors
    wanted = apply_variant(variant, project_offer(project))
    assert sorted(after.toolset.names) == sorted(wanted.toolset.names) == ["see", "touch", "wait"]
    assert after.toolset.named("see") == wanted.toolset.named("see")
    assert (after.instructions, after.model, after.parallel_calls) == ('Be "kind".\nAnd brief.', "local", False)
    assert after.tool_choice == wanted.tool_choice
    assert after.executor_names["see"] == project.executor_names["look"]
    text = files_of(folder)["workbench.toml"]
    assert "# mine" in text
    assert "# one" in text
    assert "# bounds" in text
    assert remarks == ("wait has no executor yet: you answer its calls.",)
    undoable.undo()
    assert files_of(folder) == before


def test_only_what_differs_is_written_and_layout_stays(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks")
    look = folder / "tools" / "look.json"
    look.write_text(look.read_text().replace('"properties": {', '"properties":   {'))
    project = load_project(folder)
    made = promotion(Variant(name="v", tools={"look": ToolEdit(description="Look twice.")}), project)
    assert list(made.files) == [look]
    assert b'"properties":   {' in (made.files[look] or b"")
    assert promotion(Variant(name="v"), project).is_empty


def test_a_variant_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks")
    before = files_of(folder)
    with pytest.raises(UsageError, match="no tool 'gone'"):
        promote(Variant(name="v", tools={"gone": ToolEdit(description="x")}), load_project(folder))
    assert files_of(folder) == before


def test_a_promotion_is_not_undone_over_later_work(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "marks")
    undoable, _ = promote(Variant(name="v", removed=("look",), model="local"), load_project(folder))
    assert not (folder / "tools" / "look.json").exists()
    (folder / "workbench.toml").write_text(TOML)
    with pytest.raises(ProjectError, match="changed since"):
        undoable.undo()
    assert not (folder / "tools" / "look.json").exists()
