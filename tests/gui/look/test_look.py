"""A change of appearance or zoom: at once for what is seen, later for pages that another one covers."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QStackedWidget, QWidget
from shiboken6 import delete, isValid

from tests.gui.window.test_every_page import pages_of, with_a_run
from tests.support.window import OpenWindow, lay_out, until
from workbench.gui.look.look import Appearance
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.settings.settings_feature import SettingsFeature


async def of_two_pages(tmp_path: Path, qapp: QApplication) -> tuple[OpenWindow, QWidget]:
    """A conversation, and a tool before it."""
    bench = await with_a_run(tmp_path, qapp)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert isinstance(page, QWidget)
    return bench, page


def look_of(page: QWidget) -> dict[QWidget, tuple[object, ...]]:
    """What a change gives to the texts and fields of a page that are seen."""
    lay_out()
    return {
        widget: (widget.font().toString(), widget.palette().color(widget.foregroundRole()).name(), widget.sizeHint())
        for widget in QApplication.allWidgets()
        if page.isAncestorOf(widget) and widget.isVisible() and isinstance(widget, QLabel | QAbstractButton | QLineEdit)
    }


@pytest.mark.parametrize(("appearance", "zoom"), [("dark", 1.5), ("contrast-light", 1.0)])
async def test_a_covered_page_takes_the_new_look_when_it_is_shown(
    tmp_path: Path, qapp: QApplication, appearance: Appearance, zoom: float
) -> None:
    bench, page = await of_two_pages(tmp_path, qapp)
    before = look_of(page)
    bench.look.show(appearance, zoom)
    wanted = look_of(page)
    assert wanted != before
    bench.look.show("light", 1.0)
    bench.window.documents.setCurrentIndex(0)
    bench.look.show(appearance, zoom)
    bench.window.documents.setCurrentWidget(page)
    await until(lambda: look_of(page) == wanted)


async def test_who_is_on_a_covered_page_hears_of_two_changes_once_when_it_is_shown(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench, page = await of_two_pages(tmp_path, qapp)
    heard: list[float] = []
    bench.look.follow(page, lambda: heard.append(bench.look.zoom))
    bench.window.documents.setCurrentIndex(0)
    for zoom in (1.5, 1.25):
        bench.look.show("light", zoom)
    assert heard == []
    bench.window.documents.setCurrentWidget(page)
    assert heard == [1.25]
    bench.look.show("light", 1.0)
    assert heard == [1.25, 1.0]


async def test_who_ends_another_on_a_page_that_is_shown_leaves_the_rest_their_look(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench, page = await of_two_pages(tmp_path, qapp)
    heard: list[str] = []
    ended = QLabel("", page)
    bench.look.follow(page, lambda: delete(ended) if isValid(ended) else None)
    bench.look.follow(ended, lambda: heard.append("ended"))
    bench.look.follow(page, lambda: heard.append("last"))
    bench.window.documents.setCurrentIndex(0)
    bench.look.show("dark", 1.0)
    bench.window.documents.setCurrentWidget(page)
    assert heard == ["last"]


async def test_a_dialog_of_a_covered_page_takes_the_look_at_once(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = await of_two_pages(tmp_path, qapp)
    dialog = QDialog(page)
    dialog.show()
    bench.window.documents.setCurrentIndex(0)
    bench.look.show("dark", 1.5)
    assert dialog.font().toString() == bench.look.font().toString()
    dialog.close()


async def test_a_page_that_moves_to_the_right_takes_the_look_that_it_missed(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = await of_two_pages(tmp_path, qapp)
    bench.window.documents.setCurrentIndex(0)
    bench.look.show("dark", 1.5)
    bench.window.documents.show_right(page)
    shown = look_of(page)
    bench.look.show("dark", 1.5)
    assert shown == look_of(page)


async def test_a_change_while_every_page_is_open_leaves_texts_and_closing_alone(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    for name in pages_of(bench):
        window.commands[name].trigger()
    appearance: Appearance
    for appearance in ("dark", "light"):
        bench.look.show(appearance, 1.0)
    while window.documents.count() > 1:
        window.documents.close_tab(window.documents.count() - 1)
    bench.look.show("dark", 1.0)
    bench.look.show("light", 1.0)
    answers = [entry.view.whole_text for entry in bench.pane.chat.findChildren(QWidget) if hasattr(entry, "view")]
    assert "Seen." in answers


async def test_a_page_in_a_page_that_was_covered_meanwhile_takes_the_look_when_it_is_shown(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench, _ = await of_two_pages(tmp_path, qapp)
    settings = bench.window.features.of(SettingsFeature).open()
    section = settings.findChildren(QStackedWidget)[0].currentWidget()
    assert section is not None
    bench.window.documents.setCurrentIndex(0)
    bench.look.show("dark", 1.5)
    settings.sections.setCurrentRow(settings.sections.currentRow() + 1)
    bench.window.documents.setCurrentWidget(settings)
    settings.sections.setCurrentRow(settings.sections.currentRow() - 1)
    shown = look_of(section)
    bench.look.show("dark", 1.5)
    assert shown == look_of(section) != {}
