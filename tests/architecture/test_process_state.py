"""State belongs to an object that somebody hands on. What the whole process shares is listed, with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"

SHARED = {
    "app/redaction/redacted_text.py": "keys are left out of logs and errors, too, where nobody hands anything on",
    "core/tool_progress.py": "a project's function reaches it by an import; only the child that runs it sets it",
    "gui/microscope/duel_panel.py": "numbers in the names of tasks",
    "providers/local/processors.py": "what a native library calls must never be collected; in the model's child",
    "store/code_folder.py": "digests of files by their state, the same for everybody",
}


def state_in(source: str) -> Iterator[str]:
    """Names of a module that change while it runs: assigned by a function, or a collection that begins empty."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.List | ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            made = ast.unparse(node.value)
            name = ast.unparse(target)
            if made == "count(1)" or (
                name.islower() and made in ("{}", "[]", "set()", "dict()", "list()", "WeakSet()")
            ):
                yield name


def test_state_of_the_whole_process_is_listed() -> None:
    paths = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert {place for place, source in paths.items() if any(state_in(source))} == set(SHARED)


@pytest.mark.parametrize(
    "source",
    ["def f():\n    global _x\n    _x = 1\n", "_kept: list[int] = []\n", "_seen = set()\n", "_NUMBERS = count(1)\n"],
)
def test_such_state_is_seen(source: str) -> None:
    assert list(state_in(source))


def test_constants_are_no_state() -> None:
    assert not list(state_in("NOTHING: Mapping[str, int] = {}\n_TONES = {'a': 1}\nlocal = Path('x')\n"))
