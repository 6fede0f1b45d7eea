"""A plain table of texts: as high as its rows from the first moment, and written only where it changes."""

import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look


def test_rows_are_written_once_and_an_empty_table_has_its_height(
    qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = RowsTable("Words", ("Word", "Count"), look, wide=0)
    qtbot.addWidget(table)
    table.show_rows([], None)
    assert table.minimumHeight() == table.maximumHeight() > 0
    rows = [("a", "1"), ("b", "2")]
    table.show_rows(rows, 1)
    with monkeypatch.context() as patch:
        patch.setattr(RowsTable, "_write", lambda *_: pytest.fail("these rows are shown already"))
        table.show_rows(rows, 0)
    assert table.currentRow() == 0
    table.show_rows([("b", "2")], None)
    assert [cell.text() for cell in (table.item(0, 0), table.item(0, 1)) if cell is not None] == ["b", "2"]
    assert (table.rowCount(), table.currentRow()) == (1, -1)
