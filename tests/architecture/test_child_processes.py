"""What runs in processes of its own: the packaged program can start all of them, and the window decodes no pictures."""

import re
from pathlib import Path

import pytest

from workbench.__main__ import _CHILDREN

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
DECODES = re.compile(r"QImageReader|QMovie|loadFromData|fromData|fromImageReader|Q(?:Image|Pixmap)\((?:str\(|\")")
MAY_DECODE = {
    "gui/kit/picture_worker.py": "the process that is there for it",
    "gui/help/help_page.py": "pictures of the guide, which come with the program",
}


def test_the_packaged_program_takes_the_role_of_each_child_process() -> None:
    workers = {
        "workbench." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*worker.py")
        if "\ndef main(" in path.read_text(encoding="utf-8")
    }
    assert workers == _CHILDREN


def test_only_a_process_of_its_own_decodes_pictures_of_strangers() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in (PACKAGE / "gui").rglob("*.py")
        if DECODES.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(MAY_DECODE)


@pytest.mark.parametrize(
    "line",
    ["pixmap.loadFromData(data)", "QImage.fromData(data)", "QPixmap(str(path))", "QMovie(device)"],
)
def test_a_line_that_decodes_is_found(line: str) -> None:
    assert DECODES.search(line)
