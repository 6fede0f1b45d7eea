"""A case in a table that is typed into: what a cell shows can be typed back, and what cannot stand there is refused."""

import pytest

from workbench.core.errors import UsageError
from workbench.core.suite.case_line import read_case
from workbench.viewmodels.suites.case_cells import CASE_COLUMNS, case_cells, edited_case

CASE = read_case({"id": "a", "request": "Where?", "expected": "track", "arguments": {"id": 1}, "never": ["buy"]})


def test_a_cell_that_is_typed_back_changes_nothing() -> None:
    for column, text in zip(CASE_COLUMNS, case_cells(CASE), strict=True):
        assert edited_case(CASE, column, text) == CASE


@pytest.mark.parametrize(
    ("column", "text", "cell"),
    [
        ("Id", "b", "b"),
        ("Request", "Who?", "Who?"),
        ("Expected", "no call", "no call"),
        ("Expected", 'buy {"n": 2}', 'buy {"n":2}'),
        ("Split", "held-out", "held-out"),
        ("Tags", "x, y ,x", "x, y"),
        ("Cluster", "c", "c"),
    ],
)
def test_each_cell_changes_its_own_part(column: str, text: str, cell: str) -> None:
    changed = edited_case(CASE, column, text)
    assert case_cells(changed)[CASE_COLUMNS.index(column)] == cell
    assert changed.turns[0].expected.never == ("buy",)


@pytest.mark.parametrize(
    ("column", "text"), [("Id", " "), ("Request", ""), ("Expected", "a + b"), ("Expected", "a {"), ("Split", "train")]
)
def test_what_cannot_stand_there_is_refused(column: str, text: str) -> None:
    with pytest.raises(UsageError):
        edited_case(CASE, column, text)
