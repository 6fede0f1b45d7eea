"""Grants for a project: kept with it, this user's own, and gone the moment they are revoked."""

import sqlite3
from pathlib import Path

import pytest

from workbench.core.grant import Grant
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

GRANT = Grant(
    grant_id="r.1.1.1", scope="project", tool="touch", tool_digest="d", executor="python marks:touch",
    fingerprint="f", by="person", at=1.0,
)  # fmt: skip


def open_store(folder: Path, seal: str = "seal", redactor: Redactor | None = None) -> RunStore:
    return RunStore(folder / ".workbench", redactor or Redactor(), seal_file=folder / "home" / seal)


def test_a_kept_grant_is_there_after_a_restart_until_it_is_revoked(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.grants.keep(GRANT)
    store.close()
    again = open_store(tmp_path)
    assert again.grants.kept() == (GRANT,)
    assert again.grants.kept("other") == ()
    assert again.grants.revoke("r.1.1.1", at=2.0)
    assert not again.grants.revoke("r.1.1.1", at=3.0)
    again.grants.keep(GRANT)
    assert again.grants.kept() == ()
    again.close()


def test_a_revocation_by_another_program_counts_at_once(tmp_path: Path) -> None:
    mine, other = open_store(tmp_path), open_store(tmp_path)
    mine.grants.keep(GRANT)
    assert other.grants.kept() == (GRANT,)
    other.grants.revoke("r.1.1.1", at=2.0)
    assert mine.grants.kept() == ()
    mine.close()
    other.close()


def test_a_database_that_came_from_somebody_else_grants_nothing(tmp_path: Path) -> None:
    theirs = open_store(tmp_path, "their seal")
    theirs.grants.keep(GRANT)
    theirs.close()
    mine = open_store(tmp_path, "my seal")
    assert mine.grants.kept() == ()
    mine.close()


@pytest.mark.parametrize(
    "change",
    [
        "line = CAST(replace(CAST(line AS TEXT), 'touch', 'erase') AS BLOB)",
        "line = x'7b7d'",
        "seal = ''",
        "seal = 'é'",
    ],
)
def test_a_grant_that_was_tampered_with_grants_nothing(tmp_path: Path, change: str) -> None:
    store = open_store(tmp_path)
    store.grants.keep(GRANT)
    intruder = sqlite3.connect(store.path)
    intruder.execute(f"UPDATE grants SET {change}")
    intruder.commit()
    intruder.close()
    assert store.grants.kept() == ()
    store.close()


def test_the_seal_is_for_its_owner_only(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    assert (tmp_path / "home" / "seal").stat().st_mode & 0o077 == 0


def test_a_key_in_a_pattern_is_not_written_down(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add("sk-canary-0123456789abcdef")
    store = open_store(tmp_path, redactor=redactor)
    patterned = Grant(
        grant_id="g", scope="project", tool="touch", tool_digest="", executor="", fingerprint="", binds="patterns",
        patterns={"key": "sk-canary-0123456789abcdef"},
    )  # fmt: skip
    store.grants.keep(patterned)
    store.close()
    assert b"sk-canary" not in b"".join(path.read_bytes() for path in store.folder.iterdir())
