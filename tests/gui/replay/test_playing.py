"""Playback in the window: held, stepped, sought, sped up, and never taken for a live run."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.replay_window import ReplayWindow, click, press
from tests.support.window import nameless, until
from workbench.gui.conversation.user_bubble import UserBubble
from workbench.gui.replay.playback_pane import PlaybackPane
from workbench.viewmodels.conversation.chat_entry import CallEntry, UserEntry


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., ReplayWindow]:
    return lambda *answers: ReplayWindow(tmp_path, qapp, *answers)


def called(pane: PlaybackPane) -> list[str]:
    return [entry.tool for entry in pane.conversation.chat.entries if isinstance(entry, CallEntry)]


async def test_a_playback_shows_the_run_again_to_its_end_and_does_nothing(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    run_id = await bench.recorded()
    before = bench.marks
    whole = [type(entry) for entry in bench.pane.conversation.chat.entries]
    press(bench.window, Qt.Key.Key_F5)
    pane: PlaybackPane = await bench.page(PlaybackPane)
    pane.bar.speed.setCurrentIndex(4)
    pane.bar.speed.activated.emit(4)
    await until(lambda: pane.playback.is_at_end)
    await until(lambda: [type(entry) for entry in pane.conversation.chat.entries] == whole)
    assert bench.marks == before
    assert len(bench.session.runs.recorded()) == 1
    assert pane.bar.mark.text() == "Playback — nothing is executed or sent"
    assert pane.composer.isHidden()
    assert [bubble.edit.isHidden() for bubble in pane.chat.findChildren(UserBubble)] == [True]
    assert nameless(pane) == []
    bench.window.open_run(run_id)
    assert not isinstance(bench.pane, PlaybackPane)


async def test_a_held_playback_goes_by_events_and_rounds_in_both_directions(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    run_id = await bench.recorded()
    bench.act(bench.run_place("run", run_id), "Play back")
    pane: PlaybackPane = await bench.page(PlaybackPane)
    press(pane.bar, Qt.Key.Key_Space)
    press(pane.bar, Qt.Key.Key_Home)
    assert pane.playback.playback.shown == 0
    press(pane.bar, Qt.Key.Key_Right)
    press(pane.bar, Qt.Key.Key_Right)
    await until(lambda: [e.text for e in pane.conversation.chat.entries if isinstance(e, UserEntry)] == ["Mark it."])
    press(pane.bar, Qt.Key.Key_PageDown)
    await until(lambda: called(pane) == ["touch", "look"])
    shown = pane.playback.playback.shown
    press(pane.bar, Qt.Key.Key_End)
    assert pane.playback.is_at_end
    await until(lambda: called(pane) == ["touch", "look", "touch"])
    press(pane.bar, Qt.Key.Key_PageUp)
    press(pane.bar, Qt.Key.Key_PageUp)
    assert pane.playback.playback.shown == shown
    await until(lambda: called(pane) == ["touch", "look"])
    press(pane.bar, Qt.Key.Key_Left)
    assert pane.playback.playback.shown < shown
    pane.bar.slider.setValue(2)
    await until(lambda: pane.playback.playback.shown == 2)
    click(pane.bar.play)
    assert pane.playback.is_playing
    bench.window.stop()
    bench.window.stop()  # the first time only asks, because a call waits
    assert not pane.playback.is_playing
    bench.window.close_tab()
    await until(lambda: not bench.window.tasks.is_running("play back 1"))


async def test_the_last_run_of_a_conversation_is_played_back_from_the_explorer(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    await bench.recorded()
    second = await bench.recorded("And again.")
    section = next(each for each in bench.window.explorer.sections if each.title == "Conversations")
    menu = QMenu()
    bench.window.features.fill_item_menu(menu, section.items[0])
    acts = {action.text(): action for action in menu.actions()}
    assert "Compare the last run with…" in acts
    acts["Play back the last run"].trigger()
    pane: PlaybackPane = await bench.page(PlaybackPane)
    assert pane.playback.conversation.run_id == second
    menu.deleteLater()


async def test_a_call_that_waits_right_now_cannot_be_decided_in_a_playback(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    toml = bench.project / "workbench.toml"
    toml.write_text(toml.read_text().replace('tool = "*"\naction = "allow"', 'tool = "*"\naction = "ask"'))
    await bench.window.read_again()
    bench.send("Mark it.")
    await bench.asked()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    bench.act(bench.run_place("run", run_id), "Play back")
    pane: PlaybackPane = await bench.page(PlaybackPane)
    press(pane.bar, Qt.Key.Key_End)
    await until(lambda: len(bench.cards) == 2)
    assert [card.approval for card in bench.cards] == [None, None]
    bench.window.close_tab()
    bench.window.stop()  # asks, as a call waits
    bench.window.stop()
    bench.window.stop()  # the first time only asks, because a call waits
    await bench.idle()


async def test_a_run_of_a_newer_program_is_played_back_as_far_as_it_is_understood(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    run_id = await bench.recorded()
    bench.session.store.flush()
    with sqlite3.connect(bench.session.store.path) as connection:
        strange = json.dumps({"kind": "dream.dreamt", "run_id": run_id, "seq": 9, "at": 0.0, "span": ""}).encode()
        connection.execute("UPDATE events SET line = ? WHERE run_id = ? AND seq = 9", (strange, run_id))
    connection.close()
    bench.act(bench.run_place("run", run_id), "Play back")
    pane: PlaybackPane = await bench.page(PlaybackPane)
    assert "Only the readable part is shown" in pane.bar.mark.text()
    press(pane.bar, Qt.Key.Key_End)
    assert pane.playback.playback.shown == 8
    bench.act(bench.run_place("run", run_id), "Fork from here…")
    await until(lambda: bench.window.toasts.shown)
    assert "Cannot fork this" in bench.window.toasts.shown[-1].text.text()
