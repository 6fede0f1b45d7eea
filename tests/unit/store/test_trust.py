"""Trust is bound to content: any change ends it, and a copy keeps it."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.core.errors import ProjectError
from workbench.store import small_file
from workbench.store.code_folder import code_folder
from workbench.store.mcp_store import McpStore
from workbench.store.project import load_project
from workbench.store.trust import TrustStore, code_digest, has_code


def test_the_same_content_in_another_place_has_the_same_digest(tmp_path: Path) -> None:
    first = make_project(tmp_path / "a")
    shutil.copytree(first, tmp_path / "b")
    assert code_digest(load_project(first)) == code_digest(load_project(tmp_path / "b"))


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "table"])
def test_every_change_of_code_or_of_what_runs_it_ends_the_trust(tmp_path: Path, change: str) -> None:
    folder = make_project(tmp_path / "p")
    code = folder / "python" / "marks.py"
    store = TrustStore(tmp_path / "trust.json")
    store.add(code_digest(load_project(folder)), folder)
    assert store.trusts(code_digest(load_project(folder)))
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
    assert not store.trusts(code_digest(load_project(folder)))


def test_a_change_of_wording_keeps_the_trust(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_digest(load_project(folder))
    toml = folder / "workbench.toml"
    toml.write_text(toml.read_text().replace('"Marks"', '"Other"'))
    assert code_digest(load_project(folder)) == before


def test_compiled_leftovers_are_not_code(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_folder(folder).files()
    (folder / "python" / "__pycache__").mkdir()
    (folder / "python" / "__pycache__" / "marks.cpython-311.pyc").write_bytes(b"x")
    assert code_folder(folder).files() == before


def test_an_unreadable_store_trusts_nothing(tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text("{")
    assert not TrustStore(tmp_path / "trust.json").trusts("anything")
    (tmp_path / "trust.json").write_text('["anything"]')
    assert not TrustStore(tmp_path / "trust.json").trusts("anything")


def test_trust_is_kept_however_much_of_it_there_is(tmp_path: Path) -> None:
    file = tmp_path / "trust.json"
    file.write_text(json.dumps({"old": {"folder": "x" * small_file.MAX_FILE_BYTES}}))
    store = TrustStore(file)
    assert store.trusts("old")
    store.add("new", tmp_path)
    assert store.trusts("old")
    assert TrustStore(file).trusts("new")


@pytest.mark.parametrize("store", ["trust", "servers"])
def test_a_store_that_cannot_be_read_is_not_replaced_by_one_entry(
    tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "store.json"
    file.write_text(held := json.dumps({"old": {}}))
    monkeypatch.setattr(small_file, "_MAX_OWN_BYTES", len(held) - 1)
    with pytest.raises(ProjectError, match="larger"):
        TrustStore(file).add("new", tmp_path) if store == "trust" else McpStore(file).approve("new", "shown")
    assert file.read_text() == held


def test_trust_can_be_taken_back(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "trust.json")
    store.add("digest", tmp_path)
    store.remove("digest")
    assert not store.trusts("digest")


def test_a_folder_that_is_linked_into_the_code_is_part_of_it(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "__init__.py").write_text("x = 1\n")
    before = code_digest(load_project(folder))
    (folder / "python" / "package").symlink_to(elsewhere, target_is_directory=True)
    linked = code_digest(load_project(folder))
    (elsewhere / "__init__.py").write_text("x = 2\n")
    assert len({before, linked, code_digest(load_project(folder))}) == 3


def test_source_that_hides_among_compiled_leftovers_is_code(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_digest(load_project(folder))
    (folder / "python" / "__pycache__").mkdir()
    (folder / "python" / "__pycache__" / "hidden.py").write_text("")
    assert code_digest(load_project(folder)) != before


def test_links_that_lead_round_in_rings_cannot_be_trusted_and_end(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    for name in ("one", "two"):
        (folder / "python" / name).symlink_to(folder / "python", target_is_directory=True)
    assert code_folder(folder).files()
    with pytest.raises(ProjectError, match="than can be trusted"):
        code_digest(load_project(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_pipe_among_the_code_is_not_waited_for(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = code_digest(load_project(folder))
    os.mkfifo(folder / "python" / "pipe.py")
    assert code_digest(load_project(folder)) == before


KEYED = '[connections.work]\nwire = "openai-chat"\nmodel = "m"\nbase_url = "{url}"\nkey = "{key}"\n'


def test_where_nobody_says_which_key_is_a_vendors_own_each_has_to_be_trusted(tmp_path: Path) -> None:
    toml = "format = 1\n" + KEYED.format(url="", key="OPENAI_API_KEY")
    assert has_code(load_project(make_project(tmp_path / "p", toml=toml)))


@pytest.mark.parametrize(
    ("url", "key", "is_asked_about"),
    [
        ("https://models.example/v1", "WORK_KEY", True),
        ("https://models.example/v1", "OPENAI_API_KEY", True),
        ("", "AWS_SECRET_ACCESS_KEY", True),
        ("https://localhost.example/v1", "WORK_KEY", True),
        ("https://models.example/v1", "", False),
        ("http://localhost:11434/v1", "WORK_KEY", False),
        ("", "OPENAI_API_KEY", False),
    ],
)
def test_a_connection_that_sends_a_key_away_has_to_be_trusted(
    tmp_path: Path, url: str, key: str, is_asked_about: bool
) -> None:
    folder = make_project(tmp_path / "p", toml="format = 1\n")
    before = code_digest(load_project(folder))
    assert not has_code(load_project(folder))
    (folder / "workbench.toml").write_text("format = 1\n" + KEYED.format(url=url, key=key))
    project = load_project(folder, {"openai-chat": "OPENAI_API_KEY"})
    assert has_code(project) == is_asked_about
    assert (code_digest(project) != before) == is_asked_about
