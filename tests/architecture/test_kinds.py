"""What can be one of a few things says which ones in its type, so that the type checker finds a misspelled one."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
NAMES = {"kind", "severity", "status", "outcome", "ended_by", "weight", "failure_kind", "error_kind"}
SHOWING = ("viewmodels", "gui")
"""Floors where such a field holds words for people."""

OPEN = {
    "_Kind.kind": "read first, before it is known what the file holds",
    "CallAnswer.error_kind": "tools name their own kinds of errors",
    "CallFailure.kind": "tools name their own kinds of errors",
    "MockError.kind": "tools name their own kinds of errors",
    "MockErrorRow.kind": "tools name their own kinds of errors",
    "ToolCallSettled.error_kind": "tools name their own kinds of errors",
}
CLOSED = NAMES | {"action", "binds", "edit", "operator", "state", "stop_reason"}
"""Fields over which a `match` names every word, so that the type checker finds what a new one is not handled by."""
PASSED_ON = {
    "providers/account.py": "all kinds of failures have their general advice",
}
"""Files with a `match` that ends in silence, each with the reason."""


def plain_fields(source: str) -> Iterator[str]:
    """Fields with such a name that may be any text."""
    for made in ast.walk(ast.parse(source)):
        for field in made.body if isinstance(made, ast.ClassDef) else ():
            match field:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if name in NAMES:
                    if "str" in ast.unparse(kind).split(" | "):
                        yield f"{made.name}.{name}"


def test_a_kind_is_any_text_only_where_that_is_said() -> None:
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in SHOWING]
    assert {field for path in paths for field in plain_fields(path.read_text(encoding="utf-8"))} == set(OPEN)


def test_a_field_of_any_text_is_seen() -> None:
    source = "class A:\n    kind: str\n    status: str | None = None\n    weight: Literal['a']\n    name: str\n"
    assert list(plain_fields(source)) == ["A.kind", "A.status"]


def silent_matches(source: str) -> Iterator[str]:
    """Matches over such a field whose last case is for all that is not named, and is not `assert_never`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Match(
                subject=ast.Attribute(attr=name) | ast.Name(id="operator" as name),
                cases=[*_, ast.match_case(pattern=ast.MatchAs(pattern=None, name=None), guard=None, body=[last, *_])],
            ) if name in CLOSED and not ast.unparse(last).startswith("assert_never("):
                yield ast.unparse(node.subject)


def test_a_match_over_a_kind_names_all_of_them() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path, source in sources.items()
        if "case _:" in source and list(silent_matches(source))
    }
    assert found == set(PASSED_ON)


def test_a_match_that_ends_in_silence_is_seen() -> None:
    source = "match a.kind:\n    case 'x': f()\n    case _: {}"
    assert list(silent_matches(source.format("g()"))) == ["a.kind"]
    assert list(silent_matches(source.format("assert_never(a.kind)"))) == []
