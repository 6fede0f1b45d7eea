"""Suites in the window: make one, write cases, run it with a variant, and read what came out."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.suites.suites_page import SuitesPage
from workbench.gui.trace.trace_table import place_of_trace_row

ANSWERS = ({"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Seen."})


async def opened(bench: OpenWindow) -> SuitesPage:
    bench.window.commands["suites"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, SuitesPage)
    await until(lambda: not bench.tasks.is_running("read suites"))
    return page


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", *ANSWERS)


async def test_a_suite_is_made_filled_run_and_read_in_the_window(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    assert page.stack.isHidden()
    QTest.keyClicks(page.name, "smoke")
    click(page.make)
    await until(lambda: page.choice.currentData() == "smoke")
    cases = page.cases
    cases.request.setPlainText("Look at the gate")
    cases.expected.setCurrentIndex(cases.expected.findData("look"))
    QTest.keyClicks(cases.arguments, '{"at": "gate"}')
    click(cases.save)
    await until(lambda: cases.table.rowCount() == 1)
    assert cases.request.toPlainText() == ""
    line = (project / "suites" / "smoke.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(line)["request"] == "Look at the gate"

    page.show_part("Run")
    click(page.run.estimate)
    await until(lambda: bool(page.suites.quote_words))
    assert "1 case × 1 arm: 1 trial" in page.suites.quote_words
    click(page.run.start)
    await until(lambda: page.suites.report is not None and not page.suites.is_running)
    page.show_part("Results")
    report = page.suites.report
    assert report is not None
    assert report.totals[0].right == 1.0
    assert page.results.arms.rowCount() == 1
    assert page.results.matrix.item(0, 0).text() == "1"
    page.results.right_too.setChecked(True)
    assert page.results.trials.rowCount() == 1
    page.results.matrix.setCurrentCell(0, 0)
    assert page.suites.cell == ("look", "look")
    click(page.results.open)
    await until(lambda: bench.window.documents.currentWidget() is not page)
    await until(lambda: any(row.kind == "call" for row in bench.pane.conversation.trace.rows))
    assert nameless(page) == []


async def test_a_deleted_case_comes_back_and_a_mistake_is_explained(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    (project / "suites").mkdir()
    file = project / "suites" / "two.jsonl"
    file.write_text('{"id": "a", "request": "Hello", "expected": null}\nnot json\n', encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    await until(lambda: page.cases.table.rowCount() == 1)
    assert page.suites.suite is not None
    assert page.suites.suite.problems[0].line == 2
    page.cases.table.setCurrentCell(0, 0)
    assert page.cases.request.toPlainText() == "Hello"
    assert page.cases.expected.currentData() == "no call"
    click(page.cases.delete)
    await until(lambda: page.cases.table.rowCount() == 0)
    click(bench.window.toasts.shown[-1].undo_button)
    await until(lambda: page.cases.table.rowCount() == 1)
    page.cases.start_new()
    page.cases.request.setPlainText("Look")
    page.cases.expected.setCurrentIndex(page.cases.expected.findData("look"))
    page.cases.arguments.setText("{at")
    click(page.cases.save)
    await until(lambda: bool(page.suites.trouble))
    assert "not a JSON object" in page.suites.trouble
    assert page.cases.request.toPlainText() == "Look"


async def test_the_page_closes_with_the_window_while_a_suite_runs(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    suites = bench.window.features.of(SuitesFeature)
    page = suites.open("Run")
    await until(lambda: not bench.tasks.is_running("read suites"))
    await page.suites.new("slow")
    for number in range(3):
        assert await page.suites.save_case(f"Look {number}", "look")
    click(page.run.start)
    await until(lambda: page.suites.is_running)
    await bench.close()
    assert not page.suites.is_running


async def test_a_message_of_a_conversation_becomes_a_case_that_can_be_taken_back(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.send()
    await bench.idle()
    row = next(row for row in bench.pane.conversation.trace.rows if row.kind == "call")
    menu = bench.window.features.open_menu(place_of_trace_row(row), QPoint(5, 5), bench.window)
    next(action for action in menu.actions() if action.text() == "Add to a suite as a case").trigger()
    menu.close()
    file = project / "suites" / "cases.jsonl"
    await until(file.exists)
    case = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert case["expected"] == "look"
    assert case["arguments"] == {"at": "gate"}
    await until(lambda: bool(bench.window.toasts.shown))
    click(bench.window.toasts.shown[-1].undo_button)
    await until(lambda: not file.exists())
