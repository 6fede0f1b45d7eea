"""The mock editor: a finished call becomes a rule, and rules are built from the schema or written as JSON."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.mocks.mocks_page import MocksPage

LOOK = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}


def page_of(bench: OpenWindow) -> MocksPage:
    page = bench.window.documents.currentWidget()
    assert isinstance(page, MocksPage)
    return page


async def test_a_finished_call_becomes_a_rule_that_answers_the_next_one(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", LOOK, {"text": "Seen."}), tmp_path / "home", qapp)
    bench.send()
    await bench.idle()
    card = bench.cards[0]
    dots = next(one for one in card.findChildren(QToolButton) if "Actions for" in one.accessibleName())
    QTest.mouseClick(dots, Qt.MouseButton.LeftButton)
    menu = bench.window.findChildren(QMenu)[-1]
    next(act for act in menu.actions() if "Always answer like this" in act.text()).trigger()
    page = page_of(bench)
    await until(lambda: len(page.form.rows) == 2 and page.form.tool == "look")
    assert bench.session.project.executor_names["look"] == "mock"
    assert page.form.rows[0][1] == 'exactly {"at":"gate"}'
    await until(lambda: not bench.tasks.is_running("mocks"))
    QTest.mouseClick(page.undo, Qt.MouseButton.LeftButton)
    await until(lambda: bench.session.project.executor_names["look"] == "python marks:look")


async def test_rules_are_typed_judged_written_and_removed(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    bench.window.commands["mocks"].trigger()
    page = page_of(bench)
    page.tool.setCurrentIndex(page.tool.findData("touch"))
    form = page.rule
    QTest.mouseClick(form.conditions.add, Qt.MouseButton.LeftButton)
    [row] = form.conditions.rows
    assert isinstance(row.value, QLineEdit)
    assert "a value is missing" in page.message.text()
    assert not page.save.isEnabled()
    QTest.keyClicks(row.value, "sea")
    form.kind.setCurrentIndex(form.kind.findData("fail"))
    form.kind.picked.emit("fail")
    form.failure.setCurrentIndex(form.failure.findData("empty"))
    form.failure.picked.emit("empty")
    page.views.setCurrentIndex(1)
    assert '"fail": "empty"' in page.editor.toPlainText()
    page.editor.selectAll()
    QTest.keyClicks(page.editor, '{"reply": {"static": 1, "fail": "empty"}}')
    assert "one of" in page.message.text()
    page.views.setCurrentIndex(0)
    assert page.form.is_json
    page.editor.selectAll()
    QTest.keyClicks(page.editor, '{"when": {"where": ["mark = \\"sea\\""], "call": 1}, "reply": {"fail": "empty"}}')
    page.views.setCurrentIndex(0)
    assert (form.call.text(), form.kind.currentData(), len(form.conditions.rows)) == ("1", "fail", 1)
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    await until(lambda: page.table.rowCount() == 2)
    assert bench.session.project.executor_names["touch"] == "mock"
    assert nameless(page) == []
    await until(lambda: not bench.tasks.is_running("mocks"))
    QTest.mouseClick(page.count, Qt.MouseButton.LeftButton)
    await until(lambda: page.form.rows[0][3] == "0")
    await until(lambda: not bench.tasks.is_running("mocks"))
    page.ending.choice.setCurrentIndex(page.ending.choice.findData("hand"))
    await until(lambda: bench.session.project.executor_names["touch"].startswith("by hand"))
    assert page.form.rows[-1][1:3] == ("every call", "you are asked for the result")
    await until(lambda: not bench.tasks.is_running("mocks"))
    page.ending.choice.setCurrentIndex(page.ending.choice.findData("model"))
    await until(lambda: page.ending.model.isVisible())
    assert "invented by" in page.form.rows[-1][2]
    assert nameless(page) == []
    await until(lambda: not bench.tasks.is_running("mocks"))
    QTest.mouseClick(page.let_run, Qt.MouseButton.LeftButton)
    await until(lambda: bench.session.project.executor_names["touch"] == "python marks:touch")
