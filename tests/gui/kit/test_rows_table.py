"""A plain table of texts: as high as its rows from the first moment, and written only where it changes."""

import pytest
from PySide6.QtWidgets import QApplication

from workbench.app.project.resources import resources
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look


def test_rows_are_written_once_and_an_empty_table_has_its_height(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = RowsTable("Words", ("Word", "Count"), Look(qapp, resources() / "icons"), wide=0)
    table.show_rows([], None)
    assert table.minimumHeight() == table.maximumHeight() > 0
    rows = [("a", "1"), ("b", "2")]
    table.show_rows(rows, 1)
    with monkeypatch.context() as patch:
        patch.setattr(RowsTable, "_write", lambda *_: pytest.fail("these rows are shown already"))
        table.show_rows(rows, 0)
    assert table.currentRow() == 0
    table.show_rows([("b", "2")], None)
    assert (table.rowCount(), table.item(0, 0).text(), table.currentRow()) == (1, "b", -1)
    table.deleteLater()
