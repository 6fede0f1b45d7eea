"""The main job without a mouse: keys go to whatever has the focus, and the focus moves only by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.schema_editor.editor_page import EditorPage

pytestmark = pytest.mark.child_process

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, CTRL, SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier
TOUCH: JsonObject = {"tool": "touch", "arguments": {"mark": "x"}}
_MOST_TABS = 60


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(), key, modifiers)


def type_text(text: str) -> None:
    QTest.keyClicks(focused(), text)


def tab_to(is_there: Callable[[QWidget], bool], *, back: bool = False) -> None:
    """Press Tab, or Shift+Tab, until it is there; each press has to move the focus."""
    passed = []
    for _ in range(_MOST_TABS):
        if is_there(focused()):
            return
        before = focused()
        passed.append(before.accessibleName() or type(before).__name__)
        press(Key.Key_Backtab if back else Key.Key_Tab, SHIFT if back else NONE)
        assert focused() is not before, f"Tab does not leave {before.accessibleName() or type(before).__name__}"
    raise AssertionError(f"Tab does not reach it, only {passed}")


async def test_a_sample_is_opened_by_keys(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    bench.pane.composer.editor.setFocus()
    press(Key.Key_K, CTRL)
    type_text("open the sample weather")
    press(Key.Key_Return)
    await until(lambda: bench.window.switch.next_folder is not None)


async def test_tab_goes_from_the_ways_to_begin_on_to_the_message(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    view = bench.pane.first_view
    await until(lambda: bench.window.isActiveWindow() and any(b.isVisible() for b in view.findChildren(QPushButton)))
    bench.pane.composer.editor.setFocus()
    press(Key.Key_Backtab, SHIFT)
    assert focused() is view.ways.local_button
    tab_to(lambda widget: widget is view.ways.run_button, back=True)
    tab_to(lambda widget: widget is bench.pane.composer.editor)


async def test_send_trust_approve_read_edit_and_send_again(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(
        tmp_path / "project", {"calls": [TOUCH]}, {"text": "Done."}, {"calls": [TOUCH]}, {"text": "Again."}
    )
    bench = OpenWindow(folder, tmp_path / "home", qapp, is_trusted=False)
    window = bench.window
    await until(window.isActiveWindow)
    bench.pane.composer.editor.setFocus()
    type_text("Leave a mark.")
    press(Key.Key_Return, CTRL)
    tab_to(lambda widget: widget is window.banner.trust_button, back=True)
    press(Key.Key_Space)
    await bench.asked()
    press(Key.Key_F8)
    press(Key.Key_A)
    await bench.idle()
    assert (folder / "marks.txt").read_text() == "x\n"

    [card] = bench.cards
    tab_to(lambda widget: widget is card, back=True)
    press(Key.Key_Return)
    details = card.details
    assert details is not None
    tab_to(lambda widget: widget is details.result.body)
    press(Key.Key_A, CTRL)
    press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "left"

    press(Key.Key_F12)
    editor = window.documents.currentWidget()
    assert isinstance(editor, EditorPage)
    tab_to(lambda widget: widget.accessibleName() == "Description of touch")
    press(Key.Key_End, CTRL)
    type_text(" Ask first.")
    press(Key.Key_S, CTRL)
    await until(lambda: "Ask first." in (folder / "tools" / "touch.json").read_text())

    press(Key.Key_Tab, CTRL | SHIFT)
    press(Key.Key_L, CTRL)
    type_text("Once more.")
    press(Key.Key_Return, CTRL)
    await bench.asked()
    window.activateWindow()  # the offscreen platform has forgotten which window is active
    await until(window.isActiveWindow)
    press(Key.Key_F8)
    press(Key.Key_A)
    await bench.idle()
    assert len(bench.settled) == 1
    assert (folder / "marks.txt").read_text() == "x\nx\n"
