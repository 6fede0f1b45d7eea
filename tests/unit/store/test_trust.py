"""Trust is bound to content: any change ends it, and a copy keeps it."""

import shutil
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.store.project import load_project
from workbench.store.trust import TrustBook, code_digest, code_files


def test_the_same_content_in_another_place_has_the_same_digest(tmp_path: Path) -> None:
    first = make_project(tmp_path / "a")
    shutil.copytree(first, tmp_path / "b")
    assert code_digest(load_project(first)) == code_digest(load_project(tmp_path / "b"))


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "table"])
def test_every_change_of_code_or_of_what_runs_it_ends_the_trust(tmp_path: Path, change: str) -> None:
    folder = make_project(tmp_path / "p")
    code = folder / "python" / "marks.py"
    book = TrustBook(tmp_path / "trust.json")
    book.add(code_digest(load_project(folder)), folder)
    assert book.trusts(code_digest(load_project(folder)))
    match change:
        case "edit":
            code.write_text(code.read_text() + "# harmless\n")
        case "add":
            (folder / "python" / "json.py").write_text("")
        case "remove":
            code.unlink()
        case "rename":
            code.rename(code.with_name("other.py"))
        case _:
            toml = folder / "workbench.toml"
            toml.write_text(toml.read_text().replace('"marks:look"', '"marks:touch"'))
    assert not book.trusts(code_digest(load_project(folder)))


def test_a_change_of_wording_keeps_the_trust(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_digest(load_project(folder))
    toml = folder / "workbench.toml"
    toml.write_text(toml.read_text().replace('"Marks"', '"Other"'))
    assert code_digest(load_project(folder)) == before


def test_compiled_leftovers_are_not_code(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_files(folder)
    (folder / "python" / "__pycache__").mkdir()
    (folder / "python" / "__pycache__" / "marks.cpython-311.pyc").write_bytes(b"x")
    assert code_files(folder) == before


def test_an_unreadable_book_trusts_nothing(tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text("{")
    assert not TrustBook(tmp_path / "trust.json").trusts("anything")
    (tmp_path / "trust.json").write_text('["anything"]')
    assert not TrustBook(tmp_path / "trust.json").trusts("anything")


def test_trust_can_be_taken_back(tmp_path: Path) -> None:
    book = TrustBook(tmp_path / "trust.json")
    book.add("digest", tmp_path)
    book.remove("digest")
    assert not book.trusts("digest")
