"""The user guide: it shows its own pages and pictures, and loads nothing else."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from workbench.app.project.resources import resources
from workbench.gui.help.help_page import HelpPage
from workbench.gui.look.look import Look

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "help").mkdir()
    (tmp_path / "help" / "guide.md").write_text(
        "# Guide\n\n[more](more.md) [out](../secret.md) [web](http://x.invalid/a)"
    )
    (tmp_path / "help" / "more.md").write_text("# More")
    (tmp_path / "secret.md").write_text("# Secret")
    picture = QImage(2_000, 100, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "help" / "wide.png"))
    picture.save(str(tmp_path / "secret.png"))
    return tmp_path / "help"


@pytest.fixture
def page(folder: Path, look: Look, qtbot: QtBot) -> HelpPage:
    made = HelpPage(folder, look)
    qtbot.addWidget(made)
    return made


def test_links_lead_to_pages_of_the_guide_only(page: HelpPage) -> None:
    page._follow(QUrl("../secret.md"))
    assert page.toPlainText().startswith("Guide")
    page._follow(QUrl("more.md"))
    assert page.toPlainText() == "More"


def test_an_address_is_asked_about_and_not_opened(page: HelpPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.link_asked) as asked:
        page._follow(QUrl("http://x.invalid/a"))
    assert asked.args == ["http://x.invalid/a"]
    page._follow(QUrl("file:///etc/hostname"))
    assert page.toPlainText().startswith("Guide")


def test_pictures_come_from_the_guides_own_folder(page: HelpPage) -> None:
    assert page.loadResource(IMAGE, QUrl("wide.png")).width() < 2_000
    for address in ("../secret.png", "file:///etc/hostname", "http://x.invalid/a.png"):
        assert page.loadResource(IMAGE, QUrl(address)) is None


def test_the_guide_that_is_shipped_can_be_read(look: Look, qtbot: QtBot) -> None:
    page = HelpPage(resources() / "help", look)
    qtbot.addWidget(page)
    assert "The first minute" in page.toPlainText()
