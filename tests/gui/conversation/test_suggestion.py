"""A project's sample message is a suggestion: sent or edited on demand, offered once, never in the way of typing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from tests.support.projects import make_project
from tests.support.window import OpenWindow, lay_out


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    folder = make_project(tmp_path / "project", {"text": "Quiet."})
    toml = folder / "workbench.toml"
    toml.write_text('prompt = "Look at the gate."\n' + toml.read_text(encoding="utf-8"), encoding="utf-8")
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def test_it_can_be_sent_as_it_is(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    editor = bench.pane.composer.editor
    assert editor.toPlainText() == ""
    assert "Look at the gate." in editor.placeholderText()
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await bench.idle()
    assert bench.pane.conversation.title == "Look at the gate."
    assert "Look at the gate." not in editor.placeholderText()


async def test_tab_writes_it_to_be_edited(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    editor = bench.pane.composer.editor
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "Look at the gate."
    QTest.keyClicks(editor, " Now")
    assert editor.toPlainText() == "Look at the gate. Now"


async def test_it_is_offered_once(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    bench.send("Something else.")
    await bench.idle()
    bench.window.new_conversation()
    assert bench.pane.conversation.composer.suggestion == ""
    assert bench.pane.conversation.composer.obstacle == "Enter a message first."


async def test_tab_goes_through_what_is_below_the_message_from_left_to_right(opened: Callable[[], OpenWindow]) -> None:
    composer = opened().pane.composer
    row: list[QWidget] = [*composer.findChildren(QPushButton), *composer.findChildren(QToolButton)]
    for each in row:  # variants and selectors stand there only where a project has some
        each.show()
    lay_out()
    corner = {each: each.mapTo(composer, QPoint()) for each in row}
    row.sort(
        key=lambda each: (each is composer.send, corner[each].y(), corner[each].x())
    )  # lines of choices, then Send
    assert len(row) == 5
    chain: list[QWidget] = []
    widget: QWidget | None = composer.editor
    while widget is not None and len(chain) < len(row):
        widget = widget.nextInFocusChain()
        if widget in row:
            chain.append(widget)
    assert [each.accessibleName() for each in chain] == [each.accessibleName() for each in row]
