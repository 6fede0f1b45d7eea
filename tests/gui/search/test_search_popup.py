"""Finding a place in all runs with keys alone."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.json_text import JsonObject
from workbench.gui.search.search_feature import SearchFeature


async def test_a_text_typed_into_the_search_opens_the_run_at_the_place(tmp_path: Path, qapp: QApplication) -> None:
    look: JsonObject = {"tool": "look", "arguments": {"at": "raven gate"}}
    folder = make_project(tmp_path / "project", {"calls": [look]}, {"text": "All <b>quiet</b>."})

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("What is there?")
    await bench.idle()
    popup = bench.window.features.of(SearchFeature).search
    bench.window.commands["search"].trigger()
    assert nameless(popup) == []
    QTest.keyClicks(popup.field, "RAVEN")
    await until(lambda: popup.list.count() == 2)
    assert "call" in popup.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible()
    await until(lambda: bench.pane.conversation.trace.selection is not None)
    selected = bench.pane.conversation.trace.selection
    assert selected is not None
    assert selected.kind == "call"
    bench.window.commands["search"].trigger()
    popup.field.setText("nowhere to be found")
    await until(lambda: popup.summary.text() == "No results")
    assert popup.list.count() == 0
    popup.hide()


async def test_words_that_are_no_command_can_be_searched_for_instead(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project", {"text": "All {quiet}."})

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("What is there?")
    await bench.idle()
    palette = bench.window.palette_
    palette.open()
    QTest.keyClicks(palette.field, "{quiet}")
    assert palette.list.item(0).text() == "Search all runs for “{quiet}”"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    popup = bench.window.features.of(SearchFeature).search
    assert popup.isVisible()
    assert popup.field.text() == "{quiet}"
    await until(lambda: popup.list.count() == 1)
    popup.hide()
