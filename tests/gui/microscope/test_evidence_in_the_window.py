"""Evidence on the page of the microscope, in the real window."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.reacting import ASKED, WordyModel, wordy_project
from tests.support.voting import answer_with
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.microscope.duel_panel import DuelPanel
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.microscope.microscope_page import MicroscopePage
from workbench.gui.microscope.overlaps_panel import OverlapsPanel
from workbench.gui.microscope.panels import PANELS
from workbench.gui.microscope.what_if_panel import WhatIfPanel
from workbench.gui.microscope.words_panel import WordsPanel
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.runs.run_place import RunPlace


async def opened(tmp_path: Path, app: QApplication) -> tuple[OpenWindow, MicroscopePage]:
    """A window in which the wrong tool was called, and the page about it."""
    folder = wordy_project(tmp_path / "project")
    toml = folder / "workbench.toml"
    toml.write_text(toml.read_text() + '\n[[approval]]\ntool = "*"\naction = "allow"\n')
    bench = OpenWindow(folder, tmp_path / "home", app)
    answer_with(bench.session, WordyModel())
    bench.send(ASKED)
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    page = await bench.window.features.of(MicroscopeFeature).page(RunPlace("call", run_id, "turn-1/round-1/call-1"))  # type: ignore[arg-type]
    assert page is not None
    return bench, page


async def test_every_tab_opens_with_every_control_named(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = await opened(tmp_path, qapp)
    for title, _ in PANELS:
        page.show_panel(title)
    await until(lambda: not any(name.startswith("evidence") for name in bench.tasks._tasks))
    assert nameless(page) == []


async def test_enter_on_a_cell_of_the_map_opens_the_duel_in_its_tab(qapp: QApplication, tmp_path: Path) -> None:
    _bench, page = await opened(tmp_path, qapp)
    overlaps = page.show_panel("Overlaps")
    assert isinstance(overlaps, OverlapsPanel)
    await until(lambda: overlaps.overlaps.names)
    table = overlaps.table
    table.setFocus()
    table.setCurrentIndex(table.cells.index(1, 3))
    QTest.keyClick(table, Qt.Key.Key_Return)
    duel = page.show_panel("Duel")
    assert isinstance(duel, DuelPanel)
    await until(lambda: [side.tool for side in duel.duel.sides] == list(overlaps.overlaps.names[1:3]))


async def test_closing_the_window_while_changes_are_tried_ends_them_and_keeps_what_came(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench, page = await opened(tmp_path, qapp)
    panel = page.show_panel("What if")
    assert isinstance(panel, WhatIfPanel)
    series = panel.what_if.series
    series.ask_times(1000)
    panel.bar.begin()
    await until(lambda: series.base is not None and series.base.trials > 5)
    await bench.close()
    assert not series.is_running
    kept = list((tmp_path / "project" / ".workbench" / "samplings").glob("changes-*.json"))
    assert len(kept) == 1


async def test_the_heat_of_the_page_is_seen_in_the_editor(qapp: QApplication, tmp_path: Path) -> None:
    bench, page = await opened(tmp_path, qapp)
    panel = page.show_panel("Words")
    assert isinstance(panel, WordsPanel)
    panel.bar.begin()
    await until(lambda: panel.words.heat)
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("details")
    assert editor is not None
    shown = editor.editor.description_heat("/description", panel.words.description)
    assert shown is not None
    assert [line.figure for line in shown.lines] == ["0", "+100"]


async def test_a_description_is_edited_in_the_duel_and_the_votes_then_compare_before_and_after(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench, page = await opened(tmp_path, qapp)
    assert [box.is_chosen for box in page.votes.votes.choice.variants[:2]] == [True, False]
    duel = page.show_panel("Duel")
    assert isinstance(duel, DuelPanel)
    await until(lambda: duel.duel.sides)
    side, tool = duel.sides[0], duel.duel.sides[0].tool
    QTest.mouseClick(side.edit, Qt.MouseButton.LeftButton)
    present = bench.session.project.toolset.named(tool)
    assert present is not None
    assert side.box.toPlainText() == present.description
    side.box.setPlainText("Something else.")
    QTest.mouseClick(side.save, Qt.MouseButton.LeftButton)
    path = bench.session.project.folder / "tools" / f"{tool}.json"
    assert '"Something else."' in path.read_text(encoding="utf-8")
    await until(lambda: [box.is_chosen for box in page.votes.votes.choice.variants[:2]] == [True, True])
    bench.window.toasts.shown[-1].take_back()
    assert '"Something else."' not in path.read_text(encoding="utf-8")
