"""The changelog: one line an outcome, for the person who uses the program."""

import re
from pathlib import Path

import pytest

import workbench

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


@pytest.fixture
def lines() -> list[str]:
    if not CHANGELOG.exists():
        pytest.skip("no changelog yet")
    return CHANGELOG.read_text(encoding="utf-8").splitlines()


def test_the_newest_section_is_for_this_version_or_the_coming_one(lines: list[str]) -> None:
    headings = [line for line in lines if line.startswith("## ")]
    assert headings
    assert workbench.__version__ in headings[0] or headings[0] == "## Unreleased"


def test_an_entry_has_at_most_25_words(lines: list[str]) -> None:
    entries = re.findall(r"^- (.+(?:\n  .+)*)", "\n".join(lines), re.MULTILINE)
    assert entries
    assert [entry for entry in entries if len(entry.split()) > 25] == []


def test_nothing_is_said_twice(lines: list[str]) -> None:
    entries = [line for line in lines if line.startswith("- ")]
    assert sorted({entry for entry in entries if entries.count(entry) > 1}) == []
