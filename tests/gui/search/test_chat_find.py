"""Finding a text in a conversation with the keyboard."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.json_text import JsonObject
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.entries import AnswerText, NoticeBox
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.kit.json_view import JsonView
from workbench.gui.search.chat_find_bar import ChatFindBar
from workbench.gui.search.search_feature import SearchFeature
from workbench.viewmodels.shared.json_row import found_text


def bar_of(bench: OpenWindow) -> ChatFindBar:
    return bench.window.features.of(SearchFeature).bar_of(bench.pane)


def marked(view: Any) -> list[str]:
    return [selection.cursor.selectedText() for selection in view.extraSelections()]


def marked_rows(view: JsonView) -> list[str]:
    find = view.rows.finder
    assert find.spans is not None
    rows = [found_text(view.rows.tree.way_to(place.path)[-1]) for place in find.places if place.nth == 0]
    return [row[first:last] for row in rows for first, last in find.spans(row)]


async def test_ctrl_f_finds_in_messages_answers_arguments_and_results(tmp_path: Path, qapp: QApplication) -> None:
    look: JsonObject = {"tool": "look", "arguments": {"at": "raven gate 🐦 raven"}}
    folder = make_project(tmp_path / "project", {"calls": [look]}, {"text": "All **raven** quiet, says `the raven`."})

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("Where is the Raven?")
    await bench.idle()
    QTest.keyClick(bench.pane.composer.editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = bar_of(bench)
    assert bar.isVisible()
    assert nameless(bar) == []
    QTest.keyClicks(bar.line, "raven")
    await until(lambda: bar.count.text() == "1 of 7")
    [bubble] = bench.pane.chat.findChildren(UserBubble)
    [answer] = bench.pane.chat.findChildren(AnswerText)
    [card] = bench.pane.chat.findChildren(CallCard)
    assert marked(bubble.text) == ["Raven"]
    await until(lambda: marked(answer.view) == ["raven", "raven"])
    assert not card.is_expanded
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 7"
    assert card.details is not None
    assert marked_rows(card.details.arguments) == ["raven", "raven"]
    QTest.keyClick(bar.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(bar.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "7 of 7"
    QTest.keyClick(bench.window, Qt.Key.Key_F3)
    assert bar.count.text() == "1 of 7"
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert marked(bubble.text) == marked(answer.view) == []
    assert bench.pane.composer.editor.hasFocus()


async def test_a_place_in_a_very_long_conversation_is_shown_with_widgets_made_for_it_alone(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    chat = bench.pane.conversation.chat
    chat.fill(is_filling=True)
    for number in range(4000):
        chat.tell("plain", f"Line {number}", "The needle is here." if number == 1234 else "Nothing but hay.")
    chat.fill(is_filling=False)
    bar = bar_of(bench)
    bench.window.commands["find"].trigger()
    QTest.keyClicks(bar.line, "needle")
    await until(lambda: bar.count.text() == "1 of 1")
    view = bench.pane.chat
    assert len(view.entry_widgets) < 200
    box = next(widget for widget in view.entry_widgets if widget.entry.key == chat.entries[1234].key)
    await until(lambda: not view.visibleRegion().isEmpty() and not box.visibleRegion().isEmpty())
    assert isinstance(box, NoticeBox)
    assert box.labels[1].selectedText() == "needle"
    bar.line.setText("")
    bar.line.textEdited.emit("")
    await until(lambda: bar.count.text() == "")


async def test_what_is_said_while_one_looks_is_counted_as_well(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project", {"text": "A heron."}, {"text": "A heron, a heron."})

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("Birds?")
    await bench.idle()
    bar = bar_of(bench)
    bench.window.commands["find"].trigger()
    QTest.keyClicks(bar.line, "heron")
    await until(lambda: bar.count.text() == "1 of 1")
    await until(lambda: not bar._laid_out.isActive())
    bench.send("More birds?")
    await bench.idle()
    await until(lambda: bar.count.text() == "1 of 3")
    await until(lambda: bench.pane.chat.is_at_end)  # the reader is not pulled back


async def test_a_place_from_search_everywhere_is_marked_in_the_chat(tmp_path: Path, qapp: QApplication) -> None:
    look: JsonObject = {"tool": "look", "arguments": {"at": "raven gate"}}
    folder = make_project(tmp_path / "project", {"calls": [look]}, {"text": "Gate closed, raven gone."})

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send("What is there?")
    await bench.idle()
    finding = bench.window.features.of(SearchFeature)
    result = finding.parts.search.find("raven gate")
    hit = next(hit for hit in result.hits if hit.kind == "call")
    finding.open_hit(hit, "raven gate")
    [card] = bench.pane.chat.findChildren(CallCard)
    await until(lambda: card.details is not None and marked_rows(card.details.arguments) == ["raven", "gate"])
    assert bar_of(bench).count.text().startswith("1 of")
    selected = bench.pane.conversation.trace.selection
    assert selected is not None
    assert selected.kind == "call"
