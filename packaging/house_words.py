"""Rules of the house that the linters do not know: words, dialogs that block, lost tasks, exceptions nobody names.

    python packaging/house_words.py [FOLDER …]        prints `file:line: what` for each breach; exit code 1 when any

The subjects of commits are checked with them, see `commit_subjects.py`.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import commit_subjects
from raise_docs import unnamed_raises

PROJECT = Path(__file__).resolve().parents[1]
FOLDERS = ("workbench", "tests", "packaging")

# A name made of these says nothing about what is inside.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
# These are fine inside a name, for a variable or a method, but not as the whole name of a module, class or function.
EMPTY_NOUNS = {"data", "info", "stuff"}
EMPTY_VERBS = {"process", "handle", "do"}
# A test's name says what is right. These say only that something is.
EMPTY_PRAISE = {"works", "correctly", "properly", "handles", "basic", "simple", "misc"}

# Words that this project once had of its own, and the field's words for them (see the glossary in ARCHITECTURE.md).
OWN_WORDS = {
    "foreteller": "policy preview",
    "ghost": "recorded-call check",
    "likeness": "similarity",
    "mend": "fix, or hint",
    "settler": "call recorder",
    "workplace": "window context",
}

BLOCKING = {"exec", "exec_"}
# Static functions of Qt that open a dialog of their own and wait for it.
BLOCKING_STATIC = {
    "QMessageBox": {"about", "critical", "information", "question", "warning"},
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QFileDialog": {"getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
TASK_MAKERS = {"create_task", "ensure_future"}
TASK_SUPERVISOR = "workbench/gui/kit/tasks.py"


def breaches(project: Path, folders: Iterable[str] = FOLDERS) -> list[str]:
    """Every breach below `folders`, as `file:line: what is wrong`."""
    found: list[str] = []
    for folder in folders:
        for path in sorted((project / folder).rglob("*.py")):
            place = path.relative_to(project)
            found += [f"{place}:1: {text}" for text in _in_path(place)]
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
            found += [f"{place}:{line}: {text}" for line, text in _in_code(tree, place)]
    return found


def words(name: str) -> set[str]:
    """The words of an identifier: `PaneManager_v2` → pane, manager, v2."""
    return {word.lower() for word in re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).split("_") if word}


def _in_path(place: Path) -> Iterator[str]:
    for part in place.with_suffix("").parts:
        bad = words(part) & EMPTY_WORDS or ({part} & EMPTY_NOUNS)
        if bad:
            yield f"the name {part!r} does not say what is inside: {', '.join(sorted(bad))}"


def _in_code(tree: ast.Module, place: Path) -> Iterator[tuple[int, str]]:
    is_gui = place.is_relative_to("workbench/gui")
    yield from _bare_names(tree)
    if place.parts[0] == "workbench":
        yield from unnamed_raises(tree)
    for node in ast.walk(tree):
        yield from _empty_words(node)
        if isinstance(node, ast.Expr) and _makes_task(node.value):
            yield node.lineno, "nobody keeps this task: it may be collected while it runs, and its failure goes nowhere"
        if is_gui and isinstance(node, ast.Call):
            yield from _blocking(node)
            if place.as_posix() != TASK_SUPERVISOR and _makes_task(node):
                yield node.lineno, "in the gui, tasks are started by workbench/gui/kit/tasks.py"


def _bare_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Of classes and functions of the module itself: Qt names methods so, and a decorator makes a fixture."""
    for node in tree.body:
        match node:
            case (
                ast.FunctionDef(name=name, decorator_list=[])
                | ast.AsyncFunctionDef(name=name, decorator_list=[])
                | ast.ClassDef(name=name)
            ) if name.lower() in EMPTY_NOUNS | EMPTY_VERBS:
                yield node.lineno, f"the name {name!r} does not say of what"


def _empty_words(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            bad = words(name) & EMPTY_WORDS
            if name.startswith("test_"):
                bad = bad | (words(name) & EMPTY_PRAISE)
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            bad = words(name) & EMPTY_WORDS
        case _:
            return
    if bad:
        yield node.lineno, f"the name {name!r} has an empty word: {', '.join(sorted(bad))}"
    for word in words(name) & OWN_WORDS.keys():
        yield node.lineno, f"the name {name!r} has a word of our own: the field says {OWN_WORDS[word]}"


def _makes_task(node: ast.AST) -> bool:
    """`asyncio.create_task(…)`, `loop.create_task(…)` and the like. A task group keeps its tasks itself."""
    match node:
        case ast.Call(func=ast.Attribute(attr=maker, value=owner)) if maker in TASK_MAKERS:
            return "group" not in words(ast.unparse(owner).replace(".", "_"))
    return False


def _blocking(node: ast.Call) -> Iterator[tuple[int, str]]:
    if not isinstance(node.func, ast.Attribute):
        return
    owner, name = ast.unparse(node.func.value), node.func.attr
    # Qt offers no other way to start dragging, and a drag ends by itself.
    if name in BLOCKING and "drag" not in owner.lower():
        yield node.lineno, f"{owner}.{name}() blocks the loop: show it with open() or popup() and await the answer"
    if name in BLOCKING_STATIC.get(owner, ()):
        yield node.lineno, f"{owner}.{name}() blocks the loop: make the dialog and await its answer"


if __name__ == "__main__":
    all_breaches = breaches(PROJECT, sys.argv[1:] or FOLDERS) + commit_subjects.too_long(PROJECT)
    print("\n".join(all_breaches) or "House words: kept.")
    sys.exit(1 if all_breaches else 0)
