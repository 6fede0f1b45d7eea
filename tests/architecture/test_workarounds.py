"""A workaround says whose fault it works around, where that is reported, and when it can go."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
NOTE = re.compile(
    r"Workaround \((?:[\w.-]+/[\w.-]+#\d+(?:, )?)+\): .+?Remove\s+when\s|"
    r"Workaround \(no upstream issue known\): .+?Remove\s+when\s"
)
OWN = {"app/costs/cost_estimate.py"}
"""Looks at private parts of another object of its own class."""


def texts() -> list[tuple[str, str]]:
    """Each file, its comments joined to running text."""
    return [
        (path.relative_to(PACKAGE).as_posix(), re.sub(r"\s*\n\s*(?:# )?", " ", path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_a_workaround_names_the_issue_and_when_it_can_be_removed() -> None:
    incomplete = [place for place, text in texts() if text.lower().count("workaround") != len(NOTE.findall(text))]
    assert incomplete == []


def test_private_parts_of_a_library_are_used_only_in_a_workaround() -> None:
    silent = [place for place, text in texts() if "noqa: SLF001" in text and "Workaround (" not in text]
    assert set(silent) == OWN


def test_private_modules_and_names_of_a_package_are_imported_only_in_a_workaround() -> None:
    private = [path for path in sorted(PACKAGE.rglob("*.py")) if list(private_imports(path.read_text("utf-8")))]
    silent = [path.relative_to(PACKAGE).as_posix() for path in private if "Workaround (" not in path.read_text("utf-8")]
    assert silent == []


@pytest.mark.parametrize(
    ("line", "is_private"),
    [
        ("from h11._readers import READERS", True),
        ("import h11._readers", True),
        ("def f():\n    from h11 import _readers", True),
        ("importlib.import_module('h11._readers')", True),
        ("from h11 import Data", False),
        ("from __future__ import annotations", False),
        ("import _thread", False),
    ],
)
def test_a_private_import_is_found(line: str, is_private: bool) -> None:
    assert bool(list(private_imports(line))) == is_private


def private_imports(source: str) -> Iterator[str]:
    """What a module imports that its package keeps to itself."""
    may_be_one = re.search(r"^.*\bimport.*\W_[a-z]|\._[a-z]\w* import |^ +_\w+,$", source, re.MULTILINE)
    for node in ast.walk(ast.parse(source)) if may_be_one else ():  # parsing every file takes seconds
        match node:
            case ast.Import(names=names):
                found = [name.name for name in names]
            case ast.ImportFrom(module=str(module), names=names):
                found = [f"{module}.{name.name}" for name in names]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(module)), *_]):
                found = [module]
            case _:
                continue
        yield from (name for name in found if re.search(r"\._(?!_)", name))


@pytest.mark.parametrize(
    "note",
    [
        "Workaround: it hangs. Remove when fixed.",
        "Workaround (python/cpython#1): it hangs.",
        "Workaround (somewhere): it hangs. Remove when fixed.",
    ],
)
def test_a_note_without_an_issue_or_an_end_is_found(note: str) -> None:
    assert NOTE.findall(note) == []
