"""A drop-down list of a few named choices. Nothing in it is markup."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from workbench.gui.kit.combo_box import ComboBox
from workbench.viewmodels.shared.plain import one_line


class ChoiceBox(ComboBox):
    """Tells the key of what was chosen by the person."""

    picked = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.activated.connect(lambda _: self.picked.emit(self.currentData()))

    def show_choices(self, choices: Sequence[tuple[str, str]], current: str) -> None:
        """Offer these (key, words); `current` is chosen."""
        shown = [(key, one_line(words, 80)) for key, words in choices]
        if [(self.itemData(place), self.itemText(place)) for place in range(self.count())] != shown:
            self.clear()
            for key, words in shown:
                self.addItem(words, key)
        self.setCurrentIndex(self.findData(current))
