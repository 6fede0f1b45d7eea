"""Checking tools in the window."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from tests.unit.viewmodels.lint.test_lint_list import HIDDEN
from workbench.gui.lint.lint_page import LintPage
from workbench.gui.lint.weight_view import WeightView
from workbench.gui.schema_editor.editor_page import EditorPage


async def test_a_finding_is_fixed_taken_back_and_opened_in_the_editor(tmp_path: Path, qapp: QApplication) -> None:
    project = make_project(tmp_path / "project")
    path = project / "tools" / "look.json"
    how = {"type": "string", "description": "One of: up, down"}
    schema = {"type": "object", "properties": {"how": how}}
    path.write_text(json.dumps({**HIDDEN, "inputSchema": schema}), encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.window.commands["check-tools"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, LintPage)
    await until(lambda: page.table.rowCount() > 1)
    await until(lambda: page.fix.text() == "Remove the invisible characters")
    assert "Unicode Technical Report 36" in page.grounds.text()
    QTest.mouseClick(page.fix, Qt.MouseButton.LeftButton)
    await until(lambda: page.findings.chosen is not None and page.findings.chosen.severity != "error")
    assert "\u200b" not in path.read_text(encoding="utf-8")
    bench.window.toasts.shown[-1].take_back()
    await until(lambda: "error" in page.table.item(0, 0).text() and page.table.currentRow() > 0)
    before = path.read_bytes()
    await until(lambda: page.fix_all.text() == "Fix all 2")
    QTest.mouseClick(page.fix_all, Qt.MouseButton.LeftButton)
    await until(lambda: page.findings.fixable == 0 and path.read_bytes() != before)
    assert json.loads(path.read_text(encoding="utf-8"))["inputSchema"]["properties"]["how"]["enum"] == ["up", "down"]
    await until(lambda: bench.window.toasts.shown[-1].accessibleName() == "Made 2 fixes in 1 file")
    bench.window.toasts.shown[-1].take_back()
    await until(lambda: page.findings.fixable == 2 and path.read_bytes() == before)
    page.parts.setCurrentIndex(1)
    await until(lambda: isinstance(page.weights, WeightView) and page.weights.table.rowCount() > 3)
    assert isinstance(page.weights, WeightView)
    assert page.weights.weights.rows[0][1] == "the whole tool"
    assert not page.weights.exact.isVisible()
    page.parts.setCurrentIndex(0)
    await until(lambda: "error" in page.table.item(0, 0).text())
    page.table.setFocus()
    page.table.setCurrentCell(0, 0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    editor = bench.window.documents.currentWidget()
    assert isinstance(editor, EditorPage)
    assert editor.path == path
