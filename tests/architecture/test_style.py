"""What `make check` asks of every change, asked by the tests as well, so that it is asked of everybody."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "order", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)], ids=lambda order: " ".join(order)
)
def test_a_checker_has_nothing_to_say(order: tuple[str, ...]) -> None:
    program = Path(sys.executable).with_name(order[0])
    result = subprocess.run([program, *order[1:]], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
