"""Pasting tools of any shape into the explorer, the editor and the palette."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.imports.import_page import ImportPage
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOW = {
    "name": "now",
    "description": "The time.",
    "input_schema": {"type": "object", "properties": {"zone": {"type": "string"}}},
}
PYTHON = 'def now(zone: str = "UTC") -> str:\n    """The time."""\n'


async def opened(tmp_path: Path, app: QApplication, clipboard: str) -> OpenWindow:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", app)
    QGuiApplication.clipboard().setText(clipboard)
    return bench


async def page_of(bench: OpenWindow) -> ImportPage:
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ImportPage))
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ImportPage)
    await until(page.add.isEnabled)
    return page


async def test_a_tool_pasted_into_the_explorer_is_previewed_added_and_taken_back(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await opened(tmp_path, qapp, json.dumps(NOW))
    tree = bench.window.features.of(ExplorerFeature).tree
    QTest.keyClick(tree, Qt.Key.Key_V, CONTROL)
    page = await page_of(bench)
    assert page.verdict.text() == "1 tool found · Anthropic"
    assert '"inputSchema"' in page.preview.toPlainText()
    file = bench.session.project.folder / "tools" / "now.json"
    assert not file.exists()
    QTest.mouseClick(page.add, Qt.MouseButton.LeftButton)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), EditorPage))
    assert bench.session.project.toolset.named("now") is not None
    bench.window.toasts.shown[-1].take_back()
    await until(lambda: bench.session.project.toolset.named("now") is None)
    assert not file.exists()


async def test_python_pasted_into_the_palette_opens_the_page(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp, PYTHON)
    bench.window.open_palette()
    QTest.keyClick(bench.window.palette_.field, Qt.Key.Key_V, CONTROL)
    page = await page_of(bench)
    assert page.verdict.text() == "1 tool found · Python"
    assert not bench.window.palette_.isVisible()


async def test_words_pasted_into_the_palette_stay_there(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp, "settings")
    bench.window.open_palette()
    QTest.keyClick(bench.window.palette_.field, Qt.Key.Key_V, CONTROL)
    assert bench.window.palette_.field.text() == "settings"


async def test_a_foreign_tool_pasted_into_the_editor_replaces_its_tool_as_one_step(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await opened(tmp_path, qapp, json.dumps(NOW))
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert editor is not None
    editor.show_view("JSON")
    before = editor.editor.document.text
    editor.json.selectAll()
    QTest.keyClick(editor.json, Qt.Key.Key_V, CONTROL)
    page = await page_of(bench)
    assert editor.editor.document.text == before
    assert page.replace.text() == "Replace look in the editor"
    QTest.mouseClick(page.replace, Qt.MouseButton.LeftButton)
    assert bench.window.documents.currentWidget() is editor
    assert editor.editor.document.value["inputSchema"] == NOW["input_schema"]
    editor.editor.undo()
    assert editor.editor.document.text == before


async def test_a_foreign_shape_is_never_saved_as_a_tool(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp, json.dumps(NOW))
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert editor is not None
    on_disk = editor.path.read_text()
    editor.show_view("JSON")
    editor.json.selectAll()
    QTest.keyClick(editor.json, Qt.Key.Key_V, CONTROL | SHIFT)  # as it is
    assert "input_schema" in editor.editor.document.text
    editor.save()
    assert editor.path.read_text() == on_disk
    assert editor.editor.file.standing == "draft"
    assert bench.session.project.toolset.named("look") is not None
