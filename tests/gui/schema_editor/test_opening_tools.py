"""From a call to its description with one key, from every place that shows the call."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.viewmodels.runs.run_place import place_of_row

LOOK: JsonObject = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}


async def ran(tmp_path: Path, qapp: QApplication) -> OpenWindow:
    bench = OpenWindow(make_project(tmp_path / "project", LOOK, {"text": "Done."}), tmp_path / "home", qapp)
    bench.send()
    await bench.idle()
    await until(lambda: bench.cards)
    return bench


def opened_tool(bench: OpenWindow) -> str:
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    return page.path.name


async def test_f12_on_a_card_opens_its_tool(tmp_path: Path, qapp: QApplication) -> None:
    bench = await ran(tmp_path, qapp)
    bench.cards[0].setFocus()
    QTest.keyClick(bench.cards[0], Qt.Key.Key_F12)
    assert opened_tool(bench) == "look.json"


async def test_the_unfolded_card_has_a_button_for_it(tmp_path: Path, qapp: QApplication) -> None:
    bench = await ran(tmp_path, qapp)
    bench.cards[0].expand(True)
    details = bench.cards[0].details
    assert details is not None
    QTest.mouseClick(details.open_tool, Qt.MouseButton.LeftButton)
    assert opened_tool(bench) == "look.json"


async def test_menus_of_cards_and_rows_offer_it_only_where_the_tool_has_a_file(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await ran(tmp_path, qapp)
    row = next(row for row in bench.pane.conversation.trace.rows if row.kind == "call")
    place = place_of_row(row)
    assert place is not None
    menu = bench.window.features.open_menu(place, bench.window.mapToGlobal(bench.window.rect().center()), bench.window)
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Open tool").trigger()
    menu.close()
    assert opened_tool(bench) == "look.json"
    (bench.session.project.folder / "tools" / "look.json").unlink()
    await bench.window.read_again()
    assert "open-tool" not in {action.name for action in bench.window.features.actions_at(place)}
