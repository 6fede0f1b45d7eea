"""JSON in the window: folded by keys, found in, copied from, and quick however large it is."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.gui.kit.find_bar import FindBar
from workbench.gui.kit.json_item_model import JsonItemModel
from workbench.gui.kit.json_view import JsonView
from workbench.gui.look.look import Look

CTRL = Qt.KeyboardModifier.ControlModifier
ORDER = '{"order": {"to": "Ana", "lines": ["one\\ntwo", 2.50]}, "note": "' + "long words " * 20 + '"}'


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> JsonView:
    made = JsonView(look, "Result")
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show_text(ORDER)
    made.show()
    return made


def test_keys_fold_and_copy(view: JsonView) -> None:
    rows = view.rows
    top = rows.model().index(0, 0)
    assert rows.isExpanded(top)
    full = rows.height()
    rows.setCurrentIndex(top)
    QTest.keyClick(rows, Qt.Key.Key_C, CTRL)
    assert json.loads(QGuiApplication.clipboard().text()) == json.loads(ORDER)["order"]
    QTest.keyClick(rows, Qt.Key.Key_Left)
    assert not rows.isExpanded(top)
    assert rows.height() < full
    view.show_text(ORDER.replace("Ana", "Bea"))
    assert not rows.isExpanded(rows.model().index(0, 0))
    QTest.keyClick(rows, Qt.Key.Key_Asterisk)
    assert rows.isExpanded(rows.model().index(0, 0))


def test_long_rows_wrap_until_somebody_turns_it_off(view: JsonView) -> None:
    note = view.rows.model().index(1, 0)
    line = view.rows.delegate.line_height
    assert view.rows.sizeHintForIndex(note).height() > 2 * line
    view.wrap(is_on=False)
    assert view.rows.sizeHintForIndex(note).height() == line


def test_json_can_be_shown_as_text_and_no_json_is_text(view: JsonView) -> None:
    view.show_as_text(is_on=True)
    assert view.text.isVisible()
    assert not view.rows.isVisible()
    assert '"to": "Ana"' in view.text.toPlainText()
    view.show_as_text(is_on=False)
    view.show_text("No JSON at all.")
    assert view.text.isVisible()
    assert view.text.toPlainText() == "No JSON at all."


def test_the_menu_offers_what_the_keys_do(view: JsonView) -> None:
    view.rows.setCurrentIndex(view.rows.model().index(0, 0))
    menu = view.open_menu(QPoint())
    acts = {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}
    assert [*acts] == ["Copy value", "Copy path", "Copy all", "Unfold all", "Fold all", "Wrap lines", "Show as text"]
    acts["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == "$.order"
    acts["Copy all"].trigger()
    assert QGuiApplication.clipboard().text() == ORDER
    acts["Fold all"].trigger()
    assert not view.rows.isExpanded(view.rows.model().index(0, 0))
    menu.close()


def test_finding_unfolds_what_holds_the_place(qtbot: QtBot, look: Look, view: JsonView) -> None:
    bar = FindBar(view, look)
    qtbot.addWidget(bar)
    view.tree.fold_all(is_open=False)
    bar.open()
    QTest.keyClicks(bar.line, "TWO")
    assert bar.count.text() == "1 of 1"
    node = JsonItemModel.node(view.rows.currentIndex())
    assert node is not None
    assert node.path == ("order", "lines", 0)
    assert view.rows.visualRect(view.rows.currentIndex()).height() > 0


def test_only_rows_that_are_looked_at_are_made(qtbot: QtBot, look: Look) -> None:
    """Fifty megabytes are measured by `packaging/benchmark`; this counts what is read."""
    view = JsonView(look, "Result", max_lines=0)
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_text(json.dumps({"items": [{"id": number, "name": f"name {number}"} for number in range(50_000)]}))
    [items] = view.tree.tops
    assert items._raws is None
    view.rows.expand(view.rows.model().index(0, 0))
    assert len(items.children) == 5
    assert all(part._children is None for part in items.children)
