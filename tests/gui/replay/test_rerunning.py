"""Reruns in the window: one run and its report, all of them in a table, with an end in sight."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.replay_window import ReplayWindow, click, press
from tests.support.window import nameless, until
from workbench.core.event import RunStarted, ToolCallSettled, encode_event
from workbench.core.ids import RunId
from workbench.gui.replay.rerun_all_page import RerunAllPage
from workbench.gui.replay.rerun_page import RerunPage, ResultBox


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., ReplayWindow]:
    return lambda *answers: ReplayWindow(tmp_path, qapp, *answers)


def change(bench: ReplayWindow, run_id: RunId, seq: int, **values: Any) -> None:
    """Write something else into the record of a run."""
    event = next(event for event in bench.stored(run_id) if event.seq == seq)
    line = encode_event(msgspec.structs.replace(event, **values))

    def write(connection: Any) -> None:
        connection.execute("UPDATE events SET line = ? WHERE run_id = ? AND seq = ?", (line, run_id, seq))

    bench.session.store._writer.submit(write).result(10)


async def test_a_rerun_says_identical_and_stores_and_does_nothing(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    await bench.recorded()
    before = bench.marks
    (bench.project / "script.json").unlink()
    press(bench.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    page: RerunPage = await bench.page(RerunPage)
    assert page.result.verdict == "identical"
    assert "3 rounds, 3 calls" in page.result.figures
    assert "rounds/s" in page.result.figures
    assert nameless(page) == []
    assert bench.marks == before
    assert len(bench.session.runs.recorded()) == 1


async def test_a_difference_is_shown_with_its_place_and_both_sides(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    run_id = await bench.recorded()
    settled = [event for event in bench.stored(run_id) if isinstance(event, ToolCallSettled)]
    change(bench, run_id, settled[0].seq, result_text="<b>broken</b> \u202eelsewhere")
    bench.act(bench.run_place("run", run_id), "Rerun over its recording")
    page: RerunPage = await bench.page(RerunPage)
    assert page.result.verdict == "differs"
    box = page.findChildren(ResultBox)[0]
    assert len(box.views) == 2
    assert "\u202e" not in "".join(view.toPlainText() for view in box.views)
    click(page.open_button)
    await until(lambda: bench.window.pane is not None)


async def test_all_recorded_runs_are_run_again_and_what_cannot_be_is_said(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    runs = []
    for text in ("One.", "Two.", "Three."):
        bench.window.new_conversation()
        runs.append(await bench.recorded(text))
    assert isinstance(bench.stored(runs[0])[0], RunStarted)
    change(bench, runs[0], 1, format_version=99)
    change(bench, runs[1], 1, instructions="Other words.")
    press(
        bench.window,
        Qt.Key.Key_F5,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    page: RerunAllPage = await bench.page(RerunAllPage)
    await until(lambda: page.batch.is_over and len(page.batch.results) == 3)
    await until(lambda: page.table.rowCount() == 3 and page.again_button.isVisible())
    assert [page.table.item(row, 0).text() for row in range(3)] == [  # type: ignore[union-attr]
        "✗ differs",
        "! cannot be rerun",
        "✓ identical",
    ]
    assert "1 identical, 1 differ, 1 cannot be rerun" in page.words.text()
    assert "played back" in page.batch.shown[1].explanation
    assert nameless(page) == []


async def test_stopping_keeps_the_reruns_that_are_done(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    for text in ("One.", "Two.", "Three."):
        bench.window.new_conversation()
        await bench.recorded(text)
    bench.window.commands["rerun-all"].trigger()
    page: RerunAllPage = await bench.page(RerunAllPage)
    forget = page.batch.changed.connect(lambda: page.stop_asked.emit() if len(page.batch.results) == 1 else None)
    await until(lambda: page.batch.results and page.batch.is_over)
    forget()
    assert 1 <= len(page.batch.results) < 3
    assert "stopped" in page.batch.words
    await until(lambda: page.again_button.isVisible() and not bench.window.tasks.is_running("rerun all"))
    click(page.again_button)
    await until(lambda: page.batch.is_over and len(page.batch.results) == 3)
