"""Light, dark, high contrast or as the system; and the size of the text."""

from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton, QVBoxLayout, QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.look.look import APPEARANCES, Look


class AppearancePanel(QWidget):
    """Changes the look at once."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        choices, choice_row = flow_row()
        for appearance, text in APPEARANCES:
            button = QRadioButton(text)
            button.setAccessibleName(f"Appearance: {text}")
            button.clicked.connect(lambda _=False, appearance=appearance: look.show(appearance))
            self._group.addButton(button)
            self.choices[appearance] = button
            choice_row.addWidget(button)
        self._size = label("", "muted")
        smaller, normal, larger = (QPushButton(text) for text in ("Smaller", "Normal", "Larger"))
        sizes, size_row = flow_row()
        for steps, sizer in ((-1, smaller), (0, normal), (1, larger)):
            sizer.setAccessibleName(f"{sizer.text()} text")
            sizer.clicked.connect(lambda _=False, steps=steps: look.zoom_by(steps))
            size_row.addWidget(sizer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label("Theme", "caption"))
        column.addWidget(choices)
        column.addWidget(label("Font size", "caption"))
        column.addWidget(sizes)
        column.addWidget(self._size)
        self._refresh()
        look.follow(self, self._refresh)

    def _refresh(self) -> None:
        self.choices[self._look.appearance].setChecked(True)
        self._size.setText(f"Zoom {self._look.zoom:.0%}")
