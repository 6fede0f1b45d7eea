"""A public class or type has a name of its own, and what a module defines is used: both keep names worth reading."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"

SHARED = {"Ignored": "each reader of events names the kinds that it passes over"}
"""Names that several modules define on purpose, and why."""


@pytest.fixture(scope="module")
def defined() -> dict[str, tuple[str, ...]]:
    """What each module defines, by its place."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): tuple(names_in(path.read_text(encoding="utf-8"))) for path in paths}


def names_in(source: str) -> Iterator[str]:
    """The names of a module's functions, classes, constants and aliases."""
    for node in ast.parse(source).body:
        match node:
            case (
                ast.ClassDef(name=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                yield name


def is_type(name: str) -> bool:
    """Whether it is written as public classes and types are."""
    return name[0].isupper() and not name.isupper()


def test_no_public_type_has_the_name_of_another_one(defined: dict[str, tuple[str, ...]]) -> None:
    places = defaultdict(list)
    for place, names in defined.items():
        for name in filter(is_type, names):
            places[name].append(place)
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED} == {}
    assert set(SHARED) <= set(shared), "not shared any more"


def test_what_a_module_defines_is_used_by_the_product(defined: dict[str, tuple[str, ...]]) -> None:
    words: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    counts = Counter(name for names in defined.values() for name in names if not name.startswith("__"))
    assert {name for name, count in counts.items() if words[name] <= count} == set()


def test_classes_and_aliases_are_seen_and_private_names_and_constants_are_not() -> None:
    source = "class Ay(Base): ...\nBees = list[int]\nCee: TypeAlias = int\nclass _D: ...\n_Es = int\nMAX_F = 6\ng = 7\n"
    assert list(filter(is_type, names_in(source))) == ["Ay", "Bees", "Cee"]


def test_what_does_work_has_a_verb_for_a_name() -> None:
    """`_loaded` is a value; what awaits is `_load`. Public waiters such as `finished` say what is waited for."""
    named = r"^( *@asynccontextmanager\n)? *async def (_(?!is_|was_|how_|embed\b|feed\b)\w*(?:ed|made|sent|told))\("
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}: {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for is_context, name in re.findall(named, path.read_text(encoding="utf-8"), re.MULTILINE)
        if not is_context
    ]
    assert found == []
