"""The tree of expected failures in `core/errors.py` is the whole one."""

import ast
import re
from pathlib import Path

from workbench.core import errors

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"


def test_the_tree_names_every_expected_failure_below_its_parent() -> None:
    parents = {
        made.name: ast.unparse(made.bases[0])
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^class \w+\(\w+\):", source := path.read_text(encoding="utf-8"), re.MULTILINE)
        for made in ast.parse(source).body
        if isinstance(made, ast.ClassDef) and made.bases
    }
    expected = {name: parent for name, parent in parents.items() if "WorkbenchError" in ancestors(name, parents)}
    listed, above = {}, {0: "WorkbenchError"}
    for bars, name in re.findall(r"^    ([│├└─ ]+)(\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(bars) // 4
        listed[name], above[depth] = above[depth - 1], name
    assert listed == expected


def ancestors(name: str, parents: dict[str, str]) -> set[str]:
    found = set()
    while (name := parents.get(name, "")) and name not in found:
        found.add(name)
    return found
