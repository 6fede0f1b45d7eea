"""The same nouns on the three upper floors: a page's folder has the same name on each of them."""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
FLOORS = ("app", "viewmodels", "gui")

ALONE = {
    "app": {
        "redaction": "works behind every view",
        "telemetry": "sends on its own; workbench.toml and the terminal turn it on",
    },
    "viewmodels": {"shared": "what several view-models use"},
    "gui": {
        "frame": "what a feature may use of the window",
        "help": "pages of text: there is nothing to decide",
        "kit": "shared widgets",
        "look": "theme, colors and icons",
        "settings": "a page whose sections come from other features",
    },
}
"""Folders that only one floor has, and why."""


def folders(floor: str) -> set[str]:
    return {path.parent.name for path in (PACKAGE / floor).glob("*/__init__.py")}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_noun_of_one_floor_is_on_another_one_too(floor: str) -> None:
    others = set().union(*(folders(other) for other in FLOORS if other != floor))
    assert folders(floor) - others == set(ALONE[floor])


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
