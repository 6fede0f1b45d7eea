"""Allowed values are typed one after the other, or pasted as lines."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.schema_editor.values_field import ValuesField

TOOL = {
    "name": "paint",
    "description": "Paint it.",
    "inputSchema": {"type": "object", "properties": {"color": {"type": "string", "enum": ["red"]}}},
}


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    folder = make_project(tmp_path / "project")
    (folder / "tools" / "paint.json").write_text(json.dumps(TOOL), encoding="utf-8")
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def values(bench: OpenWindow) -> tuple[ValuesField, Callable[[], list[str]]]:
    await until(bench.window.isActiveWindow)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("paint")
    assert page is not None
    page.show_view("Form")
    page.editor.form.select("/inputSchema/properties/color")
    field = page.form.details.boxes["enum"]
    assert isinstance(field, ValuesField)
    return field, lambda: json.loads(page.editor.document.text)["inputSchema"]["properties"]["color"]["enum"]


def cell(field: ValuesField) -> QLineEdit:
    line = field.table.findChild(QLineEdit)
    assert line is not None, "no cell is open for typing"
    return line


async def test_enter_goes_on_to_the_next_row(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    field, held = await values(bench)
    field.add()
    for color in ("green", "blue"):
        line = cell(field)
        QTest.keyClicks(line, color)
        QTest.keyClick(line, Qt.Key.Key_Return)
        await until(lambda: field.table.findChild(QLineEdit) is not None and not cell(field).text())
    assert held() == ["red", "green", "blue"]


@pytest.mark.parametrize("is_open", [False, True])
async def test_pasted_lines_become_values(opened: Callable[[], OpenWindow], is_open: bool) -> None:
    bench = opened()
    field, held = await values(bench)
    QGuiApplication.clipboard().setText("green\n\n blue \ngray")
    if is_open:
        field.add()
        QTest.keyClick(cell(field), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    else:
        field.table.setFocus()
        QTest.keyClick(field.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: len(held()) == 4)
    assert held() == ["red", "green", "blue", "gray"]
