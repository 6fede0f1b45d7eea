"""The floors below the window need no Qt. Shown in a process that cannot import it; `make test-quick` and
`make test-no-qt` run their tests in such a process."""

import subprocess
import sys
from pathlib import Path

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
