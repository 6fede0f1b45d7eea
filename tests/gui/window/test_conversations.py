"""Conversations in the window: edited, renamed, deleted and restored, copied, stepped through."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.viewmodels.conversation.chat_entry import TextEntry, UserEntry
from workbench.viewmodels.explorer.explorer_item import ExplorerItem

LOOK = {"tool": "look", "arguments": {"at": "gate"}}


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., OpenWindow]:
    def opening(*answers: Any) -> OpenWindow:
        return OpenWindow(make_project(tmp_path / "project", *answers), tmp_path / "home", qapp)

    return opening


def said(bench: OpenWindow) -> list[str]:
    return [e.text for e in bench.pane.conversation.chat.entries if isinstance(e, UserEntry | TextEntry)]


def bubbles(bench: OpenWindow) -> list[UserBubble]:
    return [bubble for bubble in bench.pane.chat.findChildren(UserBubble) if not bubble.isHidden()]


def conversations(bench: OpenWindow) -> list[ExplorerItem]:
    section = next(section for section in bench.window.explorer.sections if section.title == "Conversations")
    return [item for item in section.items if item.kind == "conversation"]


async def talked(bench: OpenWindow) -> None:
    for text in ("One", "Two"):
        bench.send(text)
        await bench.idle()
    await until(lambda: [item.label for item in conversations(bench)] == ["One"])


async def test_a_message_that_is_sent_again_keeps_both_versions_and_one_can_switch(
    opened: Callable[..., OpenWindow],
) -> None:
    bench = opened({"text": "Yes."}, {"text": "Yes."})
    await talked(bench)
    second = bubbles(bench)[1]
    QTest.mouseClick(second.edit, Qt.MouseButton.LeftButton)
    assert second.box is not None
    second.box.editor.setPlainText("Two, but better")
    QTest.keyClick(second.box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.pane.conversation.is_running
    await bench.idle()
    assert said(bench) == ["One", "Yes.", "Two, but better", "Yes."]
    await until(lambda: bubbles(bench)[1].entry.version_words == "2 of 2")
    bench.pane.chat.version_asked.emit(bubbles(bench)[1].entry, -1)
    await until(lambda: said(bench) == ["One", "Yes.", "Two", "Yes."])
    assert bubbles(bench)[1].entry.version_words == "1 of 2"
    assert [(item.label, item.tip.partition(",")[0]) for item in conversations(bench)] == [("One", "3 messages")]


async def test_escape_leaves_a_message_as_it_was(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Yes."})
    bench.send("One")
    await bench.idle()
    editor = bench.pane.composer.editor
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Up)
    [bubble] = bubbles(bench)
    assert bubble.box is not None
    QTest.keyClick(bubble.box.editor, Qt.Key.Key_Escape)
    assert bubble.box is None
    assert not bubble.text.isHidden()
    assert said(bench) == ["One", "Yes."]


async def test_a_conversation_is_renamed_in_its_place(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Yes."}, {"text": "Yes."})
    await talked(bench)
    tree = bench.window.features.of(ExplorerFeature).pane.tree
    tree.choose("conversation", conversations(bench)[0].target)
    tree.rename_chosen()
    editor = tree.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Harbor")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: [item.label for item in conversations(bench)] == ["Harbor"])
    await until(lambda: bench.window.documents.tabText(0) == "Harbor")


async def test_a_deleted_conversation_can_be_brought_back(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Yes."}, {"text": "Yes."})
    await talked(bench)
    tree = bench.window.features.of(ExplorerFeature).pane.tree
    tree.choose("conversation", conversations(bench)[0].target)
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    await until(lambda: bench.window.toasts.shown and not conversations(bench))
    assert bench.pane.conversation.is_fresh, "its tab is closed"
    [toast] = bench.window.toasts.shown
    assert toast.undo_button is not None
    QTest.mouseClick(toast.undo_button, Qt.MouseButton.LeftButton)
    await until(lambda: [item.label for item in conversations(bench)] == ["One"])
    assert bench.window.toasts.shown == ()
    bench.window.open_item(conversations(bench)[0])
    await until(lambda: said(bench) == ["One", "Yes.", "Two", "Yes."])


async def test_the_explorer_finds_by_words(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Yes."}, {"text": "Yes."})
    await talked(bench)
    bench.window.features.of(ExplorerFeature).pane.filter.setText("leave mark")
    kinds = [item.kind for section in bench.window.explorer.sections for item in section.items]
    assert kinds == ["tool", "hint", "hint"]


async def test_a_conversation_is_copied_as_markdown_and_a_request_says_why_it_is_not(
    opened: Callable[..., OpenWindow],
) -> None:
    bench = opened({"text": "Yes."})
    bench.send("One")
    await bench.idle()
    bench.window.commands["copy-markdown"].trigger()
    assert "## You\n\nOne" in QGuiApplication.clipboard().text()
    bench.window.commands["copy-curl"].trigger()
    assert "did not leave the machine" in bench.window.toasts.shown[-1].text.text()


async def test_step_mode_stops_before_requests_and_calls(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"calls": [LOOK]}, {"text": "Seen."})
    QTest.mouseClick(bench.pane.composer.step, Qt.MouseButton.LeftButton)
    bench.send("Look.")
    bar = bench.pane.held_bar
    await until(bar.isVisible)
    assert nameless(bench.window) == []
    bar._show.click()
    assert json.loads(bar.body.whole_text)["messages"][-1]["text"] == "Look."
    bench.window.commands["step-on"].trigger()
    card = await bench.asked()
    assert not bar.isVisible()
    bench.window.commands["step-on"].trigger()
    assert bench.window.focusWidget() is card
    QTest.keyClick(card, Qt.Key.Key_A)
    await until(bar.isVisible)
    bar.free_asked.emit()
    await bench.idle()
    assert bench.finished.outcome == "answered"
    assert not bench.pane.composer.step.isChecked()


async def test_a_long_conversation_has_few_widgets_and_all_of_it_can_be_reached(
    opened: Callable[..., OpenWindow],
) -> None:
    bench = opened({"text": "Yes."})
    chat = bench.pane.conversation.chat
    chat.fill(is_filling=True)
    for number in range(250):
        chat.tell("plain", f"note {number}", "words " * 30)
    chat.fill(is_filling=False)
    view = bench.pane.chat
    bar = view.verticalScrollBar()
    assert len(view._widgets) < 60
    await until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    while view._first > 0:
        bar.triggerAction(bar.SliderAction.SliderToMinimum)
        await asyncio.sleep(0)
    assert len(view._widgets) <= 150
    assert chat.entries[0].key in view._widgets
    chat.tell("ok", "The newest")
    assert chat.entries[-1].key not in view._widgets, "the reader is elsewhere"
    view.scroll_to_end()
    assert chat.entries[-1].key in view._widgets


async def test_what_one_reads_stays_in_place_when_earlier_messages_come_in(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Yes."})
    chat = bench.pane.conversation.chat
    for number in range(100):
        chat.tell("plain", f"note {number}", "words " * (number % 7) * 20)
    view = bench.pane.chat
    bar = view.verticalScrollBar()
    view._on_filled()
    await until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(bar.maximum() // 2)
    place, above = view.shown_place
    first = view._first
    view.show_earlier()
    assert view._first < first
    await until(lambda: view.shown_place[0] == place and abs(view.shown_place[1] - above) <= 2)
