"""Running one tool from the window, by keyboard."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QPushButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.mocks.mocks_page import MocksPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.tool_runs.tool_run_page import ToolRunPage
from workbench.gui.tool_runs.tool_runs_feature import ToolRunsFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(tmp_path: Path, app: QApplication, tool: str) -> tuple[OpenWindow, ToolRunPage]:
    bench = OpenWindow(
        make_project(tmp_path / "project", {"text": "Not asked."}, {"text": "Fine."}), tmp_path / "home", app
    )
    page = bench.window.features.of(ToolRunsFeature).open(tool)
    return bench, page


def button(page: ToolRunPage, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == text)


async def test_a_call_is_typed_run_with_ctrl_enter_and_its_result_is_copied(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = opened(tmp_path, qapp, "look")
    (box,) = page.arguments.boxes
    assert isinstance(box.input, QPlainTextEdit)
    await until(box.input.hasFocus)
    QTest.keyClicks(box.input, "gate")
    QTest.keyClick(box.input, Qt.Key.Key_Return, CONTROL)
    await until(lambda: page.card is not None and page.card.is_expanded and not page.run.is_running)
    assert [pane.conversation.is_fresh for pane in bench.window.documents.panes()] == [True]  # no message was sent
    QTest.mouseClick(button(page, "Copy result"), Qt.MouseButton.LeftButton)
    assert json.loads(QGuiApplication.clipboard().text()) == {"seen": "gate"}
    await until(lambda: page.past.isVisible())
    assert page.past.itemText(1).endswith('{"at":"gate"}')


async def test_what_is_missing_is_marked_and_the_question_is_answered_on_the_page(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench, page = opened(tmp_path, qapp, "touch")
    (box,) = page.arguments.boxes
    await until(lambda: page.run.form.problem_of(box.field) == "required")
    assert isinstance(box.input, QPlainTextEdit)
    box.input.setPlainText("here")
    assert page.run.form.problem_of(box.field) == ""
    page.go.click()
    await until(lambda: page.card is not None and page.card.approval is not None)
    assert page.card is not None
    assert page.stop.isVisible()
    bench.window.commands["next-approval"].trigger()
    await until(page.card.hasFocus)
    assert not bench.window.approvals_dock.isVisible()
    QTest.keyClick(page.card, Qt.Key.Key_A)
    await until(lambda: page.run.is_settled and not page.run.is_running)
    assert (bench.session.project.folder / "marks.txt").read_text() == "here\n"


async def test_arguments_get_half_of_a_narrow_page(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = opened(tmp_path, qapp, "touch")
    bench.window.resize(1024, 700)
    await until(lambda: page.split.orientation() == Qt.Orientation.Vertical)
    await until(lambda: abs(page.split.sizes()[0] - page.split.sizes()[1]) < 30)


async def test_f9_runs_the_tool_of_the_editor_and_then_runs_it_again(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = opened(tmp_path, qapp, "touch")
    assert bench.window.features.of(SchemaEditorFeature).open_tool("look") is not None
    bench.window.commands["run-tool"].trigger()
    assert bench.window.documents.currentWidget() is page
    assert page.run.tool == "look"
    bench.window.commands["run-tool"].trigger()
    await until(lambda: page.run.is_settled and not page.run.is_running)


async def test_a_result_becomes_a_mock_or_a_conversation(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = opened(tmp_path, qapp, "look")
    page.go.click()
    await until(lambda: page.run.is_settled and not page.run.is_running)
    await bench.window.history.finished()
    await until(page.results.isVisible)
    button(page, "Send to chat").click()
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ChatPane))
    await until(lambda: bench.pane.conversation.last_run == page.run.run_id and bench.cards)
    bench.send("And?")
    await bench.idle()
    assert bench.finished.text == "Fine."
    button(page, "Use as mock").click()
    mocks = bench.window.documents.currentWidget()
    assert isinstance(mocks, MocksPage)
    await until(lambda: mocks.form.is_mock)


async def test_the_explorer_runs_its_tool_and_arguments_are_json_too(tmp_path: Path, qapp: QApplication) -> None:
    bench, page = opened(tmp_path, qapp, "touch")
    menu = QMenu()
    bench.window.features.fill_item_menu(menu, ExplorerItem("tool", "look", "look"))
    next(act for act in menu.actions() if act.text().startswith("Run…")).trigger()
    assert page.run.tool == "look"
    page.arguments.views.setCurrentIndex(1)
    page.arguments.json.setPlainText('{"at": ')
    assert not page.run.form.arguments_json
    await until(lambda: not page.go.isEnabled())
    page.arguments.views.setCurrentIndex(0)
    assert page.arguments.views.currentIndex() == 1  # broken JSON stays JSON
    page.arguments.json.setPlainText('{"at": "hill", "more": 1}')
    page.arguments.views.setCurrentIndex(0)
    assert page.run.form.left_over == {"more": 1}
