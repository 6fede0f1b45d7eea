"""In the editor one chooses what happens to calls of the tool."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.rules.policy_box import PolicyBox
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.viewmodels.explorer.explorer_item import ExplorerItem


async def test_a_choice_is_written_counts_at_once_and_is_taken_back(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    bench.window.open_item(ExplorerItem("tool", "touch", "touch"))
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    box = page.findChild(PolicyBox)
    assert nameless(box) == []
    assert box.choice.currentText() == "Follow the rules"
    before = (folder / "workbench.toml").read_text(encoding="utf-8")
    box.choice.setFocus()
    QTest.keyClick(box.choice, Qt.Key.Key_N)  # Never run
    await until(lambda: box.undo.isVisible())
    assert "It never runs" in box.effect.text()
    assert bench.session.project.policy.rules[-1].action == "deny"
    QTest.mouseClick(box.undo, Qt.MouseButton.LeftButton)
    await until(lambda: box.choice.currentText() == "Follow the rules")
    assert (folder / "workbench.toml").read_text(encoding="utf-8") == before
