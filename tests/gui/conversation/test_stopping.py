"""Stop while calls wait for a decision asks once, where Stop is."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow
from workbench.core.json_text import JsonObject

TOUCH: JsonObject = {"calls": [{"tool": "touch", "arguments": {"mark": "x"}}]}


async def test_the_first_escape_asks_and_the_second_stops(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", TOUCH, {"text": "Done."}), tmp_path / "home", qapp)
    bench.send()
    await bench.asked()
    composer = bench.pane.composer
    assert composer.send.text() == "Stop  Esc"
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert bench.pane.conversation.is_running
    assert (
        bench.pane.conversation.composer.stop_question == "touch waits for your decision and will not run. Stop anyway?"
    )
    assert composer.send.text() == "Stop anyway  Esc"
    bench.pane.conversation.composer.forget_stop()
    assert composer.send.text() == "Stop  Esc"
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert bench.pane.conversation.is_running
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    await bench.idle()
    assert bench.finished.outcome == "cancelled"
    assert bench.pane.conversation.composer.stop_question == ""
