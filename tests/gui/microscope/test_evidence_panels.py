"""The panels of evidence, with real clicks and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from tests.support.reacting import WordyModel, wordy_project, wordy_run, wordy_session
from tests.support.window import OpenWindow, nameless, until
from workbench.app.replay.replays import Replays
from workbench.core.selection import ExpectedCall
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.confidence_panel import ConfidencePanel
from workbench.gui.microscope.duel_panel import DuelPanel
from workbench.gui.microscope.overlaps_panel import OverlapsPanel
from workbench.gui.microscope.what_if_panel import WhatIfPanel
from workbench.gui.microscope.words_panel import WordsPanel
from workbench.viewmodels.microscope.point import PointViewModel

LEFT = Qt.MouseButton.LeftButton


class Bench:
    """A decision that came out wrong, and panels about it."""

    def __init__(self, tmp_path: Path, look: Look) -> None:
        self.look = look
        self.tasks = Tasks()
        self.model = WordyModel()
        self.session = wordy_session(wordy_project(tmp_path / "shop"), tmp_path / "home", self.model)
        self.replays = Replays(self.session.runs, self.session.providers, self.session.prices)
        self.shown: list[QWidget] = []

    async def point(self) -> PointViewModel:
        """The decision, with the right tool said."""
        await wordy_run(self.session)
        (run,) = self.session.runs.recorded()
        found = PointViewModel(self.session, self.replays, run.run_id, "turn-1/round-1/call-1")
        found.expect(ExpectedCall("track", {}))
        return found

    def show(self, panel: QWidget) -> None:
        """Put a panel on the screen."""
        panel.resize(1000, 700)
        panel.show()
        self.shown.append(panel)
        assert nameless(panel) == []

    async def idle(self) -> None:
        """Until nothing is under way."""
        await until(lambda: not any(name.startswith("evidence") for name in self.tasks._tasks))

    async def close(self) -> None:
        """Put everything away."""
        await self.tasks.close()
        for panel in self.shown:
            panel.close()
            panel.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        await self.replays.close()
        await self.session.close()


@pytest.fixture
def bench(tmp_path: Path, look: Look) -> Bench:
    made = Bench(tmp_path, look)
    OpenWindow.still_open.append(made)
    return made


async def test_changes_are_ticked_estimated_tried_and_told_each_by_itself(bench: Bench) -> None:
    panel = WhatIfPanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    asked = bench.model.asked
    panel.what_if.series.tick_all(is_on=False)
    assert not panel.bar.start.isEnabled()
    row = next(row for row in panel.rows if row.row.change.name == "without details")
    QTest.mouseClick(row.box, LEFT, pos=QPoint(10, row.box.height() // 2))
    panel.bar.trials.setFocus()
    panel.bar.trials.selectAll()
    QTest.keyClicks(panel.bar.trials, "6")
    assert "12 requests" in panel.bar.estimate.text()
    assert bench.model.asked == asked
    QTest.mouseClick(panel.bar.start, LEFT)
    await bench.idle()
    assert "0 % → 100 %: +100 points" in row.effect.text()
    assert row.effect.text().startswith("▲")
    assert row.votes.text().startswith("6 × track (of 6) · stated confidence ")
    assert "at 95 % between" in row.box.accessibleDescription()
    assert panel.base.text() == "As it was: 6 × details (of 6)"
    panel.copy()
    assert "| without details |" in QGuiApplication.clipboard().text()


async def test_escape_stops_and_what_has_come_stays(bench: Bench) -> None:
    panel = WhatIfPanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    panel.what_if.series.tick_all(is_on=True)
    panel.what_if.series.ask_times(500)
    QTest.mouseClick(panel.bar.start, LEFT)
    await until(lambda: panel.what_if.series.base is not None and panel.what_if.series.base.trials > 20)
    assert panel.bar.stop.isVisible()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    await bench.idle()
    assert not panel.bar.stop.isVisible()
    assert panel.base.text().startswith("As it was: ")
    assert not all(row.row.found is not None for row in panel.rows)


async def test_a_description_is_shown_with_tints_figures_and_a_table(bench: Bench) -> None:
    panel = WordsPanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    assert "?" in panel.text.toPlainText()
    QTest.mouseClick(panel.bar.start, LEFT)
    await bench.idle()
    assert "Tell where my parcel is, now and then. +100" in panel.text.toPlainText()
    assert _tint(panel.text, "Tell where") == bench.look.color("heat_more_3").name()
    assert panel.table.rowCount() == 2
    assert panel.table.item(1, 0).text() == "+100"
    panel.on_expected.click()
    assert "on calls of track" in panel.title.text()
    assert "Tell where my parcel is, now and then. −100" in panel.text.toPlainText()
    bench.look.show("dark", 1.0)
    assert "−100" in panel.text.toPlainText()


async def test_a_cell_of_the_map_opens_the_duel_of_its_pair(bench: Bench) -> None:
    panel = OverlapsPanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    await bench.idle()
    asked: list[tuple[str, str]] = []
    panel.duel_asked.connect(lambda one, other: asked.append((one, other)))
    table = panel.table
    assert (table.cells.rowCount(), table.cells.columnCount()) == (3, 4)
    table.setFocus()
    table.setCurrentIndex(table.cells.index(0, 2))
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Return)
    names = panel.overlaps.names
    assert asked == [(names[0], names[1]), (names[1], "details")]
    spoken = table.cells.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith(f"{names[0]} and {names[1]}: ")
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("\tthe request\t")
    panel.measure.setCurrentIndex(1)
    panel.measure.activated.emit(1)
    await bench.idle()
    assert "local model" in panel.caption.text()


async def test_a_duel_is_labelled_with_and_without_sampling(bench: Bench) -> None:
    panel = DuelPanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    await bench.idle()
    assert "not the model's reason" in panel.caption.text()
    assert "is more similar to the request" in panel.verdict.text()
    assert "Attracts by: my +0." in panel.sides[0].strongest.text()
    QTest.mouseClick(panel.bar.start, LEFT)
    await bench.idle()
    assert any("+100 points" in row.effect.text() for row in panel.rows)
    panel.choose("track", "refund")
    await bench.idle()
    assert [row.row.change.name for row in panel.rows] == [
        "track sentence 1 ⇄ refund sentence 1",
        "track sentence 2 ⇄ refund sentence 1",
    ]


async def test_confidence_is_labelled_as_the_models_own_word(bench: Bench) -> None:
    panel = ConfidencePanel(await bench.point(), bench.look, bench.tasks)
    bench.show(panel)
    assert "confidence of" in panel.words.text()
    assert panel.bar_of_share.isVisible()
    assert not panel.tokens.isVisible()


def _tint(text: QPlainTextEdit, words: str) -> str:
    """The ground behind these words."""
    cursor = text.document().find(words)
    return cursor.charFormat().background().color().name()
