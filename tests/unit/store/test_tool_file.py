"""Files are replaced whole, beside nothing and through no link."""

import stat
import sys
from pathlib import Path

import pytest

from workbench.core.errors import ProjectError
from workbench.core.tool import Tool
from workbench.store.tool_file import read_tool, tool_text, write_tool, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    write_whole(tmp_path / "new.json", "{}\n")
    assert mode(tmp_path / "new.json") == mode(usual)
    (tmp_path / "old.sh").touch(mode=0o750)
    write_whole(tmp_path / "old.sh", "x\n")
    assert mode(tmp_path / "old.sh") == 0o750
    write_whole(tmp_path / "secret", "x\n", is_private=True)
    assert mode(tmp_path / "secret") == 0o600


@posix
def test_a_link_is_replaced_and_what_it_led_to_is_not_touched(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("precious")
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "mine.json").symlink_to(outside)
    write_tool(folder, Tool.make("mine"))
    assert outside.read_text() == "precious"
    assert not (folder / "mine.json").is_symlink()


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "torn \ud800")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.json", "old")]


@pytest.mark.parametrize("name", ["../evil", "a/b", ".", "", "a\0b", "x" * 65, "tool\n"])
def test_a_name_that_leads_elsewhere_is_no_file_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "tools"
    with pytest.raises(ProjectError):
        write_tool(folder, Tool.make(name))
    assert not folder.exists()


def test_a_tool_that_was_not_edited_is_written_as_it_was_read() -> None:
    text = tool_text(Tool({"name": "a", "x-own": [1, {"b": None}], "description": "ü"}))
    assert tool_text(read_tool(text)) == text
