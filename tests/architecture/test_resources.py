"""What the program carries with it is what it should be: readable, small, and no program code of its own."""

import json
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RESOURCES = PROJECT / "resources"
LEFT_BY_USE = {"__pycache__", ".workbench"}
FILES = sorted(path for path in RESOURCES.rglob("*") if path.is_file() and LEFT_BY_USE.isdisjoint(path.parts))


def test_python_is_only_in_projects_that_a_person_opens() -> None:
    scripts = [path for path in FILES if path.suffix == ".py"]
    strangers = [path for path in scripts if not any((folder / "workbench.toml").exists() for folder in path.parents)]
    assert strangers == []


def test_every_json_and_toml_file_is_readable() -> None:
    readers = {".json": json.loads, ".toml": tomllib.loads}
    assert FILES
    for path in FILES:
        if path.suffix in readers:
            readers[path.suffix](path.read_text(encoding="utf-8"))


def test_a_sample_that_was_run_in_place_leaves_nothing_for_git_or_the_wheel() -> None:
    assert ".workbench/" in (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [path for path in FILES if path.suffix in (".db", ".sqlite", ".sqlite3", ".env")] == []


def test_the_wheel_takes_the_resources_along() -> None:
    wheel = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert "resources" in wheel["wheel"]["only-include"]
    assert wheel["wheel"]["sources"]["resources"] == "workbench/_resources"
