"""The same nouns on the three upper floors: a page's folder has the same name on each floor that has one."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
FLOORS = ("app", "viewmodels", "gui")

ON_FEWER = {
    "conversation": ("viewmodels", "gui"),
    "explorer": ("viewmodels", "gui"),
    "inspector": ("viewmodels", "gui"),
    "trace": ("viewmodels", "gui"),
    "window": ("viewmodels", "gui"),
    "trust": ("app", "gui"),
    "runs": ("app", "viewmodels"),
    "redaction": ("app",),
    "telemetry": ("app",),
    "shared": ("viewmodels",),
    "frame": ("gui",),
    "help": ("gui",),
    "kit": ("gui",),
    "look": ("gui",),
    "settings": ("gui",),
}
"""Nouns that not all floors have, and those that do; ARCHITECTURE.md says why."""


def folders(floor: str) -> set[str]:
    return {path.parent.name for path in (PACKAGE / floor).glob("*/__init__.py")}


def test_a_noun_is_on_all_three_floors() -> None:
    nouns = set().union(*map(folders, FLOORS))
    found = {noun: tuple(floor for floor in FLOORS if noun in folders(floor)) for noun in nouns}
    assert {noun: floors for noun, floors in found.items() if floors != FLOORS} == ON_FEWER


def test_the_architecture_lists_the_same_exceptions() -> None:
    text = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w`, ]+)` \| `(?:app|viewmodels|gui)`.* \|", text, re.MULTILINE)
    assert sorted(noun for row in rows for noun in row.split("`, `")) == sorted(ON_FEWER)
    for noun, floors in ON_FEWER.items():
        row = next(line for line in text.splitlines() if line.startswith("| ") and f"`{noun}`" in line.split(" | ")[0])
        assert row.split(" | ")[1] == ", ".join(f"`{floor}`" for floor in floors)


@pytest.mark.parametrize("floor", FLOORS)
def test_no_module_lies_outside_a_folder(floor: str) -> None:
    loose = {path.name for path in (PACKAGE / floor).glob("*.py")} - {"__init__.py"}
    assert loose == ({"session.py", "parts.py", "clock.py"} if floor == "app" else set())


@pytest.mark.parametrize("floor", FLOORS)
def test_each_folder_says_in_a_sentence_what_it_holds(floor: str) -> None:
    for name in sorted(folders(floor)):
        text = (PACKAGE / floor / name / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith('"""'), f"{floor}/{name} says nothing"
        assert len(text.strip().splitlines()) == 1, f"{floor}/{name} needs more than a sentence"


@pytest.mark.parametrize(("floor", "tests"), [("app", "unit/app"), ("viewmodels", "unit/viewmodels"), ("gui", "gui")])
def test_tests_lie_in_folders_of_the_same_names(floor: str, tests: str) -> None:
    found = {path.name for path in (PACKAGE.parent / "tests" / tests).iterdir() if path.is_dir()} - {"__pycache__"}
    assert found <= folders(floor), f"not a folder of {floor}: {found - folders(floor)}"
    if floor == "viewmodels":
        assert found == folders(floor), "each has tests that need no window"
