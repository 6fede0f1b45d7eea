"""Choosing keys by pressing them, and the sheet."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.json_text import JsonObject
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.shortcuts.keys_panel import KeysPanel
from workbench.gui.shortcuts.sheet_page import SheetPage
from workbench.gui.shortcuts.shortcuts_feature import ShortcutsFeature

TOUCH: JsonObject = {"calls": [{"tool": "touch", "arguments": {"mark": "x"}}]}
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def open_panel(bench: OpenWindow) -> KeysPanel:
    bench.window.commands["change-keys"].trigger()
    page = bench.window.documents.currentWidget()
    assert page is not None
    panel = page.findChild(KeysPanel)
    assert isinstance(panel, KeysPanel)
    return panel


def shown_keys(panel: KeysPanel) -> str:
    item = panel.table.item(0, 1)
    assert item is not None
    return item.text()


def press(panel: KeysPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(panel.field, key, modifiers)
    panel.field.editingFinished.emit()


async def test_keys_are_recorded_by_pressing_them_and_work_at_once(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    panel = open_panel(bench)
    assert nameless(panel) == []
    QTest.keyClicks(panel.filter, "normal text size")
    assert panel.table.rowCount() == 1
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.field.hasFocus() or panel.field.isAncestorOf(bench.window.focusWidget() or panel)
    press(panel, Qt.Key.Key_K, CTRL)
    assert "“Command palette”" in panel.warning.text()
    assert panel.take_it.isVisible()
    press(panel, Qt.Key.Key_9, CTRL | ALT)
    assert "free" in panel.warning.text()
    panel.take_it.click()
    assert shown_keys(panel) == "Ctrl+Alt+9"
    assert "Ctrl+Alt+9" in bench.window.commands["normal"].toolTip()
    bench.look.zoom_by(1)
    QTest.keyClick(bench.window, Qt.Key.Key_9, CTRL | ALT)
    assert bench.look.zoom == 1.0
    panel.undo.click()
    assert shown_keys(panel) == "Ctrl+0"
    assert not panel.undo.isEnabled()


async def test_keys_chosen_once_hold_on_the_next_start(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    bench.window.features.of(ShortcutsFeature).shortcuts.choose("explorer", "Ctrl+Alt+E")
    await bench.close()
    again = OpenWindow(folder, tmp_path / "home", qapp)
    await until(again.window.isActiveWindow)
    QTest.keyClick(again.window, Qt.Key.Key_E, CTRL | ALT)
    assert again.window.features.of(ExplorerFeature).dock.isHidden()
    QTest.keyClick(again.window, Qt.Key.Key_B, CTRL)
    assert again.window.features.of(ExplorerFeature).dock.isHidden()
    await again.close()


async def test_the_sheet_follows_the_keys_and_is_saved_as_html_and_pdf(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    page = bench.window.documents.currentWidget()
    assert isinstance(page, SheetPage)
    assert nameless(page) == []
    bench.window.features.of(ShortcutsFeature).shortcuts.choose("explorer", "Ctrl+Alt+E")
    assert "Ctrl+Alt+E" in page.view.toPlainText()
    assert "Approve all calls that only read" in page.view.toPlainText()
    page.save_html(tmp_path / "keys.html")
    assert "Ctrl+Alt+E" in (tmp_path / "keys.html").read_text(encoding="utf-8")
    page.save_pdf(tmp_path / "keys.pdf")
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")


async def test_no_two_commands_have_the_same_keys(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    table = bench.window.features.of(ShortcutsFeature).shortcuts
    assert [(row.name, row.clashes) for row in table.rows if row.clashes] == []


async def test_texts_name_the_keys_that_hold(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", TOUCH, {"text": "Done."}), tmp_path / "home", qapp)
    window, pane = bench.window, bench.pane
    await until(lambda: pane.held_bar.go_on.text() == "Continue  F10")
    bench.send()
    await bench.asked()
    await until(lambda: pane.composer.send.text() == "Stop  Esc")
    assert window.line.badge.text().strip() == "1 approval waiting  F8"
    bench.session.key_map.keep({"stop": ("Ctrl+.",), "next-approval": ("F7",), "step-on": ()})
    window.commands.take_keys()
    assert window.line.badge.text().strip() == "1 approval waiting  F7"
    await until(lambda: pane.held_bar.go_on.text() == "Continue")
    await until(lambda: pane.composer.send.text() == "Stop  Ctrl+.")
    window.new_conversation()
    bench.send()
    await until(lambda: bench.pane.composer.send.text() == "Stop  Ctrl+.")
    for at in range(window.documents.count()):
        window.documents.setCurrentIndex(at)
        bench.pane.conversation.stop()
        bench.pane.conversation.stop()
        await bench.idle()
