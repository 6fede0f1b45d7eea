"""A long conversation in the window: its end at once, the rest when somebody goes there."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.support.long_chat import run_name, said_in, turn
from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.log import EventLog
from workbench.core.message import Message
from workbench.gui.search.search_feature import SearchFeature
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.conversation import RUNS_AT_ONCE

TURNS = RUNS_AT_ONCE + 8


async def opened(tmp_path: Path, qapp: QApplication) -> OpenWindow:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    history: tuple[Message, ...] = ()
    for number in range(TURNS):
        log = EventLog()
        bench.session.store.follow(log)
        events = turn(number, history)
        for event in events:
            log.append(event)
        history = (*history, *said_in(events))
    bench.window.open_run(run_name(TURNS - 1))
    await until(lambda: not bench.pane.conversation.is_loading)
    return bench


def asked(bench: OpenWindow) -> list[str]:
    return [entry.run_id for entry in bench.pane.conversation.chat.entries if isinstance(entry, UserEntry)]


async def test_scrolling_up_brings_earlier_messages_and_what_one_reads_stays_in_place(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await opened(tmp_path, qapp)
    view = bench.pane.chat
    bar = view.verticalScrollBar()
    assert len(asked(bench)) == RUNS_AT_ONCE
    while view._first > 0:
        view.show_earlier()
    assert not view._earlier.isHidden()
    await until(lambda: view._held is None)
    entries = bench.pane.conversation.chat.entries
    shown = entries[view.shown_place[0]]
    view.show_earlier()
    await until(lambda: len(asked(bench)) == TURNS and entries[view.shown_place[0]] is shown)
    while view._first > 0:
        bar.triggerAction(bar.SliderAction.SliderToMinimum)
        view.show_earlier()
    assert view._earlier.isHidden()


async def test_finding_looks_through_all_of_it(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp)
    bar = bench.window.features.of(SearchFeature).bar_of(bench.pane)
    bar.open("about number 0,")
    await until(lambda: bar.finder.count_words == "1 of 1")
    assert len(asked(bench)) == TURNS


async def test_all_of_it_is_copied(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp)
    QGuiApplication.clipboard().clear()
    bench.window.copy_markdown()
    await until(lambda: "about number 0," in QGuiApplication.clipboard().text())
    assert f"about number {TURNS - 1}," in QGuiApplication.clipboard().text()


async def test_a_run_that_was_not_read_yet_is_gone_to_in_the_same_tab(tmp_path: Path, qapp: QApplication) -> None:
    bench = await opened(tmp_path, qapp)
    pane, arrived = bench.pane, []
    assert bench.window.opening.run(run_name(2), arrived.append) is pane
    await until(lambda: arrived)
    assert pane.conversation.has_read(run_name(2))
    assert not pane.conversation.has_read(run_name(1))
