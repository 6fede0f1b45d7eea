"""A public class or type has a name of its own: whoever reads it somewhere knows which one is meant."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"

SHARED = {"Ignored": "each reader of events names the kinds that it passes over"}
"""Names that several modules define on purpose, and why."""


def types_in(source: str) -> Iterator[str]:
    """The public classes and type aliases of a module."""
    for node in ast.parse(source).body:
        match node:
            case (
                ast.ClassDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                if name[0].isupper() and not name.isupper():
                    yield name


def test_no_public_type_has_the_name_of_another_one() -> None:
    places = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in types_in(path.read_text(encoding="utf-8")):
            places[name].append(path.relative_to(PACKAGE).as_posix())
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED} == {}
    assert set(SHARED) <= set(shared), "not shared any more"


def test_classes_and_aliases_are_seen_and_private_names_and_constants_are_not() -> None:
    source = "class Ay(Base): ...\nBees = list[int]\nCee: TypeAlias = int\nclass _D: ...\n_Es = int\nMAX_F = 6\ng = 7\n"
    assert list(types_in(source)) == ["Ay", "Bees", "Cee"]
