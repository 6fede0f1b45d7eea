"""The heat of a description in the editor, under real keys."""

import json
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.projects import make_project
from tests.unit.viewmodels.schema_editor.test_description_heat import TEXT, kept
from workbench.app.microscope.sentence_heat import HeatStore
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.text_field import DescriptionField


def test_the_heat_stands_below_the_description_and_goes_when_a_key_is_pressed(
    qtbot: QtBot, look: Look, tmp_path: Path
) -> None:
    folder = make_project(tmp_path / "project")
    path = folder / "tools" / "track.json"
    path.write_text(json.dumps({"name": "track", "description": TEXT, "inputSchema": {"type": "object"}}))
    kept(folder)
    page = EditorPage(TextFile(path, folder), look, heats=HeatStore(folder))
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    field = next(one for one in page.findChildren(DescriptionField) if one.field.path == "/description")
    qtbot.waitUntil(lambda: field.heat.isVisible())
    assert "Find a parcel. +80" in field.heat.text.toPlainText()
    assert "20 samples each" in field.heat.title.text()
    QTest.keyClicks(field.text, "x")
    qtbot.waitUntil(lambda: not field.heat.isVisible())
    page.editor.undo()
    qtbot.waitUntil(lambda: field.heat.isVisible())
