"""What ARCHITECTURE and CONTRIBUTING name is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PLACES = (PROJECT, PROJECT / "workbench")
_PATH = re.compile(r"`([a-z_]+(?:/[a-z0-9_.*-]+)+)`")
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_is_there(name: str) -> None:
    named = set(_PATH.findall((PROJECT / name).read_text("utf-8")))
    assert named
    assert {path for path in named if not any(list(place.glob(path)) for place in PLACES)} == set()


def test_every_folder_has_the_tests_that_prove_it() -> None:
    rows = dict(ROW.findall((PROJECT / "CONTRIBUTING.md").read_text("utf-8")))
    assert set(rows) == {path.parent.name for path in (PROJECT / "workbench").glob("*/__init__.py")}
