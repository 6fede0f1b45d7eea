"""Forks in the window: prepared, launched, shown with their parent and as a tree."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.replay_window import ANSWERS, ReplayWindow, click, press
from tests.support.window import lay_out, moved, nameless, places, until
from workbench.core.event import RunStarted, ToolCallSettled
from workbench.core.variant import ToolEdit, Variant
from workbench.gui.compare.compare_page import ComparePage
from workbench.gui.replay.fork_banner import ForkBanner
from workbench.gui.replay.fork_feature import ForkFeature
from workbench.gui.replay.fork_page import ForkPage
from workbench.gui.replay.forks_page import ForksPage
from workbench.gui.replay.playback_pane import PlaybackPane
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.viewmodels.conversation.chat_entry import UserEntry


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., ReplayWindow]:
    return lambda *answers: ReplayWindow(tmp_path, qapp, *answers)


def banner(bench: ReplayWindow) -> ForkBanner:
    return bench.pane.findChildren(ForkBanner)[0]


async def test_a_fork_from_a_round_opens_live_repeats_nothing_and_names_its_parent(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    parent = await bench.recorded()
    before = bench.marks
    bench.act(bench.run_place("round", parent, "turn-1/round-2"), "Fork from here…")
    page: ForkPage = await bench.page(ForkPage)
    assert page.point.currentText().startswith("before round 2")
    assert not page.message.isVisible()
    assert nameless(page) == []
    page.serving["mock"].click()
    click(page.launch_button)
    await bench.forked(parent)
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    started = bench.stored(run_id)[0]
    assert isinstance(started, RunStarted)
    assert started.parent_run == parent
    assert [e.outcome for e in bench.stored(run_id) if isinstance(e, ToolCallSettled)] == ["replayed"] * 3
    assert bench.marks == before
    await until(lambda: "Fork before round 2 · no variant" in banner(bench).words.text())
    assert nameless(banner(bench)) == []
    click(banner(bench).compare_button)
    compared: ComparePage = await bench.page(ComparePage)
    assert compared.comparison.title == "Same choices and answers."


async def test_a_call_off_the_recording_waits_for_approval_in_the_tab_of_the_fork(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    parent = await bench.recorded()
    before = bench.marks
    bench.answer(ANSWERS[0], {"calls": [{"tool": "touch", "arguments": {"mark": "three"}}]}, {"text": "Other."})
    bench.act(bench.run_place("round", parent, "turn-1/round-2"), "Fork from here…")
    page: ForkPage = await bench.page(ForkPage)
    click(page.launch_button)
    card = await bench.asked()
    assert card.approval is not None
    assert bench.marks == before
    bench.window.approvals.cards[0].approve()
    await bench.idle()
    assert bench.marks == [*before, "three"]


async def test_what_a_fork_changes_is_shown_word_by_word_before_anything_is_sent(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    parent = await bench.recorded()
    desk = bench.window.features.of(ReplayFeature)
    desk.replays.variants.save(Variant(name="clear", tools={"look": ToolEdit(description="Look about.")}))
    desk.replays.variants.save(Variant(name="old", removed=("gone",)))
    bench.act(bench.run_place("message", parent, "turn-1"), "Fork from here…")
    page: ForkPage = await bench.page(ForkPage)
    lay_out()
    before = places(page)
    page.variant.setCurrentIndex(page.variant.findText("clear"))
    page.variant.activated.emit(page.variant.currentIndex())
    await until(lambda: "about" in page.changes.toPlainText())
    lay_out()
    assert moved(before, places(page)) == []
    page.instructions.setFocus()
    QTest.keyClicks(page.instructions, "Be quick.")
    await until(lambda: "Be quick." in page.changes.toPlainText())
    page.variant.setCurrentIndex(page.variant.findText("old"))
    page.variant.activated.emit(page.variant.currentIndex())
    await until(lambda: "there is no tool 'gone' to remove" in page.trouble.text())
    assert not page.launch_button.isEnabled()
    page.variant.setCurrentIndex(0)
    page.variant.activated.emit(0)
    QTest.keyClicks(page.message, "Also: ")
    page.serving["mock"].click()
    await until(page.launch_button.isEnabled)
    click(page.launch_button)
    await bench.forked(parent)
    await bench.idle()
    said = [entry.text for entry in bench.pane.conversation.chat.entries if isinstance(entry, UserEntry)]
    assert said == ["Also: Mark it."]


async def test_the_tools_of_now_are_one_choice_away(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    parent = await bench.recorded()
    file = bench.project / "tools" / "look.json"
    tool = json.loads(file.read_text())
    file.write_text(json.dumps({**tool, "description": "Look far and wide."}))
    await bench.window.read_again()
    bench.act(bench.run_place("call", parent, "turn-1/round-1/call-2"), "Fork after this call…")
    page: ForkPage = await bench.page(ForkPage)
    assert page.point.currentText().startswith("before round 2")
    page.variant.setCurrentIndex(1)
    page.variant.activated.emit(1)
    await until(lambda: "far and wide" in page.changes.toPlainText())
    page.serving["mock"].click()
    click(page.launch_button)
    await bench.forked(parent)
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    started = bench.stored(run_id)[0]
    assert isinstance(started, RunStarted)
    assert started.variant == "the current tools"
    assert [tool["description"] for tool in started.tools if tool["name"] == "look"] == ["Look far and wide."]


async def test_a_model_without_its_key_is_refused_on_the_page_and_nothing_is_recorded(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    parent = await bench.recorded()
    bench.act(bench.run_place("run", parent), "Fork from here…")
    page: ForkPage = await bench.page(ForkPage)
    page.form.choose_model("anthropic:claude-opus-5-5")
    click(page.launch_button)
    assert "ANTHROPIC_API_KEY" in page.trouble.text()
    assert len(bench.session.runs.recorded()) == 1


async def test_forks_and_their_forks_stand_in_a_tree_that_the_keyboard_opens(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened()
    parent = await bench.recorded()
    replays = bench.window.features.of(ReplayFeature).replays
    newest = parent
    for _ in range(2):
        fork, changed = replays.fork(replays.recording(newest), "round-3")
        live = replays.launch(fork, changed, tools="mock")
        await live.finished()
        newest = live.run_id
    page = bench.window.features.of(ForkFeature).show_tree()
    assert isinstance(page, ForksPage)
    await until(lambda: page.tree.topLevelItemCount() == 1)
    root = page.tree.topLevelItem(0)
    assert root is not None
    assert root.child(0).text(0) == "before round 3"
    assert root.child(0).child(0).text(3) == "answered"
    press(page.tree, Qt.Key.Key_Down)
    press(page.tree, Qt.Key.Key_Down)
    assert page.selected == newest
    press(page.tree, Qt.Key.Key_Return)
    await until(lambda: bench.window.pane is not None and bench.pane.conversation.last_run == newest)
    await until(lambda: banner(bench).isVisible())
    bench.act(bench.run_place("run", newest), "Play back")
    playing: PlaybackPane = await bench.page(PlaybackPane)
    playing.playback.pause()
    playing.playback.seek(2)
    await until(lambda: len(list(playing.conversation.events_of(newest))) == 2)
    assert playing.findChildren(ForkBanner)[0].isHidden()
    bench.window.close_tab()
    bench.window.open_run(newest)
    assert "Fork before round 3" in banner(bench).words.text()
    click(banner(bench).parent_button)
    await bench.forked(newest)


async def test_a_variant_that_another_page_chooses_is_shown_as_chosen(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    parent = await bench.recorded()
    bench.window.features.of(ReplayFeature).replays.variants.save(
        Variant(name="clear", tools={"look": ToolEdit(description="Look about.")})
    )
    bench.act(bench.run_place("run", parent), "Fork from here…")
    page: ForkPage = await bench.page(ForkPage)
    page.form.choose_variant("stored", "clear")
    assert page.variant.currentText() == "clear"
    await until(lambda: "about" in page.changes.toPlainText())
    page.form.choose_variant("recorded")
    assert page.variant.currentIndex() == 0
