"""The floors hold, and each contract in pyproject.toml is one that can break."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
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


BREACHES = [
    ("floors", "core/tool.py", "workbench.store"),
    ("floors", "engine/loop.py", "workbench.providers"),
    ("floors", "providers/catalog.py", "workbench.executors"),
    ("floors", "app/session.py", "workbench.viewmodels"),
    ("qt", "viewmodels/conversation/chat.py", "PySide6"),
    ("qt", "core/log.py", "qasync"),
    ("vendors", "app/session.py", "openai"),
    ("window", "gui/kit/tasks.py", "workbench.store"),
    ("window", "viewmodels/conversation/chat.py", "workbench.engine"),
    ("window", "viewmodels/conversation/chat.py", "workbench.gui"),
    ("window", "gui/kit/tasks.py", "workbench.sundries"),
    ("window", "viewmodels/conversation/chat.py", "workbench.sundries"),
    ("cli", "cli/__init__.py", "workbench.viewmodels"),
    ("rings", "core/json_text.py", "workbench.core.tool"),
    ("rings", "app/redaction/redacted_text.py", "workbench.app.redaction.redacted_log"),
    ("rings", "viewmodels/shared/plain.py", "workbench.viewmodels.conversation.chat"),
    ("rings", "gui/kit/tasks.py", "workbench.gui.frame.feature"),
    ("inside-gui", "gui/look/look.py", "workbench.gui.kit.rows_table"),
    ("inside-gui", "gui/kit/tasks.py", "workbench.gui.frame.status_line"),
    ("inside-gui", "gui/frame/opening.py", "workbench.gui.costs.costs_feature"),
    ("inside-gui", "gui/costs/costs_feature.py", "workbench.gui.window.shell"),
    ("session", "app/project/file_change.py", "workbench.app.session"),
    ("session", "viewmodels/tour/tour.py", "workbench.app.session"),
    ("session", "gui/frame/feature.py", "workbench.app.session"),
]
"""A contract, a file, and what it must not import. A new package is closed to the window until somebody opens it."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each contract about a copy of the package in which all of them are broken at once."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "workbench", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    (folder / "workbench/sundries").mkdir()
    (folder / "workbench/sundries/__init__.py").touch()
    for _, file, module in BREACHES:
        with (folder / "workbench" / file).open("a", encoding="utf-8") as code:
            code.write(f"\nimport {module}\n")
    said = lint_imports(folder)
    assert said.returncode == 1
    parts = re.split(r"\n(.+)\n-+\n", said.stdout.partition("Broken contracts")[2])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("contract", "file", "module"), BREACHES)
def test_a_contract_breaks_when_it_is_not_kept(broken: dict[str, str], contract: str, file: str, module: str) -> None:
    said = broken[str(CONTRACTS[contract]["name"])]
    if contract == "rings":
        assert f"No cycles are allowed in workbench.{file.partition('/')[0]}." in said
    else:
        importer = ".".join(("workbench", *Path(file).with_suffix("").parts)).removesuffix(".__init__")
        assert importer in said
        assert module in said


def test_a_new_floor_has_to_be_placed(broken: dict[str, str]) -> None:
    assert "workbench.sundries" in broken[str(CONTRACTS["floors"]["name"])]


@pytest.mark.parametrize(
    ("contract", "exempt"),
    [("qt", {"gui"}), ("vendors", {"providers"}), ("rings", set())],
    ids=lambda value: str(value),
)
def test_a_new_floor_is_named_in_every_contract_that_lists_them(contract: str, exempt: set[str]) -> None:
    listed = CONTRACTS[contract].get("source_modules") or CONTRACTS[contract]["ancestors"]
    assert sorted(name.removeprefix("workbench.") for name in listed) == sorted(set(FLOORS) - exempt)


def test_only_its_own_adapter_imports_a_vendor() -> None:
    homes = {"openai": "providers/openai_", "anthropic": "providers/anthropic/", "mcp": ("executors/mcp_", "service/")}
    strangers = [
        f"{place} imports {vendor}"
        for place, imported in imports_of(PACKAGE, set(homes))
        for vendor in homes
        if vendor in imported and not place.startswith(homes[vendor])
    ]
    assert strangers == []


NAMED_FROM_BELOW = {"app/runs/picture_reader.py": "a process of its own, in which Qt decodes; nothing is imported"}
"""Files that name a module above them in a text, each with the reason."""


def test_no_text_names_a_module_above_it() -> None:
    """`import_module("workbench…")` is an import that import-linter does not see."""
    files = [path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE]
    found = {path.relative_to(PACKAGE).as_posix() for path in files if list(modules_above(path, PACKAGE))}
    assert found == set(NAMED_FROM_BELOW)


@pytest.mark.parametrize(
    ("file", "line", "is_found"),
    [
        ("app/a.py", 'import_module("workbench.service.server")', True),
        ("app/a.py", 'import_module(f"workbench.service.{name}")', True),
        ("gui/a.py", 'import_module("workbench.store.project")', True),
        ("cli/a.py", 'LATER = ("workbench.gui.window",)', True),
        ("viewmodels/a.py", 'import_module("workbench.replay.fork")', True),
        ("app/a.py", 'import_module("workbench.store.project")', False),
        ("app/a.py", '"""See `workbench.service.server`."""', False),
        ("app/a.py", 'NAME = "workbench.run.id"', False),
    ],
)
def test_an_import_by_a_text_is_found(tmp_path: Path, file: str, line: str, is_found: bool) -> None:
    (path := tmp_path / file).parent.mkdir()
    path.write_text(line, encoding="utf-8")
    assert bool(list(modules_above(path, tmp_path))) == is_found


def modules_above(path: Path, root: Path) -> Iterator[str]:
    """The modules that the file names in texts and must not import."""
    ranks = {
        name: rank
        for rank, layer in enumerate(CONTRACTS["floors"]["layers"])
        for name in re.split(r"[ |()]+", layer)
        if name
    }
    own = path.relative_to(root).parts[0]
    opened = re.findall(
        rf"workbench\.{own}\.\*\* -> workbench\.(\w+)", "\n".join(CONTRACTS["window"]["ignore_imports"])
    )
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)) if "workbench." in source else ():
        text = node.value if isinstance(node, ast.Constant) else None
        named = re.match(r"workbench\.(\w+)(?=\.)", text) if isinstance(text, str) else None
        if named is None or named[1] == own or named[1] not in ranks:
            continue
        is_closed = own in ("gui", "viewmodels") and named[1] not in opened
        if is_closed or ranks[named[1]] <= ranks[own]:
            yield str(text)


def test_tests_of_the_lower_floors_do_not_import_qt() -> None:
    window = {"PySide6", "shiboken6", "qasync", "pytestqt"}
    places = [folder for folder in ("unit", "flows", "contract") if (PROJECT / "tests" / folder).exists()]
    strangers = [
        f"{folder}/{place}"
        for folder in places
        for place, imported in imports_of(PROJECT / "tests" / folder, window)
        if imported & window
    ]
    assert strangers == []


def imports_of(folder: Path, packages: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Python files below `folder`, and the top-level packages that each imports anywhere in it. Those in which none of
    `packages` is written are left out: parsing every file takes seconds."""
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not any(package in source for package in packages):
            continue
        names: set[str] = set()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
        yield path.relative_to(folder).as_posix(), names
