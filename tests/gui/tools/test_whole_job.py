"""The whole job by keys and mouse: from an empty folder to a tool with a Python body that ran."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.code.code_feature import CodeFeature
from workbench.gui.code.code_page import CodePage
from workbench.gui.project.new_project_dialog import NewProjectDialog
from workbench.gui.project.project_page import ProjectPage
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.tools.executor_box import ExecutorBox

pytestmark = pytest.mark.child_process

CTRL = Qt.KeyboardModifier.ControlModifier
SCHEMA = {
    "name": "add",
    "description": "Add two numbers.",
    "inputSchema": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    },
}
ANSWERS = [{"calls": [{"tool": "add", "arguments": {"a": 2, "b": 3}}]}, {"text": "Five."}]


async def test_from_an_empty_folder_to_a_tool_with_a_python_body_that_ran(tmp_path: Path, qapp: QApplication) -> None:
    folder = tmp_path / "sums"
    folder.mkdir()
    before = OpenWindow(make_project(tmp_path / "marks"), tmp_path / "home", qapp)
    before.window.switch.open(folder)
    dialog = before.window.findChild(NewProjectDialog)
    assert isinstance(dialog, NewProjectDialog)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    await until(lambda: before.window.switch.next_folder == folder)
    await until(lambda: not before.window.isVisible())
    await before.close()

    (folder / "script.json").write_text(json.dumps({"answers": ANSWERS}))
    bench = OpenWindow(folder, tmp_path / "home", qapp, is_trusted=False)
    await until(bench.window.isActiveWindow)
    bench.window.commands["project"].trigger()
    settings = bench.window.documents.currentWidget()
    assert isinstance(settings, ProjectPage)
    model = settings.fields["model"].control
    assert isinstance(model, QLineEdit)
    model.setFocus()
    model.selectAll()
    QTest.keyClicks(model, "scripted:script.json")
    QTest.keyClick(model, Qt.Key.Key_Return)
    await until(lambda: bench.session.project.model == "scripted:script.json")

    bench.window.new_conversation()
    assert not bench.pane.first_view.ways.run_button.isVisible()
    assert bench.pane.first_view.ways.import_button.isVisible()
    QTest.mouseClick(bench.pane.first_view.ways.tool_button, Qt.MouseButton.LeftButton)
    editor = bench.window.documents.currentWidget()
    assert isinstance(editor, EditorPage)
    editor.show_view("JSON")
    editor.json.setFocus()
    QTest.keyClick(editor.json, Qt.Key.Key_A, CTRL)
    editor.json.insertPlainText(json.dumps(SCHEMA))
    QTest.keyClick(editor.json, Qt.Key.Key_S, CTRL)
    await until(lambda: bench.session.project.toolset.named("add") is not None)

    box = editor.findChild(ExecutorBox)
    assert isinstance(box, ExecutorBox)
    assert box.kind.currentData() == "nothing"
    box.kind.setFocus()
    QTest.keyClick(box.kind, Qt.Key.Key_Down)
    await until(lambda: box.new.isVisible())
    QTest.mouseClick(box.new, Qt.MouseButton.LeftButton)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), CodePage))
    code = bench.window.documents.currentWidget()
    assert isinstance(code, CodePage)
    assert "def add(a: int, b: int) -> Any:" in code.editor.toPlainText()
    assert "return" not in code.editor.toPlainText()

    assert code.editor.textCursor().selectedText().startswith("raise NotImplementedError")
    QTest.keyClicks(code.editor, "total = a + b")
    QTest.keyClick(code.editor, Qt.Key.Key_Return)
    QTest.keyClicks(code.editor, "return total")
    assert code.title == "add.py ●"
    assert "raise NotImplementedError" in (folder / "python" / "add.py").read_text()
    QTest.keyClick(code.editor, Qt.Key.Key_S, CTRL)
    assert "    total = a + b\n    return total\n" in (folder / "python" / "add.py").read_text()
    await until(lambda: not bench.tasks.is_running("read the project's code"))
    assert bench.session.is_trusted
    assert not bench.window.banner.isVisible()

    bench.window.new_conversation()
    assert bench.pane.conversation.composer.model == "scripted:script.json"
    bench.send("What is 2 + 3?")
    card = await bench.asked()
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_A)
    await bench.idle()
    [settled] = bench.settled
    assert (settled.outcome, settled.result_text) == ("ok", "5")
    assert bench.finished.text == "Five."


async def test_code_that_is_not_saved_does_not_run_and_comes_back(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "marks")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    feature = bench.window.features.of(CodeFeature)
    path = folder / "python" / "marks.py"
    held = path.read_text()
    page = feature.open_function("marks:look")
    assert page is not None
    assert page.editor.textCursor().block().text().startswith("def look")
    assert "is trusted" in page.code.trust_words
    QTest.keyClicks(page.editor, "# mine ")
    assert page.title.endswith("●")
    bench.window.documents.close_page(page)
    assert path.read_text() == held
    again = feature.open_function("marks:look")
    assert again is not None
    assert "# mine def look" in again.editor.toPlainText()
    assert again.banner.isVisible()
    QTest.keyClick(again.editor, Qt.Key.Key_Z, CTRL)
    assert again.editor.toPlainText() == held
    again.editor.selectAll()
    QTest.keyClick(again.editor, Qt.Key.Key_Tab)
    assert again.editor.toPlainText().startswith("    from pathlib")
    QTest.keyClick(again.editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert again.editor.toPlainText() == held
    await until(lambda: not again.banner.isVisible())


async def test_an_address_is_typed_into_the_box_of_the_tool(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "marks")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert page is not None
    box = page.findChild(ExecutorBox)
    assert isinstance(box, ExecutorBox)
    box.kind.setCurrentIndex(box.kind.findData("http"))
    await until(box.url.isVisible)
    box.url.setFocus()
    QTest.keyClicks(box.url, "http://127.0.0.1:9/{at}")
    QTest.keyClick(box.url, Qt.Key.Key_Return)
    await until(lambda: bench.session.project.executor_names["look"] == "http GET http://127.0.0.1:9/{at}")
    toast = bench.window.toasts.shown[-1]
    toast.take_back()
    await until(lambda: bench.session.project.executor_names["look"] == "python marks:look")
    await until(lambda: box.kind.currentData() == "python")
