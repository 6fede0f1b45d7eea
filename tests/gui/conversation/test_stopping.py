"""Stop while calls wait for a decision asks once, where Stop is."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.conversation.chat_entry import NoticeEntry

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
    notice = bench.pane.conversation.chat.entries[-1]
    assert isinstance(notice, NoticeEntry)
    assert (notice.title, notice.text) == ("Stopped", "")
    assert bench.pane.conversation.composer.stop_question == ""


async def test_the_button_names_escape_only_while_it_stops(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", TOUCH, {"text": "Done."}), tmp_path / "home", qapp)
    bench.send()
    await bench.asked()
    composer, trace = bench.pane.composer, bench.window.features.of(TraceFeature).open_view
    assert trace is not None
    trace.filter.setFocus()
    await until(lambda: composer.send.text() == "Stop")
    QTest.keyClick(trace.filter, Qt.Key.Key_Escape)
    assert trace.table.hasFocus()
    await until(lambda: composer.send.text() == "Stop  Esc")
    bench.window.commands["find"].trigger()
    await until(lambda: composer.send.text() == "Stop")
    composer.editor.setFocus()
    await until(lambda: composer.send.text() == "Stop  Esc")
