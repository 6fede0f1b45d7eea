"""A tool's file is read and written as it is, and nothing is lost on the way."""

import os
from pathlib import Path

import pytest

from workbench.app.schema_editor.tool_editing import TextFile
from workbench.app.tools.tool_changes import tool_path
from workbench.core.errors import ProjectError, StoreError

TEXT = '{\n  "name": "look"\n}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    path = folder / "look.json"
    path.write_bytes(TEXT.encode())
    return path


def test_line_ends_and_the_byte_order_mark_stay(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    file = TextFile(path, tmp_path)
    assert file.text == TEXT
    file.save(TEXT.replace("look", "see"))
    assert path.read_bytes() == b"\xef\xbb\xbf" + TEXT.replace("look", "see").replace("\n", "\r\n").encode()


def test_mixed_line_ends_are_left_as_they_are(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b'{\r\n "name":\n"look"}')
    file = TextFile(path, tmp_path)
    file.save(file.text + " ")
    assert path.read_bytes() == b'{\r\n "name":\n"look"} '


def test_saving_what_is_there_touches_nothing(path: Path, tmp_path: Path) -> None:
    before = path.stat()
    TextFile(path, tmp_path).save(TEXT)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_it_is_noticed_when_others_change_or_delete_the_file(path: Path, tmp_path: Path) -> None:
    file = TextFile(path, tmp_path)
    assert file.disk_state == "same"
    path.write_bytes(b"{}")
    assert file.disk_state == "changed"
    assert file.reload() == "{}"
    path.unlink()
    assert file.disk_state == "gone"
    with pytest.raises(ProjectError, match="no longer exists"):
        file.reload()


def test_a_draft_lies_beside_the_history_and_knows_what_it_was_made_from(path: Path, tmp_path: Path) -> None:
    file = TextFile(path, tmp_path)
    assert file.draft() is None
    file.keep_draft("{ broken")
    file.keep_draft("{ still broken")
    assert path.read_bytes() == TEXT.encode()
    assert TextFile(path, tmp_path).draft() == ("{ still broken", True)
    assert len(list((tmp_path / ".workbench" / "drafts").iterdir())) == 1
    path.write_bytes(b"{}")
    assert TextFile(path, tmp_path).draft() == ("{ still broken", False)
    other = path.with_name("look.json.json")
    other.write_bytes(b"{}")
    assert TextFile(other, tmp_path).draft() is None
    file.save(TEXT)
    assert file.draft() is None


def test_what_is_not_text_or_too_large_is_refused_and_left_alone(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ProjectError, match="not UTF-8"):
        TextFile(path, tmp_path)
    path.write_bytes(b" " * 5_000_001)
    with pytest.raises(ProjectError, match="larger"):
        TextFile(path, tmp_path)
    assert path.stat().st_size == 5_000_001


def test_a_pipe_is_not_opened_and_a_damaged_draft_is_read_as_far_as_it_goes(path: Path, tmp_path: Path) -> None:
    TextFile(path, tmp_path).keep_draft("{ broken")
    (draft,) = (tmp_path / ".workbench" / "drafts").iterdir()
    draft.write_bytes(b"{ \xff")
    assert TextFile(path, tmp_path).draft() == ("{ \ufffd", True)
    path.unlink()
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes here")
    os.mkfifo(path)
    with pytest.raises(ProjectError, match="not a file"):
        TextFile(path, tmp_path)
    assert tool_path(tmp_path, "look") is None


def test_no_draft_is_written_through_a_link(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".workbench").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(StoreError, match="is a link"):
        TextFile(path, tmp_path).keep_draft("{")
    assert list(elsewhere.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_store_error(path: Path, tmp_path: Path) -> None:
    file = TextFile(path, tmp_path)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be saved"):
        file.save("{}")
