"""What all sample projects have in common."""

import shutil
from pathlib import Path

import pytest

from tests.support.python_workers import workers_of
from tests.unit.samples.conftest import SAMPLES
from workbench.store.project import load_project

FOLDERS = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
NAMES = [folder.name for folder in FOLDERS]


def test_there_are_the_two_samples() -> None:
    assert NAMES == ["shop-support", "weather-desk"]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_a_sample_has_no_problems_and_something_runs_every_tool(folder: Path) -> None:
    project = load_project(folder)
    assert [str(problem) for problem in project.problems] == []
    assert set(project.executor_names) == set(project.toolset.names)
    assert project.prompt
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_what_changes_something_is_asked_about(folder: Path) -> None:
    project = load_project(folder)
    for tool in project.toolset:
        expected = "allow" if tool.is_read_only else "ask"
        assert project.policy.rule_for(tool, {}).action == expected, tool.name


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
async def test_the_functions_take_exactly_what_the_schemas_say(folder: Path, tmp_path: Path) -> None:
    project = load_project(Path(shutil.copytree(folder, tmp_path / "copy")))
    workers = workers_of(project.folder, size=1)
    try:
        for tool in project.toolset:
            reference = project.file.executors[tool.name].function
            described = await workers.describe(reference.partition(":")[0])
            written = next(one["tool"] for one in described if one["function"] == reference)["inputSchema"]
            assert set(written["properties"]) == set(tool.input_schema["properties"]), tool.name
            assert set(written.get("required", [])) == set(tool.input_schema.get("required", [])), tool.name
    finally:
        await workers.close()
