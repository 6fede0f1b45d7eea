"""Tests run side by side: nothing is lost, also when a process dies. Shown by a small test run of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
TESTS = """
import os
import pytest

def test_that_fails():
    print("what it said")
    assert 1 == 2

def test_that_kills_its_process():
    os._exit(3)

@pytest.mark.parametrize("number", range(3))
def test_that_passes(number, tmp_path):
    assert not list(tmp_path.iterdir())

def test_that_is_skipped():
    pytest.skip("there is nothing to do")
"""

pytestmark = [
    pytest.mark.child_process,
    pytest.mark.skipif(sys.platform != "linux", reason="make test uses it on Linux only"),
]


def test_every_test_is_reported_whatever_becomes_of_its_process(tmp_path: Path) -> None:
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(TESTS, encoding="utf-8")
    order = ["-m", "pytest", "-q", "-p", "tests.support.side_by_side", "-p", "no:cacheprovider", "-p", "no:pytest-qt"]
    said = subprocess.run(
        [sys.executable, *order, "--rootdir", tmp_path, tmp_path],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "4 failed, 6 passed, 2 skipped" in said
    assert said.count("the process that ran it died (exit code 3)") >= 2
    assert said.count("what it said") >= 2
