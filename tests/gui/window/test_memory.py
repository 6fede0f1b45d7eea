"""What a closed tab held is given back, and several steps of zoom or theme are shown as one."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.look.look import ZOOMS
from workbench.gui.window.memory import Memory, collect_new


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    return lambda: OpenWindow(make_project(tmp_path / "project", {"text": "Quiet."}), tmp_path / "home", qapp)


async def test_a_closed_conversation_is_forgotten(opened: Callable[[], OpenWindow], qapp: QApplication) -> None:
    bench = opened()
    bench.send()
    await bench.idle()
    bench.window.commands["find"].trigger()
    gone: list[weakref.ref[Any]] = [weakref.ref(bench.pane), weakref.ref(bench.pane.conversation)]
    bench.window.new_conversation()
    documents = bench.window.documents
    documents.close_tab(0)

    def is_forgotten() -> bool:
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return not any(ref() is not None for ref in gone)

    await until(is_forgotten)
    assert len(documents.panes()) == 1


async def test_tabs_that_were_opened_and_closed_leave_no_widgets(
    opened: Callable[[], OpenWindow], qapp: QApplication
) -> None:
    bench = opened()
    bench.send()
    await bench.idle()
    documents, alive = bench.window.documents, list[int]()
    for _ in range(3):
        for _ in range(10):
            bench.window.new_conversation()
            documents.close_tab(documents.count() - 1)
            await asyncio.sleep(0)
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        alive.append(len(bench.window.findChildren(QObject)))
    assert documents.count() == 1
    assert alive == [alive[0]] * 3


async def test_what_a_thread_worked_for_is_released_on_the_thread_of_the_window(qapp: QApplication) -> None:
    """The thread keeps what it works for until it has nothing more to do, and the window has forgotten it by then."""
    released_on = []
    may_end = threading.Event()

    class Work:
        def wait(self) -> None:
            may_end.wait()

        def __del__(self) -> None:
            released_on.append(threading.current_thread())

    works = asyncio.gather(*(asyncio.to_thread(Work().wait) for _ in range(20)))
    await asyncio.sleep(0)
    works.cancel()
    with suppress(asyncio.CancelledError):
        await works
    del works
    may_end.set()
    await until(lambda: len(released_on) == 20)
    assert set(released_on) == {threading.main_thread()}


def test_garbage_is_collected_on_the_thread_of_the_window_only(qapp: QApplication) -> None:
    class Knot(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.itself = self

    def make_much() -> None:
        kept: list[list[int]] = [[] for _ in range(100_000)]
        assert kept

    memory = Memory(lambda: False)
    memory.settle()
    knot = weakref.ref(Knot())
    other = threading.Thread(target=make_much)
    other.start()
    other.join()
    assert knot() is not None
    kept: list[list[int]] = [[] for _ in range(100_000)]
    collect_new()
    assert kept
    assert knot() is None


async def test_steps_of_zoom_and_theme_that_come_together_style_the_window_once(
    opened: Callable[[], OpenWindow],
) -> None:
    bench = opened()
    shown: list[tuple[str, float]] = []
    bench.look.changed.connect(lambda: shown.append((bench.look.appearance, bench.look.zoom)))
    start = ZOOMS.index(1.0)
    for name in ("larger", "larger", "switch-appearance", "smaller", "larger"):
        bench.window.commands[name].trigger()
    assert shown == []
    await until(lambda: shown)
    await asyncio.sleep(0)
    assert shown == [("dark", ZOOMS[start + 2])]


def test_what_a_run_left_is_collected_when_nothing_has_run_for_a_while(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.gui.window.memory._is_in_front", lambda: True)
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: collected.append(generation))
    busy = iter([True, False, False, True, False, False])
    memory = Memory(lambda: next(busy, False))
    for _ in range(6):
        memory._look()
    assert collected == []  # the next message may stream already
    for _ in range(10):
        memory._look()
    assert collected == [2]


def test_new_objects_are_looked_through_in_small_parts(qapp: QApplication) -> None:
    looked_at: list[int] = []
    before = gc.isenabled()
    gc.disable()
    gc.collect()
    gc.freeze()
    try:
        kept = []
        for _ in range(30):
            kept.append([[] for _ in range(12_000)])
            looked_at.append(max(len(gc.get_objects(generation)) for generation in (0, 1)))
            collect_new()
    finally:
        gc.unfreeze()
        if before:
            gc.enable()
    assert max(looked_at) < 6 * 12_000
