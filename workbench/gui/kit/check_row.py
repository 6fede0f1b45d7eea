"""Checkboxes in a row that wraps."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.viewmodels.shared.plain import one_line


class CheckRow(QWidget):
    """`picked` is emitted when the person checks or clears a box."""

    picked = Signal()

    def __init__(self, spoken: str) -> None:
        """`spoken` is the screen-reader prefix of each name."""
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self._spoken = spoken
        ground, self._flow = flow_row()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(ground)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The checked names, in order."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def show_names(self, names: Sequence[str], ticked: Collection[str]) -> bool:
        """Show these names; return whether they changed."""
        is_new = tuple(self.boxes) != tuple(names)
        if is_new:
            for box in self.boxes.values():
                self._flow.removeWidget(box)
                box.deleteLater()
            self.boxes = {name: self._box(name) for name in names}
        for name, box in self.boxes.items():
            box.setChecked(name in ticked)
        return is_new

    def _box(self, name: str) -> QCheckBox:
        box = QCheckBox(one_line(name, 40).replace("&", "&&"))
        box.setAccessibleName(f"{self._spoken} {name}")
        box.clicked.connect(self.picked)
        self._flow.addWidget(box)
        return box
