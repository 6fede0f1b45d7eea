"""A row that goes on in the next line: its height is kept for each width, until something changes."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from workbench.gui.kit.flow_layout import FlowLayout, flow_row

CHANGES: dict[str, Callable[[FlowLayout, QLabel, QLabel], object]] = {
    "another joins": lambda flow, first, other: flow.addWidget(other),
    "another comes first": lambda flow, first, other: flow.insertWidget(0, other),
    "a longer text": lambda flow, first, other: first.setText("word " * 40),
    "larger letters": lambda flow, first, other: first.setStyleSheet("font-size: 60pt"),
    "more room around": lambda flow, first, other: first.setContentsMargins(0, 90, 0, 90),
    "at least so high": lambda flow, first, other: first.setMinimumHeight(300),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_shown", [True, False])
async def test_a_row_gets_higher_with_what_is_in_it(qapp: QApplication, change: str, is_shown: bool) -> None:
    before, after = QWidget(), QWidget()
    row, flow = flow_row()
    first, other = QLabel("a"), QLabel("b\nb", before)
    for made in (first, other):
        made.setWordWrap(True)
        made.show()
    flow.addWidget(first)
    row.setParent(after)
    after.setVisible(is_shown)
    qapp.processEvents()
    height = flow.heightForWidth(80)
    assert height > 0
    CHANGES[change](flow, first, other)
    qapp.processEvents()
    assert flow.heightForWidth(80) > height
    first.hide()
    other.hide()
    assert flow.heightForWidth(80) == 0
    after.close()
