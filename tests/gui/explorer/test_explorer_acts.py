"""What can be done with rows of the explorer, by keys and by the menu."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.schema_editor.editor_page import EditorPage

CTRL = Qt.KeyboardModifier.ControlModifier


def tree_at(bench: OpenWindow, kind: str, target: str) -> ExplorerView:
    tree = bench.window.findChild(ExplorerView)
    assert isinstance(tree, ExplorerView)
    tree.restore(None, (kind, target))
    assert tree.chosen is not None
    return tree


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def menu_of(tree: ExplorerView) -> dict[str, Any]:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(tree.viewport(), event)
    menu = tree.findChildren(QMenu)[-1]
    return {action.text().partition("\t")[0]: action for action in menu.actions()}


async def test_a_tool_is_deleted_with_a_key_and_brought_back(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    tree = tree_at(bench, "tool", "touch")
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    await until(lambda: bench.session.project.toolset.named("touch") is None)
    assert not (folder / "tools" / "touch.json").exists()
    [toast] = bench.window.toasts.shown
    assert toast.text.text() == "Deleted touch.json"
    toast.take_back()
    await until(lambda: bench.session.project.toolset.named("touch") is not None)


async def test_the_menu_key_opens_the_menu_of_the_current_row(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    tree = tree_at(bench, "tool", "look")
    menu = menu_of(tree)
    for text in ("Open", "Copy the name", "Copy as JSON", "Copy the file's path", "Duplicate", "Delete"):
        assert text in menu
    menu["Copy as JSON"].trigger()
    assert json.loads(clipboard())["name"] == "look"
    menu["Copy the file's path"].trigger()
    assert Path(clipboard()) == folder / "tools" / "look.json"
    QTest.keyClick(tree, Qt.Key.Key_C, CTRL)
    assert clipboard() == "look"
    QTest.keyClick(tree, Qt.Key.Key_D, CTRL)
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    assert page.path.name == "look_copy.json"
    await until(lambda: bench.session.project.toolset.named("look_copy") is not None)
    bench.window.toasts.shown[-1].take_back()
    await until(lambda: bench.session.project.toolset.named("look_copy") is None)


async def test_a_conversation_s_menu_has_its_own_acts(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("Who is there?")
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    await until(lambda: any(item.target == run_id for s in bench.window.explorer.sections for item in s.items))
    tree = tree_at(bench, "conversation", str(run_id))
    menu = menu_of(tree)
    assert "Rename" in menu
    assert "Copy as JSON" not in menu
    QTest.keyClick(tree, Qt.Key.Key_C, CTRL)
    assert clipboard() == "Who is there?"
    tree = tree_at(bench, "run", str(run_id))
    QTest.keyClick(tree, Qt.Key.Key_C, CTRL)
    assert clipboard() == run_id
