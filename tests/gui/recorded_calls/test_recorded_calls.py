"""After an edit the recorded calls are judged by it: a line in the editor, a list, and the run at the call."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.runs.run_options import RunOptions
from workbench.app.variants.variants import VariantStore
from workbench.core.approval import ALLOW_ALL
from workbench.core.variant import ToolEdit, Variant
from workbench.gui.recorded_calls.recorded_calls_feature import RecordedCallsFeature
from workbench.gui.recorded_calls.recorded_calls_page import RecordedCallsPage
from workbench.gui.recorded_calls.recorded_calls_strip import RecordedCallsStrip
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.variants.variants_feature import VariantsFeature
from workbench.gui.variants.variants_page import VariantsPage

MARK = "/inputSchema/properties/mark"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    calls = [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "touch", "arguments": {"mark": "three"}}]
    return make_project(tmp_path / "project", {"calls": calls}, {"text": "Marked."})  # type: ignore[dict-item]


@pytest.fixture
def opened(folder: Path, tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def with_a_run(opened: Callable[[], OpenWindow]) -> OpenWindow:
    bench = opened()
    await bench.session.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL)).finished()
    await until(bench.window.isActiveWindow)
    return bench


def strip_of(page: EditorPage | VariantsPage) -> RecordedCallsStrip:
    return page.findChildren(RecordedCallsStrip)[0]


async def narrowed(bench: OpenWindow) -> EditorPage:
    """The editor of `touch`, in which `mark` may have three letters at most."""
    page = bench.window.features.of(SchemaEditorFeature).open_tool("touch")
    assert page is not None
    page.editor.form.select(MARK)
    length = page.form.details.boxes["maxLength"].control
    assert isinstance(length, QLineEdit)
    length.setFocus()
    QTest.keyClicks(length, "3")
    await until(lambda: "now invalid" in strip_of(page).words.text())
    return page


async def test_the_editor_says_what_an_edit_means_for_recorded_calls(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("touch")
    assert page is not None
    strip = strip_of(page)
    await until(strip.isVisible)
    assert strip.words.text() == "2 recorded calls: 2 still valid"
    await narrowed(bench)
    assert strip.words.text() == "2 recorded calls: 1 now invalid, 1 still valid"
    assert nameless(strip) == []
    page.editor.undo()
    await until(lambda: strip.words.text() == "2 recorded calls: 2 still valid")


async def test_a_tool_nobody_called_has_no_such_line(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert page is not None
    report = strip_of(page).report
    await until(lambda: report.report is not None)
    assert not strip_of(page).isVisible()


async def test_the_list_tells_why_and_enter_opens_the_run_at_the_call(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    page = await narrowed(bench)
    QTest.mouseClick(strip_of(page).show_calls, Qt.MouseButton.LeftButton)
    listed = bench.window.documents.currentWidget()
    assert isinstance(listed, RecordedCallsPage)
    assert listed.table.rowCount() == 2
    cells = [item.text() for column in range(5) if (item := listed.table.item(0, column)) is not None]
    assert cells[:3] == ["✗ now invalid", "touch", '{"mark":"three"}']
    assert "/mark" in cells[3]
    assert nameless(listed) == []
    listed.table.setFocus()
    QTest.keyClick(listed.table, Qt.Key.Key_Return)
    await until(lambda: bench.window.pane is not None and not bench.pane.conversation.is_loading)
    trace = bench.window.features.of(TraceFeature).open_view
    assert trace is not None
    await until(lambda: trace.trace.selection is not None)
    assert trace.trace.selection is not None
    assert trace.trace.selection.call_id == listed.report.rows[0].call_id  # type: ignore[union-attr]


async def test_a_variant_is_judged_as_well_and_the_list_can_be_narrowed(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    schema = {"type": "object", "properties": {"mark": {"enum": ["one"]}}}
    VariantStore(folder).save(Variant(name="narrow", tools={"touch": ToolEdit(name="note", input_schema=schema)}))  # type: ignore[arg-type]

    bench = await with_a_run(opened)
    page = bench.window.features.of(VariantsFeature).open_page("narrow")
    strip = strip_of(page)
    await until(lambda: strip.words.text() == "2 recorded calls: 1 now invalid, 1 still valid")
    QTest.mouseClick(strip.show_calls, Qt.MouseButton.LeftButton)
    listed = bench.window.documents.currentWidget()
    assert isinstance(listed, RecordedCallsPage)
    listed.only.setCurrentIndex(2)
    assert listed.table.rowCount() == 1
    assert listed.table.item(0, 0).text() == "✓ still valid"  # type: ignore[union-attr]


async def test_judging_can_be_stopped_and_taken_up_again(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    feature = bench.window.features.of(RecordedCallsFeature)
    may_go = asyncio.Event()
    real = feature.background.judge

    async def slowly(*arguments: Any, **named: Any) -> Any:
        await may_go.wait()
        return await real(*arguments, **named)

    feature.background.judge = slowly  # type: ignore[method-assign]
    feature.check_project()
    listed = bench.window.documents.currentWidget()
    assert isinstance(listed, RecordedCallsPage)
    await until(listed.stop.isVisible)
    QTest.mouseClick(listed.stop, Qt.MouseButton.LeftButton)
    assert not listed.stop.isVisible()
    may_go.set()
    QTest.mouseClick(listed.again, Qt.MouseButton.LeftButton)
    await until(lambda: listed.table.rowCount() == 2)


async def test_what_can_be_done_with_a_call_is_offered_in_the_list(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    feature = bench.window.features.of(RecordedCallsFeature)
    feature.check_project()
    listed = bench.window.documents.currentWidget()
    assert isinstance(listed, RecordedCallsPage)
    await until(lambda: listed.table.rowCount() == 2)
    listed.table.customContextMenuRequested.emit(listed.table.visualItemRect(listed.table.item(0, 0)).center())
    menus = [menu for menu in bench.window.findChildren(QMenu) if menu.isVisible()]
    assert any("Fork before this call" in action.text() for menu in menus for action in menu.actions())
    for menu in menus:
        menu.close()


async def test_calls_made_meanwhile_are_judged_when_one_comes_back(opened: Callable[[], OpenWindow]) -> None:
    bench = await with_a_run(opened)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("touch")
    assert page is not None
    strip = strip_of(page)
    await until(lambda: strip.words.text() == "2 recorded calls: 2 still valid")
    bench.window.new_conversation()
    await bench.session.runs.start("Again.", RunOptions(policy=ALLOW_ALL)).finished()
    bench.window.documents.setCurrentWidget(page)
    await until(lambda: strip.words.text() == "4 recorded calls: 4 still valid")
