"""Exporting tools from the window."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from tests.unit.cli.test_suite import TOUCHES
from workbench.gui.exports.export_page import ExportPage
from workbench.gui.exports.exports_feature import ExportsFeature
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem


async def opened(tmp_path: Path, app: QApplication) -> tuple[OpenWindow, ExportPage]:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", app)
    bench.window.commands["export-tools"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ExportPage)
    await until(lambda: page.text.whole_text)
    return bench, page


async def test_a_tool_is_left_out_by_the_keyboard_and_the_rest_is_copied(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = await opened(tmp_path, qapp)
    page.tools.setFocus()
    page.tools.setCurrentRow(0)
    QTest.keyClick(page.tools, Qt.Key.Key_Space)
    await until(lambda: "look" not in page.text.whole_text)
    assert page.all.checkState() == Qt.CheckState.PartiallyChecked
    assert not page.save_each.isVisible()
    QTest.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    assert [one["function"]["name"] for one in json.loads(QGuiApplication.clipboard().text())] == ["touch"]
    assert bench.window.toasts.shown[-1].text.text() == "Copied 1 of 2 tools as OpenAI Chat"


async def test_strict_mode_shows_the_ledger_and_a_row_leads_to_its_tool(tmp_path: Path, qapp: QApplication) -> None:
    _, page = await opened(tmp_path, qapp)
    assert not page.ledger.isVisible()
    page.strict.click()
    await until(page.ledger.isVisible)
    row = next(place for place, entry in enumerate(page.form.ledger) if entry.tool == "touch")
    page.ledger.selectRow(row)
    assert '"touch"' in page.text.textCursor().block().text()


async def test_the_file_is_written_and_put_back(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = await opened(tmp_path, qapp)
    feature = bench.window.features.of(ExportsFeature)
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    assert feature.dialog is not None
    target = tmp_path / "out.json"
    feature.dialog.fileSelected.emit(str(target))
    feature.dialog.close()
    await until(target.exists)
    assert json.loads(target.read_text()) == json.loads(page.form.text)
    bench.window.toasts.shown[-1].take_back()
    assert not target.exists()


async def test_explorer_and_editor_export_their_own_tool(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = await opened(tmp_path, qapp)
    menu = QMenu()
    bench.window.features.fill_item_menu(menu, ExplorerItem("tool", "touch", "touch"))
    next(act for act in menu.actions() if act.text() == "Export…").trigger()
    assert [tool.name for tool in page.form.chosen] == ["touch"]
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert editor is not None
    entries = [entry for entries in editor.header.extra_entries for entry in entries()]
    next(act for words, _, act in entries if words == "Export…")()
    assert bench.window.documents.currentWidget() is page
    assert [tool.name for tool in page.form.chosen] == ["look"]


async def test_a_tested_tool_is_saved_with_its_evidence(tmp_path: Path, qapp: QApplication) -> None:
    project = make_project(tmp_path / "project", *TOUCHES)
    (project / "suites").mkdir()
    lines = [json.dumps({"id": f"c{n}", "request": f"Do {n}", "expected": "touch"}) for n in range(2)]
    (project / "suites" / "gate.jsonl").write_text("\n".join(lines), encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.window.commands["export-tools"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ExportPage)
    await until(lambda: "Never tested" in page.tested.text())
    assert not page.evidence.isEnabled()
    assert page.result.sizes()[1] < 120
    suites = bench.window.features.of(SuitesFeature).suites
    await suites.refresh()
    await suites.run()
    await until(page.evidence.isEnabled)
    assert page.tests.isVisible()
    rows = {item.label: item.detail for section in bench.window.explorer.sections for item in section.items}
    assert (rows["touch"], rows["look"]) == ("", "untested")
    page.evidence.click()
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    feature = bench.window.features.of(ExportsFeature)
    assert feature.dialog is not None
    feature.dialog.fileSelected.emit(str(tmp_path / "out.json"))
    feature.dialog.close()
    await until((tmp_path / "out.intoto.json").exists)
    statement = json.loads((tmp_path / "out.intoto.json").read_text())
    assert [subject["name"] for subject in statement["subject"]] == ["out.json"]
