"""Comparing in the window: a baseline, a choice of runs, differences only, wire, copy and export."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.replay_window import ReplayWindow, click, press
from tests.support.window import nameless, until
from workbench.core.ids import RunId
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.compare.compare_page import ComparePage
from workbench.gui.compare.run_picker import RunPicker

HOSTILE = "<img src=x onerror=alert(1)> \u202egnp"


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., ReplayWindow]:
    return lambda *answers: ReplayWindow(tmp_path, qapp, *answers)


async def two_runs(bench: ReplayWindow) -> tuple[RunId, RunId]:
    """The second one calls another tool first, then says something hostile."""
    first = await bench.recorded()
    bench.answer(
        {"calls": [{"tool": "look", "arguments": {"at": "gate"}}, {"tool": "look", "arguments": {"at": HOSTILE}}]},
        {"calls": [{"tool": "touch", "arguments": {"mark": "three"}}]},
        {"text": "Marked."},
    )
    toml = bench.project / "workbench.toml"
    toml.write_text('instructions = "Look first."\n' + toml.read_text())
    await bench.window.read_again()
    bench.window.new_conversation()
    return first, await bench.recorded()


def words(page: ComparePage) -> str:
    return "\n".join(label.text().replace("\u200b", "") for label in page.findChildren(QLabel))


async def test_the_open_run_is_compared_with_the_baseline_by_one_key(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    first, second = await two_runs(bench)
    bench.act(bench.run_place("run", first), "Set as baseline")
    assert "Compare with baseline" in bench.offered(bench.run_place("run", second))
    assert "Compare with baseline" not in bench.offered(bench.run_place("run", first))
    press(bench.window, Qt.Key.Key_F6)
    page: ComparePage = await bench.page(ComparePage)
    assert page.comparison.compared.comparison.runs[0].run_id == first
    shown = words(page)
    for word in ("≠ tool changed", "≈ arguments changed", '/mark: "two" → "three"', "= same"):
        assert word in shown
    assert "\u202e" not in shown
    causes = page.comparison.causes[0]
    assert [line.place for line in causes.lines] == ["instructions"]
    assert nameless(page) == []


async def test_only_differences_are_shown_when_wished_and_the_wire_diff_opens(
    opened: Callable[..., ReplayWindow],
) -> None:
    bench = opened({"calls": [{"tool": "look", "arguments": {}}]}, {"text": "Fine."})
    first = await bench.recorded()
    bench.answer({"calls": [{"tool": "look", "arguments": {}}]}, {"text": "Not so fine."})
    bench.window.new_conversation()
    second = await bench.recorded()
    bench.window.features.of(CompareFeature).compare([first, second])
    page: ComparePage = await bench.page(ComparePage)
    assert len(page.boxes) == 2
    click(page.only)
    assert [box.row.name for box in page.boxes] == ["Turn 1, round 2"]
    assert "1 round without differences hidden" in page.hidden.text()
    click(page.next_button)
    await until(page.boxes[0].hasFocus)
    click(page.only)
    assert len(page.boxes) == 2
    bench.answer({"calls": [{"tool": "look", "arguments": {}}]}, {"text": "Fine."})
    bench.window.new_conversation()
    third = await bench.recorded("Look, please.")
    bench.window.features.of(CompareFeature).compare([first, third])
    await until(lambda: bench.window.documents.currentWidget() not in (page, bench.window.pane))
    page = await bench.page(ComparePage)
    box = page.boxes[0]
    click(box.wire_button)
    assert any("Look, please." in getattr(view, "toPlainText", str)() for view in box.wire)
    click(box.wire_button)
    assert not any(view.isVisible() for view in box.wire)


async def test_runs_are_chosen_from_a_list_with_the_keyboard(opened: Callable[..., ReplayWindow]) -> None:
    bench = opened()
    first, second = await two_runs(bench)
    bench.act(bench.run_place("run", first), "Compare with…")
    page: RunPicker = await bench.page(RunPicker)
    assert not page.button.isEnabled()
    assert nameless(page) == []
    press(page.list, Qt.Key.Key_Space)
    assert page.choice.chosen == [first, second]
    assert page.button.isEnabled()
    press(page.list, Qt.Key.Key_Space)
    assert page.choice.chosen == [first]
    page.filter.setText("nowhere")
    assert page.list.count() == 0
    page.filter.setText("")
    press(page.list, Qt.Key.Key_Space)
    press(page.list, Qt.Key.Key_Return)
    compared: ComparePage = await bench.page(ComparePage)
    assert [run.run_id for run in compared.comparison.compared.comparison.runs] == [first, second]


async def test_a_comparison_is_copied_and_exported_and_hostile_text_stays_text(
    opened: Callable[..., ReplayWindow], tmp_path: Path
) -> None:
    bench = opened()
    comparing = bench.window.features.of(CompareFeature)
    comparing.compare(await two_runs(bench))
    page: ComparePage = await bench.page(ComparePage)
    click(page.copy_button)
    assert QGuiApplication.clipboard().text().startswith("# Comparison of runs")
    file = tmp_path / "out" / "comparison.html"
    file.parent.mkdir()
    file.write_text("mine")
    click(page.export_button)
    assert comparing.dialog is not None
    assert not comparing.dialog.isModal()
    comparing.dialog.fileSelected.emit(str(file))
    comparing.dialog.close()
    text = file.read_text(encoding="utf-8")
    assert "<img" not in text
    assert "\u202e" not in text
    toast = bench.window.toasts.shown[-1]
    assert "comparison.html" in toast.text.text()
    toast.take_back()
    assert file.read_text() == "mine"
    comparing.write(page.comparison, file / "x.html")
    assert "cannot be saved" in bench.window.toasts.shown[-1].text.text()
