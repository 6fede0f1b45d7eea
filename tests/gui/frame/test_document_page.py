"""Files that are shown to be read."""

import os
from pathlib import Path

import pytest

from workbench.gui.frame.document_page import file_text


def test_a_file_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\n\xff")
    assert file_text(tmp_path / "a.txt") == "one\r\n\ufffd"
    assert file_text(tmp_path / "b.txt").startswith("Cannot read this file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_is_no_file_or_endless_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    assert file_text(tmp_path / "pipe").startswith("Cannot read this file")
    assert file_text(tmp_path / "endless").startswith("Cannot read this file")
