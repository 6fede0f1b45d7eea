"""The page of rules and permissions: what is changed there is in the file at once, and can be undone."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, lay_out, nameless, until
from workbench.core.grant import CallIdentity, GrantRequest
from workbench.core.ids import CallId
from workbench.gui.rules.rules_page import RulesPage


def open_page(tmp_path: Path, qapp: QApplication) -> tuple[OpenWindow, RulesPage]:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    bench.window.commands["rules"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, RulesPage)
    return bench, page


def rules(bench: OpenWindow) -> list[str]:
    return [str(rule) for rule in bench.session.project.policy.rules]


async def test_a_rule_is_built_from_the_schema_moved_up_and_taken_back(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = open_page(tmp_path, qapp)
    panel = page.policy
    QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    panel.action.setCurrentIndex(panel.action.findData("deny"))
    panel.tool.clear()
    QTest.keyClicks(panel.tool, "touch")
    QTest.mouseClick(panel.conditions.add, Qt.MouseButton.LeftButton)
    [row] = panel.conditions.rows
    assert row.name.currentData() == "mark"
    assert bench.window.focusWidget() is row.name
    row.operator.setCurrentIndex(row.operator.findData("like"))
    row.operator.activated.emit(row.operator.currentIndex())
    [row] = panel.conditions.rows
    assert isinstance(row.value, QLineEdit)
    assert not panel.save.isEnabled()
    QTest.keyClicks(row.value, "gate*")
    QTest.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    await until(lambda: panel.table.rowCount() == 2)
    assert rules(bench) == ["allow look", 'deny touch where mark like "gate*"']
    assert "where = ['mark like \"gate*\"']" in (tmp_path / "project" / "workbench.toml").read_text()
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    await until(lambda: rules(bench) == ['deny touch where mark like "gate*"', "allow look"])
    QTest.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    await until(lambda: rules(bench) == ["allow look", 'deny touch where mark like "gate*"'])
    assert nameless(bench.window.documents.currentWidget()) == []


async def test_what_a_rule_does_to_recorded_calls_is_shown_as_it_is_written(qapp: QApplication, tmp_path: Path) -> None:
    call = {"calls": [{"tool": "look", "arguments": {"at": place}} for place in ("gate", "sea", "gate")]}
    bench = OpenWindow(make_project(tmp_path / "project", call, {"text": "Seen."}), tmp_path / "home", qapp)
    bench.send()
    await bench.idle()
    bench.window.commands["rules"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, RulesPage)
    panel, trial = page.policy, page.trial
    await until(lambda: trial.words.text() == "3 recorded calls: this rule changes nothing")
    panel.table.selectRow(0)
    panel.action.setCurrentIndex(panel.action.findData("deny"))
    QTest.mouseClick(panel.conditions.add, Qt.MouseButton.LeftButton)
    [row] = panel.conditions.rows
    assert isinstance(row.value, QLineEdit)
    QTest.keyClicks(row.value, "sea")
    await until(lambda: trial.words.text() == "3 recorded calls: 2 ✓ runs → ? asks, 1 ✓ runs → ✗ denied")
    assert [trial.table.item(0, column).text() for column in range(4)] == ["✓ runs", "? asks", "look", '{"at":"gate"}']


async def test_every_annotation_is_seen_when_the_page_opens(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", {"text": "Quiet."}), tmp_path / "home", qapp)
    bench.window.resize(1100, 900)
    lay_out()
    bench.window.commands["rules"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, RulesPage)
    boxes = page.policy.hints.values()
    await until(lambda: page.trial.words.text())
    await until(lambda: all(box.geometry().bottom() <= box.parentWidget().height() for box in boxes))


async def test_a_rule_is_deleted_with_a_key_and_comes_back_as_it_stood(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = open_page(tmp_path, qapp)
    file = tmp_path / "project" / "workbench.toml"
    before = file.read_text()
    page.policy.table.selectRow(0)
    QTest.keyClick(page.policy.table, Qt.Key.Key_Delete)
    await until(lambda: rules(bench) == [])
    QTest.mouseClick(page.policy.undo, Qt.MouseButton.LeftButton)
    await until(lambda: rules(bench) == ["allow look"])
    assert file.read_text() == before


async def test_a_rule_that_cannot_be_is_said_and_cannot_be_saved(qapp: QApplication, tmp_path: Path) -> None:
    _bench, page = open_page(tmp_path, qapp)
    panel = page.policy
    panel.action.setCurrentIndex(panel.action.findData("allow"))
    hint = panel.hints["readOnlyHint"]
    hint.setCurrentIndex(hint.findData("true"))
    hint.picked.emit("true")
    assert "cannot allow" in panel.message.text()
    assert not panel.save.isEnabled()
    panel.action.setCurrentIndex(panel.action.findData("deny"))
    assert panel.save.isEnabled()
    QTest.mouseClick(panel.conditions.add, Qt.MouseButton.LeftButton)
    assert "a value is missing" in panel.message.text()


async def test_the_box_tells_what_would_happen_while_one_types(qapp: QApplication, tmp_path: Path) -> None:
    _bench, page = open_page(tmp_path, qapp)
    box = page.policy_outcome
    box.tool.setCurrentIndex(box.tool.findData("look"))
    await until(lambda: "would run without asking" in box.verdict.text())
    assert "rule 1 is the first that matches" in box.reasons.text()
    box.tool.setCurrentIndex(box.tool.findData("touch"))
    await until(lambda: "do not fit" in box.verdict.text())
    box.arguments.clear()
    QTest.keyClicks(box.arguments, '{"mark": "x"}')
    await until(lambda: "You would be asked" in box.verdict.text())


async def test_a_permission_is_listed_and_revoked(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = open_page(tmp_path, qapp)
    tool = bench.session.toolset.named("touch")
    assert tool is not None
    request = GrantRequest("project", "any")
    bench.session.grants.add(
        request, CallIdentity(tool, {"mark": "x"}), call_id=CallId("r.1.1.1"), conversation="", by="person"
    )
    await until(lambda: page.grants.table.rowCount() == 1)
    page.grants.table.selectRow(0)
    QTest.mouseClick(page.grants.revoke, Qt.MouseButton.LeftButton)
    await until(lambda: page.grants.table.rowCount() == 0)
    assert bench.session.grants.listed() == ()
