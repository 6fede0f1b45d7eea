"""What the program carries with it is what it should be: readable, small, and no program code of its own."""

import json
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RESOURCES = PROJECT / "resources"
FILES = sorted(path for path in RESOURCES.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


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


def test_no_run_history_and_no_key_was_left_in_a_sample() -> None:
    left = [
        path for path in FILES if path.suffix in (".db", ".sqlite", ".sqlite3", ".env") or ".workbench" in path.parts
    ]
    assert left == []


def test_the_wheel_takes_the_resources_along() -> None:
    wheel = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert "resources" in wheel["wheel"]["only-include"]
    assert wheel["wheel"]["sources"]["resources"] == "workbench/_resources"
