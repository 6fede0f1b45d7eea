"""What was open comes back on the next start of the same project."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.code.code_feature import CodeFeature
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.gui.trace.trace_feature import TraceFeature

LOOK: JsonObject = {"tool": "look", "arguments": {"at": "gate"}}


def restored(bench: OpenWindow) -> Callable[[], bool]:
    return lambda: bench.window.features.of(RestoreFeature).is_done


def names(bench: OpenWindow) -> list[str]:
    documents = bench.window.documents
    return [documents.tabText(number) for number in range(documents.count())]


async def test_tabs_drafts_places_and_selections_come_back(tmp_path: Path, qapp: QApplication) -> None:
    long = "\n\n".join(f"Line {number} of a long answer." for number in range(200))
    folder = make_project(tmp_path / "project", {"calls": [LOOK]}, {"text": long}, {"text": "Second."})
    before = sorted(path for path in folder.rglob("*") if ".workbench" not in path.parts)

    first = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(first))
    first.send("What is at the gate?")
    await first.idle()
    first.pane.composer.editor.setPlainText("And what is")
    row = next(row for row in first.pane.conversation.trace.rows if row.kind == "call")
    trace = first.window.features.of(TraceFeature).open_view
    assert trace is not None
    trace.show_row(row)
    await until(lambda: first.pane.chat.verticalScrollBar().maximum() > 500)
    first.pane.chat.scroll_to(4, 700)
    await until(lambda: first.pane.chat.shown_place == (4, 700))
    read = first.pane
    first.window.new_conversation()
    first.pane.composer.editor.setPlainText("Not sent yet")
    first.window.features.of(SchemaEditorFeature).open_tool("touch")
    first.window.features.of(CodeFeature).open_any("python/marks.py")
    first.window.features.of(SettingsFeature).open()
    first.window.documents.setCurrentWidget(read)
    tree = first.window.findChild(ExplorerView)
    assert isinstance(tree, ExplorerView)
    tree.restore(("Tools",), ("run", str(read.conversation.last_run)))
    await until(lambda: isinstance(tree, ExplorerView) and tree.chosen is not None)
    shown = names(first)
    await first.close()

    again = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(again))
    assert names(again) == shown
    pane = again.pane
    assert pane.conversation.title == "What is at the gate?"
    assert pane.composer.editor.toPlainText() == "And what is"
    assert again.window.documents.currentWidget() is pane
    # The texts above it are laid out after it is found.
    await until(lambda: pane.chat.shown_place[0] == 4 and abs(pane.chat.shown_place[1] - 700) < 40)
    selected = pane.conversation.trace.selection
    assert selected is not None
    assert selected.kind == "call"
    other = again.window.documents.panes()[1]
    assert other.composer.editor.toPlainText() == "Not sent yet"
    assert any(isinstance(again.window.documents.widget(number), EditorPage) for number in range(5))
    tree = again.window.findChild(ExplorerView)
    assert isinstance(tree, ExplorerView)
    assert tree.folded == {"Tools"}
    assert again.window.features.of(RestoreFeature).memory().chosen == ("run", pane.conversation.last_run)
    assert not again.session.runs.live
    await again.close()
    assert sorted(path for path in folder.rglob("*") if ".workbench" not in path.parts) == before


async def test_a_conversation_that_was_deleted_meanwhile_and_a_damaged_memory_are_left_out(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "project")

    first = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(first))
    first.send("Hello?")
    await first.idle()
    run_id = first.pane.conversation.last_run
    assert run_id is not None
    file = first.session.memory.file
    await first.close()

    again = OpenWindow(folder, tmp_path / "home", qapp)
    again.session.runs.delete(run_id)
    await until(restored(again))
    assert names(again) == ["New conversation"]
    await again.close()

    file.write_text('{"format": 1, "parts": {"window": {"tabs": [{"kind": "spaceship"}]}}}')
    third = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(third))
    assert [type(third.window.documents.widget(0))] == [ChatPane]
    await third.close()


async def test_a_window_that_is_closed_before_it_was_restored_forgets_nothing(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "project")

    first = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(first))
    first.window.features.of(SchemaEditorFeature).open_tool("touch")
    await first.close()
    await OpenWindow(folder, tmp_path / "home", qapp).close()
    again = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(again))
    assert isinstance(again.window.documents.currentWidget(), EditorPage)
    await again.close()


async def test_a_tab_that_was_closed_by_mistake_comes_back(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(bench))
    await until(bench.window.isActiveWindow)
    bench.send("Hello?")
    await bench.idle()
    bench.pane.composer.editor.setPlainText("Wait")
    bench.window.features.of(SchemaEditorFeature).open_tool("touch")
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(bench.window, Qt.Key.Key_W, ctrl)
    QTest.keyClick(bench.window, Qt.Key.Key_W, ctrl)
    assert names(bench) == ["New conversation"]
    bench.window.commands["reopen-tab"].trigger()
    await until(lambda: bench.pane.conversation.last_run is not None and not bench.pane.conversation.is_loading)
    assert bench.pane.composer.editor.toPlainText() == "Wait"
    QTest.keyClick(bench.window, Qt.Key.Key_T, ctrl | Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(bench.window.documents.currentWidget(), EditorPage)
    QTest.keyClick(bench.window, Qt.Key.Key_1, ctrl)
    assert bench.window.documents.currentIndex() == 0
    QTest.keyClick(bench.window, Qt.Key.Key_9, ctrl)
    assert isinstance(bench.window.documents.currentWidget(), EditorPage)
    await bench.close()


async def test_filters_of_tabs_come_back_and_no_trace_is_made_that_nobody_looks_at(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path / "project", *({"text": "Done."} for _ in range(4)))
    made: list[ChatPane] = []
    make = TraceFeature._make
    monkeypatch.setattr(TraceFeature, "_make", lambda self, pane: (made.append(pane), make(self, pane))[1])

    first = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(first))
    for number in range(4):
        if number:
            first.window.new_conversation()
        first.send(f"Question {number}")
        first.pane.conversation.trace.filter_by(f"round:{number}")
    for pane in first.window.documents.panes():
        await until(lambda pane=pane: not pane.conversation.is_running)
    await first.close()
    assert len(made) <= 2  # of the tab at the start and of the one that is open at the end

    made.clear()
    again = OpenWindow(folder, tmp_path / "home", qapp)
    await until(restored(again))
    panes = again.window.documents.panes()
    assert [pane.conversation.trace.filter_text for pane in panes] == [f"round:{number}" for number in range(4)]
    assert not set(panes[:-1]) & set(made)
    again.window.documents.setCurrentWidget(panes[0])
    await until(lambda: panes[0] in made)
    trace = again.window.features.of(TraceFeature).open_view
    assert trace is not None
    assert trace.filter.text() == "round:0"
    await again.close()
