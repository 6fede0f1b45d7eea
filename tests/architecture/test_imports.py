"""The floors hold, and each contract in pyproject.toml is one that can break."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "workbench"
CONFIG = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIG["contracts"]}
FLOORS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    order = [Path(sys.executable).with_name("lint-imports"), "--no-logo"]
    return subprocess.run(order, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, to be broken and repaired."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "workbench", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("floors", "core/tool.py", "import workbench.store"),
        ("floors", "engine/loop.py", "import workbench.providers"),
        ("floors", "providers/catalog.py", "import workbench.executors"),
        ("floors", "app/session.py", "import workbench.viewmodels"),
        ("floors", "sundries/__init__.py", ""),
        ("qt", "viewmodels/conversation/chat.py", "from PySide6.QtCore import QObject"),
        ("qt", "core/log.py", "import qasync"),
        ("vendors", "app/session.py", "import openai"),
        ("window", "gui/kit/tasks.py", "import workbench.store"),
        ("window", "viewmodels/conversation/chat.py", "import workbench.engine"),
        ("window", "viewmodels/conversation/chat.py", "import workbench.gui"),
        ("cli", "cli/__init__.py", "import workbench.viewmodels"),
        ("rings", "core/json_text.py", "import workbench.core.tool"),
        ("rings", "gui/kit/tasks.py", "import workbench.gui.frame.feature"),
        ("session", "app/project/file_change.py", "import workbench.app.session"),
        ("session", "viewmodels/tour/tour.py", "import workbench.app.session"),
        ("session", "gui/frame/feature.py", "import workbench.app.session"),
    ],
)
def test_a_contract_breaks_when_it_is_not_kept(copy: Path, contract: str, file: str, line: str) -> None:
    broken = copy / "workbench" / file
    kept = broken.read_text(encoding="utf-8") if broken.exists() else None
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(f"{kept or ''}\n{line}\n", encoding="utf-8")
    try:
        result = lint_imports(copy)
    finally:
        if kept is not None:
            broken.write_text(kept, encoding="utf-8")
        else:
            shutil.rmtree(broken.parent)
    assert result.returncode == 1, result.stdout
    assert f"{CONTRACTS[contract]['name']} BROKEN" in result.stdout


@pytest.mark.parametrize(
    ("contract", "exempt"),
    [("qt", {"gui"}), ("vendors", {"providers"}), ("rings", set())],
    ids=lambda value: str(value),
)
def test_a_new_floor_is_named_in_every_contract_that_lists_them(contract: str, exempt: set[str]) -> None:
    listed = CONTRACTS[contract].get("source_modules") or CONTRACTS[contract]["ancestors"]
    assert sorted(name.removeprefix("workbench.") for name in listed) == sorted(set(FLOORS) - exempt)


@pytest.mark.parametrize("opener", ["gui/kit/tasks.py", "viewmodels/conversation/chat.py"])
def test_a_new_package_is_closed_to_the_window_until_somebody_opens_it(copy: Path, opener: str) -> None:
    package, file = copy / "workbench/sundries", copy / "workbench" / opener
    kept = file.read_text(encoding="utf-8")
    package.mkdir()
    (package / "__init__.py").touch()
    file.write_text(f"{kept}\nimport workbench.sundries\n", encoding="utf-8")
    try:
        result = lint_imports(copy)
    finally:
        file.write_text(kept, encoding="utf-8")
        shutil.rmtree(package)
    assert f"{CONTRACTS['window']['name']} BROKEN" in result.stdout


def test_only_its_own_adapter_imports_a_vendor() -> None:
    homes = {"openai": "providers/openai_", "anthropic": "providers/anthropic/", "mcp": ("executors/mcp_", "service/")}
    strangers = [
        f"{place} imports {vendor}"
        for place, imported in imports_of(PACKAGE)
        for vendor in homes
        if vendor in imported and not place.startswith(homes[vendor])
    ]
    assert strangers == []


def test_tests_of_the_lower_floors_do_not_import_qt() -> None:
    places = [folder for folder in ("unit", "flows", "contract") if (PROJECT / "tests" / folder).exists()]
    strangers = [
        f"{folder}/{place}"
        for folder in places
        for place, imported in imports_of(PROJECT / "tests" / folder)
        if imported & {"PySide6", "shiboken6", "qasync", "pytestqt"}
    ]
    assert strangers == []


def imports_of(folder: Path) -> list[tuple[str, set[str]]]:
    """Each Python file below `folder`, and the top-level packages that it imports anywhere in it."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
        found.append((path.relative_to(folder).as_posix(), names))
    return found
