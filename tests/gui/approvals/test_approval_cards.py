"""Approval cards in the real window: failures, standing permissions, time, and several calls at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import TOML, TOUCH, make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.approvals import approval_habit
from workbench.gui.approvals.approval_body import ApprovalBody
from workbench.viewmodels.rules.grant_list import GrantList


def touch(mark: str) -> dict[str, object]:
    return {"tool": "touch", "arguments": {"mark": mark}}


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., OpenWindow]:
    def opening(*answers: Any, toml: str = TOML, **annotations: bool) -> OpenWindow:
        folder = make_project(tmp_path / "project", *answers, toml=toml)
        if annotations:
            (folder / "tools" / "touch.json").write_text(json.dumps({**TOUCH, "annotations": annotations}))
        return OpenWindow(folder, tmp_path / "home", qapp)

    return opening


def marks(tmp_path: Path) -> list[str]:
    file = tmp_path / "project" / "marks.txt"
    return sorted(file.read_text(encoding="utf-8").split()) if file.exists() else []


async def body_of(bench: OpenWindow) -> ApprovalBody:
    card = await bench.asked()
    assert card.approval is not None
    await until(card.approval.isVisible)  # what is put into a layout is shown a moment later
    return card.approval


def choose(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if words in action.text()).trigger()


async def test_f_offers_failures_and_the_chosen_one_answers_the_call(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Too bad."})
    bench.send()
    body = await body_of(bench)
    bench.window.go_to_approval()
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_F)
    menu = next(menu for menu in body.findChildren(QMenu) if menu.isVisible())
    choose(menu, "No answer in time")
    menu.hide()
    await bench.idle()
    (settled,) = bench.settled
    assert (settled.outcome, settled.is_error, "timeout" in settled.result_text) == ("mocked", True, True)
    assert marks(tmp_path) == []


async def test_an_approval_for_the_conversation_lets_the_next_equal_call_pass(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north")]}, {"calls": [touch("north")]}, {"text": "Done."})
    bench.send()
    body = await body_of(bench)
    assert body.buttons.scope.text().startswith("Only this call")
    QTest.mouseClick(body.buttons.scope, Qt.MouseButton.LeftButton)
    menu = next(menu for menu in body.findChildren(QMenu) if menu.isVisible())
    choose(menu, "These exact arguments, in this conversation")
    menu.hide()
    bench.window.go_to_approval()
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A)
    await bench.idle()
    assert marks(tmp_path) == ["north", "north"]
    assert [grant.binds for grant in bench.session.grants.listed()] == ["exact"]


async def test_calls_are_decided_together_after_one_line_that_names_them(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north"), touch("south")]}, {"text": "Done."})
    bench.window.approvals_dock.show()
    bench.send()
    await until(lambda: len(bench.window.approvals.cards) == 2)
    bar = bench.window.approvals_view.together
    QTest.mouseClick(bar.approve, Qt.MouseButton.LeftButton)
    assert bar.confirm.text() == "Approve 2 calls"
    assert bench.window.focusWidget() is bar.back
    QTest.keyClick(bar.back, Qt.Key.Key_Escape)
    await until(bar.approve.isVisible)
    assert bench.pane.conversation.is_running
    QTest.mouseClick(bar.approve, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.confirm, Qt.MouseButton.LeftButton)
    await bench.idle()
    assert marks(tmp_path) == ["north", "south"]


async def test_shift_a_asks_about_calls_that_only_read_and_approves_none_by_itself(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Done."})
    bench.send()
    await bench.asked()
    bench.window.go_to_approval()
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert bench.window.approvals.confirming is None  # touch does not say that it only reads
    assert len(bench.window.approvals.cards) == 1
    assert marks(tmp_path) == []


async def test_a_question_that_expires_counts_down_and_can_be_extended(opened: Callable[..., OpenWindow]) -> None:
    toml = TOML.replace("[limits]", "[limits]\napproval_seconds = 100")
    bench = opened({"calls": [touch("north")]}, {"text": "Done."}, toml=toml)
    bench.send()
    body = await body_of(bench)
    await until(body.countdown.isVisible)
    assert body.countdown.text.text().startswith("1:")
    QTest.mouseClick(body.countdown.extend, Qt.MouseButton.LeftButton)
    await until(lambda: body.countdown.text.text().startswith("6:"))
    assert nameless(bench.window) == []


async def test_what_the_model_sees_of_an_edit_is_chosen_in_the_box(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Done."})
    bench.send()
    body = await body_of(bench)
    bench.window.go_to_approval()
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_E)
    assert body.box is not None
    body.box.choices["edited"].click()
    body.box.editor.setPlainText('{"mark": "far"}')
    QTest.keyClick(body.box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await bench.idle()
    assert marks(tmp_path) == ["far"]
    assert bench.settled[0].outcome == "ok"


async def test_an_approval_of_what_acts_outside_can_be_taken_back_with_escape(
    opened: Callable[..., OpenWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Done."}, destructiveHint=True)
    bench.send()
    body = await body_of(bench)
    bench.window.go_to_approval()
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A)
    await until(body.undo_bar.isVisible)
    assert not body.buttons.isVisible()
    assert "nothing has run yet" in body.undo_bar.text.text()
    assert bench.window.focusWidget() is body.undo_bar
    assert nameless(body) == []
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A)
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_Escape)
    await until(body.buttons.isVisible)
    assert not body.undo_bar.isVisible()
    assert bench.pane.conversation.is_running  # Esc took the approval back and did not stop the run
    assert marks(tmp_path) == []
    QTest.mouseClick(body.buttons.approve_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(body.undo_bar.undo, Qt.MouseButton.LeftButton)
    assert body.card.can_approve
    monkeypatch.setattr(approval_habit, "UNDO_S", 0.05)
    body.card._undo_s = 0.05
    QTest.mouseClick(body.buttons.approve_button, Qt.MouseButton.LeftButton)
    await bench.idle()
    assert marks(tmp_path) == ["north"]


async def test_escape_undoes_an_approval_wherever_the_focus_is(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Done."}, destructiveHint=True)
    bench.send()
    body = await body_of(bench)
    QTest.mouseClick(body.buttons.approve_button, Qt.MouseButton.LeftButton)
    composer = bench.pane.composer
    composer.editor.setFocus()
    await until(lambda: (body.card.is_held, composer.send.text()) == (True, "Stop"))
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert (body.card.can_approve, bench.pane.conversation.composer.stop_question) == (True, "")
    assert marks(tmp_path) == []
    await until(lambda: composer.send.text() == "Stop  Esc")


@pytest.mark.parametrize("way", ["stop", "close"])
async def test_what_was_approved_but_not_started_does_not_run_when_everything_ends(
    opened: Callable[..., OpenWindow], tmp_path: Path, way: str
) -> None:
    bench = opened({"calls": [touch("north")]}, {"text": "Done."}, openWorldHint=True)
    bench.send()
    body = await body_of(bench)
    QTest.mouseClick(body.buttons.approve_button, Qt.MouseButton.LeftButton)
    assert body.card.is_held
    if way == "stop":
        bench.window.stop()  # asks, as a call waits
        assert bench.pane.conversation.is_running
        bench.window.stop()
        await bench.idle()
        assert [event.outcome for event in bench.settled] == ["cancelled"]
        assert bench.session.desk.held_until(body.card.question.call_id) is None
    run_id = bench.pane.conversation.last_run
    await bench.close()
    assert marks(tmp_path) == []
    again = OpenWindow(tmp_path / "project", tmp_path / "home", QApplication.instance())  # type: ignore[arg-type]
    assert again.session.interrupted == ([] if way == "stop" else [run_id])
    await again.close()


async def test_a_permission_by_pattern_is_written_in_the_card_listed_and_used(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    calls = ({"calls": [touch(mark)]} for mark in ("north", "nord", "south"))
    bench = opened(*calls, {"text": "Done."})
    bench.send()
    body = await body_of(bench)
    choose(body.buttons.findChildren(QMenu)[0], "matching a pattern, in this project")
    box = body.buttons.patterns
    assert box is not None
    line = box.lines["mark"]
    assert (line.text(), nameless(body)) == ("north", [])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "sou*")
    assert not body.buttons.approve_button.isEnabled()
    line.selectAll()
    QTest.keyClicks(line, "nor*")
    QTest.mouseClick(body.buttons.approve_button, Qt.MouseButton.LeftButton)
    await until(lambda: "south" in "".join(card.question.arguments_json for card in bench.window.approvals.cards))
    assert marks(tmp_path) == ["nord", "north"]
    assert [line.arguments for line in GrantList(bench.session.grants).lines] == ["mark=nor*"]


async def test_the_focus_stays_with_its_call_when_an_approval_is_taken_back_or_given(
    opened: Callable[..., OpenWindow], tmp_path: Path
) -> None:
    """Or the next key would decide about another call."""

    bench = opened({"calls": [touch("north"), touch("south")]}, {"text": "Done."}, destructiveHint=True)
    bench.send()
    approvals, view = bench.window.approvals, bench.window.approvals_view
    await until(lambda: len(approvals.cards) == 2)
    first = approvals.cards[0]
    bench.window.approvals_dock.show()
    bench.window.approvals_dock.raise_()
    assert view.focus_card(first.question.shown_hash)
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A)
    assert first.is_held
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_Escape)
    assert not first.is_held
    assert view.focused_question() == first.question.shown_hash
    first._undo_s = 0.05
    QTest.keyClick(bench.window.focusWidget(), Qt.Key.Key_A)
    await until(lambda: len(approvals.cards) == 1)
    assert view.focused_question() == ""
    assert marks(tmp_path) in ([], ["north"])
