"""The whole path in the real window: write, run, decide, read the answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.support.projects import make_project
from tests.support.qt_loop import closing_windows
from tests.support.window import OpenWindow, nameless, until
from workbench.app.session import Session
from workbench.gui.frame.actions import Command
from workbench.gui.frame.document_page import DocumentPage
from workbench.gui.frame.documents import PageKey
from workbench.viewmodels.conversation.chat_entry import NoticeEntry, TextEntry

TOUCH = {"tool": "touch", "arguments": {"mark": "north"}}
LOOK = {"tool": "look", "arguments": {"at": "gate"}}
TWO_ROUNDS = ({"calls": [TOUCH]}, {"text": "It is **done**."})


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., OpenWindow]:
    def opening(*answers: Any, is_trusted: bool = True) -> OpenWindow:
        folder = make_project(tmp_path / "project", *answers)
        return OpenWindow(folder, tmp_path / "home", qapp, is_trusted=is_trusted)

    return opening


def marks(tmp_path: Path) -> str:
    file = tmp_path / "project" / "marks.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


async def test_a_message_is_answered_with_calls_and_words_in_view(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Looking.", "calls": [LOOK]}, {"text": "All **quiet**."})
    bench.send("What is at the gate?")
    await bench.idle()
    entries = bench.pane.conversation.chat.entries
    assert [e.text for e in entries if isinstance(e, TextEntry)] == ["Looking.", "All **quiet**."]
    assert [card.entry.result_text for card in bench.cards] == ['{"seen":"gate"}']
    assert "done" in bench.cards[0].entry.caption
    assert [row.kind for row in bench.pane.conversation.trace.rows][:4] == ["run", "turn", "round", "request"]
    await until(lambda: len(bench.window.explorer.sections[-1].items) == 1)


async def test_the_key_a_on_a_focused_card_approves_the_call(opened: Callable[..., OpenWindow], tmp_path: Path) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    assert marks(tmp_path) == ""
    bench.window.go_to_approval()
    assert bench.window.focusWidget() is card
    QTest.keyClick(card, Qt.Key.Key_A)
    await bench.idle()
    assert [event.outcome for event in bench.settled] == ["ok"]
    assert marks(tmp_path) == "north\n"


async def test_keys_do_nothing_while_the_focus_is_in_the_message(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    editor = bench.pane.composer.editor
    editor.setFocus()
    QTest.keyClicks(editor, "a remark")
    assert editor.toPlainText() == "a remark"
    assert card.approval is not None
    assert bench.window.approvals.cards


async def test_a_new_approval_leaves_the_focus_where_it_is(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.pane.composer.editor.setFocus()
    before = bench.window.focusWidget()
    bench.send()
    await bench.asked()
    assert bench.window.focusWidget() is before


async def test_a_second_press_of_a_does_not_approve_the_next_card(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [TOUCH, {"tool": "touch", "arguments": {"mark": "south"}}]}, {"text": "Done."})
    bench.send()
    await until(lambda: len(bench.window.approvals.cards) == 2 and all(card.approval for card in bench.cards))
    bench.window.go_to_approval()
    await until(lambda: any(card.hasFocus() for card in bench.cards))
    first = bench.window.focusWidget()
    QTest.keyClick(first, Qt.Key.Key_A)
    await until(lambda: len(bench.window.approvals.cards) == 1)
    focused = bench.window.focusWidget()
    assert focused is first
    QTest.keyClick(focused, Qt.Key.Key_A)
    await until(lambda: marks(tmp_path) != "")
    assert len(bench.window.approvals.cards) == 1


async def test_edited_arguments_are_checked_while_one_types_and_then_run(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    body = card.approval
    assert body is not None
    QTest.keyClick(card, Qt.Key.Key_E)
    assert body.box is not None
    editor = body.box.editor
    assert json.loads(editor.toPlainText()) == {"mark": "north"}
    editor.setPlainText('{"mark": 7}')
    assert [problem.path for problem in body.card.draft_problems] == ["/mark"]
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.approvals.cards, "what does not fit must not be sent"
    editor.setPlainText('{"mark": "west"}')
    assert body.card.draft_problems == ()
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await bench.idle()
    assert marks(tmp_path) == "west\n"
    assert bench.cards[0].entry.was_edited


async def test_a_rejection_tells_the_model_the_reason(opened: Callable[..., OpenWindow], tmp_path: Path) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    QTest.keyClick(card, Qt.Key.Key_R)
    assert card.approval is not None
    assert card.approval.box is not None
    QTest.keyClicks(card.approval.box.editor, "Not on the wall")
    QTest.keyClick(card.approval.box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await bench.idle()
    assert [event.outcome for event in bench.settled] == ["rejected"]
    assert "Not on the wall" in bench.settled[0].result_text
    assert marks(tmp_path) == ""


async def test_a_mock_result_reaches_the_model_and_nothing_runs(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    QTest.keyClick(card, Qt.Key.Key_M)
    assert card.approval is not None
    assert card.approval.box is not None
    card.approval.box.editor.setPlainText('{"marked": true}')
    card.approval.box.submitted.emit()
    await bench.idle()
    assert [(event.outcome, event.result_text) for event in bench.settled] == [("mocked", '{"marked": true}')]
    assert marks(tmp_path) == ""


async def test_escape_in_the_reason_goes_back_and_does_not_stop_the_run(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    QTest.keyClick(card, Qt.Key.Key_R)
    assert card.approval is not None
    assert card.approval.box is not None
    QTest.keyClick(card.approval.box.editor, Qt.Key.Key_Escape)
    assert card.approval.card.mode == "look"
    assert bench.pane.conversation.is_running


async def test_stop_ends_the_run_and_withdraws_its_question(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    await bench.asked()
    bench.window.commands["stop"].trigger()  # asks, as a call waits
    bench.window.commands["stop"].trigger()
    await bench.idle()
    assert bench.finished.outcome == "cancelled"
    assert bench.window.approvals.cards == ()
    assert not any(card.approval for card in bench.cards)
    assert bench.window.line.badge.isHidden()


async def test_an_untrusted_project_runs_nothing_until_it_is_trusted(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"calls": [LOOK]}, {"text": "Seen."}, is_trusted=False)
    assert bench.window.banner.isVisible()
    bench.send()
    assert not bench.pane.conversation.is_running
    assert bench.pane.conversation.is_fresh
    assert not bench.pane.composer.send.isEnabled()
    QTest.mouseClick(bench.window.banner.trust_button, Qt.MouseButton.LeftButton)
    assert not bench.window.banner.isVisible()
    await bench.idle()
    assert [event.outcome for event in bench.settled] == ["ok"]


async def test_the_code_of_an_untrusted_project_can_be_read_first(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(is_trusted=False)
    QTest.mouseClick(bench.window.banner.look_button, Qt.MouseButton.LeftButton)
    page = bench.window.documents.currentWidget()
    assert page.objectName() == "code:workbench.toml"
    assert "touch: marks:touch" in page.text.toPlainText()  # type: ignore[attr-defined]
    code = next(bench.window.documents.widget(n) for n in range(3) if n and n != bench.window.documents.currentIndex())
    assert code.objectName() == "code:python/marks.py"
    assert "def touch(mark)" in code.text.toPlainText()  # type: ignore[attr-defined]
    assert not bench.session.is_trusted


async def test_of_very_much_code_the_first_files_are_opened_and_the_others_named(
    opened: Callable[..., OpenWindow],
) -> None:
    bench = opened(is_trusted=False)
    for number in range(30):
        (bench.session.project.folder / "python" / f"more_{number:02}.py").write_text("")
    QTest.mouseClick(bench.window.banner.look_button, Qt.MouseButton.LeftButton)
    pages = bench.window.documents.pages(PageKey[DocumentPage]("code"))
    names = [page.objectName() for page in pages]
    assert names == ["code:others", *sorted(names[1:-1], reverse=True), "code:workbench.toml"]
    others = pages[0].text.toPlainText().splitlines()
    assert len(others) + len(names) - 2 == 31
    assert others[-1] == "python/more_29.py"
    assert set(others).isdisjoint(name.removeprefix("code:") for name in names)


async def test_a_second_message_continues_the_conversation(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "First answer."}, {"text": "Second answer."})
    bench.send("One")
    await bench.idle()
    bench.send("Two")
    await bench.idle()
    texts = [e.text for e in bench.pane.conversation.chat.entries if isinstance(e, TextEntry)]
    assert texts == ["First answer.", "Second answer."]
    await until(lambda: len(bench.window.explorer.sections[-1].items) == 2)
    bench.window.open_item(bench.window.explorer.sections[-1].items[0])


async def test_a_recorded_run_looks_as_it_did_live(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Looking.", "calls": [LOOK]}, {"text": "Quiet."})
    bench.send()
    await bench.idle()
    live = bench.pane
    bench.window.new_conversation()
    bench.window.documents.close_tab(bench.window.documents.indexOf(live))
    assert bench.pane.conversation.is_fresh
    await until(lambda: bench.window.explorer.sections[-1].items[0].kind == "run")
    bench.window.open_item(bench.window.explorer.sections[-1].items[0])
    await until(lambda: bench.cards)
    texts = [e.text for e in bench.pane.conversation.chat.entries if isinstance(e, TextEntry)]
    assert texts == ["Looking.", "Quiet."]
    assert bench.cards[0].entry.caption.startswith("done")


async def test_a_run_that_cannot_start_says_why_in_the_chat(opened: Callable[..., OpenWindow]) -> None:
    bench = opened()
    (bench.session.project.folder / "script.json").write_text("{", encoding="utf-8")
    bench.send()
    await bench.idle()
    notices = [e for e in bench.pane.conversation.chat.entries if isinstance(e, NoticeEntry)]
    assert any("script" in notice.text for notice in notices)


async def test_every_control_has_a_name_for_screen_readers(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "Looking.", "reasoning": "Hm.", "calls": [LOOK, TOUCH]}, {"text": "Done."})
    bench.send()
    card = await bench.asked()
    bench.window.approvals_dock.show()
    QTest.keyClick(card, Qt.Key.Key_R)
    bench.cards[0].expand(True)
    bench.window.open_item(bench.window.explorer.sections[0].items[0])
    assert nameless(bench.window) == []


async def test_the_palette_runs_the_command_that_was_typed(opened: Callable[..., OpenWindow]) -> None:
    bench = opened()
    palette = bench.window.palette_
    palette.field.setText("light and dark")
    palette.typed("light and dark")
    assert not bench.look.tokens.is_dark
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    await until(lambda: bench.look.tokens.is_dark)


@pytest.mark.parametrize(
    ("typed", "name"), [("postman", "paste-tools"), ("paste", "paste-tools"), ("export json", "export-tools")]
)
async def test_the_palette_finds_a_command_by_what_people_call_it(
    opened: Callable[..., OpenWindow], typed: str, name: str
) -> None:
    palette = opened().window.palette_
    palette.typed(typed)
    command = palette.chosen_payload
    assert isinstance(command, Command)
    assert command.name == name


async def test_every_button_of_the_window_stays_inside_it_at_twice_the_size(opened: Callable[..., OpenWindow]) -> None:
    bench = opened(*TWO_ROUNDS)
    bench.send()
    card = await bench.asked()
    bench.look.show("light", 2.0)
    await until(lambda: card.approval is not None and card.approval.height() > 0)
    assert card.approval is not None
    for button in card.approval.findChildren(QPushButton):
        if button.isVisible():
            assert button.geometry().right() <= button.parentWidget().width()


async def test_the_model_gets_ready_once_when_the_window_is_shown(
    opened: Callable[..., OpenWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed: list[str] = []

    async def warm(session: Session) -> None:
        warmed.append(session.project.model)

    monkeypatch.setattr(Session, "warm", warm)
    bench = opened()
    await until(lambda: warmed)
    bench.window.hide()
    bench.window.show()
    await bench.close()
    assert warmed == ["scripted:script.json"]


async def test_a_window_is_closed_although_its_test_fails(opened: Callable[..., OpenWindow]) -> None:
    async def failing() -> None:
        opened()
        raise KeyError

    with pytest.raises(KeyError):
        await closing_windows(failing)()
    assert OpenWindow.still_open == []
