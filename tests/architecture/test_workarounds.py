"""A workaround says whose fault it works around, where that is reported, and when it can go."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
NOTE = re.compile(
    r"Workaround \((?:[\w.-]+/[\w.-]+#\d+(?:, )?)+\): .+?Remove\s+when\s|"
    r"Workaround \(no upstream issue known\): .+?Remove\s+when\s"
)
OWN = {"app/costs/cost_estimate.py"}
"""Looks at private parts of another object of its own class."""


def texts() -> list[tuple[str, str]]:
    """Each file, its comments joined to running text."""
    return [
        (path.relative_to(PACKAGE).as_posix(), re.sub(r"\s*\n\s*(?:# )?", " ", path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_a_workaround_names_the_issue_and_when_it_can_be_removed() -> None:
    incomplete = [place for place, text in texts() if text.lower().count("workaround") != len(NOTE.findall(text))]
    assert incomplete == []


def test_private_parts_of_a_library_are_used_only_in_a_workaround() -> None:
    silent = [place for place, text in texts() if "noqa: SLF001" in text and "Workaround (" not in text]
    assert set(silent) == OWN


@pytest.mark.parametrize(
    "note",
    [
        "Workaround: it hangs. Remove when fixed.",
        "Workaround (python/cpython#1): it hangs.",
        "Workaround (somewhere): it hangs. Remove when fixed.",
    ],
)
def test_a_note_without_an_issue_or_an_end_is_found(note: str) -> None:
    assert NOTE.findall(note) == []
