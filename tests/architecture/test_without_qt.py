"""The floors below the window need no Qt. Shown in a process that cannot import it."""

import subprocess
import sys
from pathlib import Path

ONCE = ("-p", "no:xdist", "--hypothesis-profile=once")  # properties are shown elsewhere, with many examples
PROJECT = Path(__file__).resolve().parents[2]
IMPORT_ALL = """
import importlib, pkgutil, sys
import tests.support.without_qt
import workbench
for module in pkgutil.walk_packages(workbench.__path__, "workbench.", onerror=lambda name: None):
    if not module.name.startswith("workbench.gui") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print("PySide6" in sys.modules)
"""


def test_every_module_below_the_window_is_imported_without_qt() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout.strip()) == (0, "False"), result.stderr


def test_the_tests_of_core_and_engine_pass_without_qt() -> None:
    floors = [str(folder) for name in ("core", "engine") if (folder := PROJECT / "tests" / "unit" / name).exists()]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.without_qt", "-p", "no:pytest-qt", *ONCE, *floors],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout
