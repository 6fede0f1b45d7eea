"""What README, ARCHITECTURE, CONTRIBUTING and the help pages name is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PLACES = (PROJECT, PROJECT / "workbench")
_PATH = re.compile(r"`([a-z_]+(?:/[a-z0-9_.*-]+)+)`")
_FILE = re.compile(r"`([a-z0-9_]+\.py)`")
_NAME = re.compile(r"`(_?[A-Za-z]\w*)`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = ("workbench", "tests", "packaging")
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_is_there(name: str) -> None:
    named = set(_PATH.findall((PROJECT / name).read_text("utf-8")))
    assert named
    assert {path for path in named if not any(list(place.glob(path)) for place in PLACES)} == set()


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_without_its_folder_is_there(name: str) -> None:
    named = set(_FILE.findall((PROJECT / name).read_text("utf-8")))
    assert named - {path.name for folder in CODE for path in (PROJECT / folder).rglob("*.py")} == set()


def test_every_name_in_the_recipes_is_in_the_code() -> None:
    named = set(_NAME.findall((PROJECT / "CONTRIBUTING.md").read_text("utf-8")))
    texts = (path.read_text("utf-8") for folder in CODE for path in (PROJECT / folder).rglob("*.py"))
    known = {word for text in (*texts, (PROJECT / "Makefile").read_text("utf-8")) for word in re.findall(r"\w+", text)}
    assert named
    assert named - known == set()


def test_every_link_and_picture_is_there() -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "resources" / "help").glob("*.md")]
    links = {(page, link) for page in pages for link in _LINK.findall(page.read_text("utf-8"))}
    assert len({page for page, _ in links}) > 3
    missing = {link for page, link in links if not link.startswith("http") and not (page.parent / link).exists()}
    assert missing == set()


def test_every_folder_has_the_tests_that_prove_it() -> None:
    rows = dict(ROW.findall((PROJECT / "CONTRIBUTING.md").read_text("utf-8")))
    assert set(rows) == {path.parent.name for path in (PROJECT / "workbench").glob("*/__init__.py")}
