"""Commit subjects that are too long are found, and a folder without their history is no fault."""

import shutil
import subprocess
from pathlib import Path

import pytest
from commit_subjects import LONGEST, too_long

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git here")


def git(folder: Path, *order: str) -> str:
    names = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *names, *order], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_subject_of_73_characters_is_too_long_from_the_base_on(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    for subject in ("x" * 99, "first", "y" * LONGEST, "z" * (LONGEST + 1)):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", subject)
    (found,) = too_long(tmp_path, git(tmp_path, "rev-parse", "HEAD~2"))
    assert "has 73 characters" in found
    assert found.endswith("z")


def test_without_git_or_its_history_nothing_is_said(tmp_path: Path) -> None:
    assert too_long(tmp_path) == []
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "z" * 99)
    assert too_long(tmp_path) == []
