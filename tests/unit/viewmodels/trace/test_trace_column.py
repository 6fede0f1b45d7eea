"""The columns of the trace."""

from typing import get_args

from workbench.viewmodels.trace.trace_column import COLUMNS, ColumnName


def test_every_column_has_a_heading_and_its_place() -> None:
    assert tuple(column.name for column in COLUMNS) == get_args(ColumnName)
