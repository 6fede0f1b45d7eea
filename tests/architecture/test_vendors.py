"""A vendor's spelling stays in its folder: no text outside of `workbench/providers` names a vendor or its models."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.providers.registry import WIRES
from workbench.providers.wire import Wire

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
NAMES = sorted({name for wire in WIRES for name in (*wire.id.split("-")[:1], *wire.prefixes)} - {"openai-chat"})
"""What each wire calls itself, so that a wire that is added is looked for as well."""
VENDOR = re.compile(
    "|".join(
        [*map(re.escape, NAMES), r"claude(?!_desktop)", "chatgpt", r"\bgpt\b", "googleapis", "functionDeclarations"]
    ),
    re.IGNORECASE,
)
SHARED = ("catalog.py", "registry.py")
ALLOWED = {
    "app/suites/formats/promptfoo.py": "promptfoo names its assertions after a vendor",
    "core/lint/sources.py": "a rule cites who wrote its grounds",
}
"""Files that may name a vendor in a text, each with the reason."""


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not a docstring, with its line."""
    tree = ast.parse(source)
    documents = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def strangers(files: Iterator[Path], root: Path) -> list[str]:
    """Where a vendor is named."""
    return [
        f"{path.relative_to(root).as_posix()}:{line}: {text[:60]!r}"
        for path in files
        if path.relative_to(root).as_posix() not in ALLOWED
        if VENDOR.search(source := path.read_text(encoding="utf-8"))  # parsing every file takes seconds
        for line, text in texts(source)
        if VENDOR.search(text)
    ]


def test_no_text_outside_of_the_providers_names_a_vendor() -> None:
    outside = (path for path in sorted(PACKAGE.rglob("*.py")) if PACKAGE / "providers" not in path.parents)
    assert strangers(outside, PACKAGE) == []


def test_what_all_providers_share_names_no_vendor_either() -> None:
    shared = (path for path in sorted((PACKAGE / "providers").glob("*.py")) if path.name not in SHARED)
    assert strangers(shared, PACKAGE) == []


def test_the_exceptions_are_few_and_needed() -> None:
    assert len(ALLOWED) <= 3
    for place in ALLOWED:
        assert any(VENDOR.search(text) for _, text in texts((PACKAGE / place).read_text(encoding="utf-8")))


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.id)
def test_the_readme_names_every_wire_and_its_key(wire: Wire) -> None:
    readme = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    assert f"| `{wire.prefixes[0]}:MODEL` |" in readme
    assert f"`{wire.key_name}`" in readme


def test_no_two_wires_answer_to_the_same_name() -> None:
    names = [name for wire in WIRES for name in {wire.id, wire.wire_format, *wire.prefixes}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("line", ["if wire == 'anthropic': pass", "X = 'openai_chat'", "call(f'{x} OpenAI {y}')"])
def test_a_vendor_in_a_text_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "module.py").write_text(f'"""About Anthropic."""\n{line}\n')
    assert len(strangers(iter([tmp_path / "module.py"]), tmp_path)) == 1
