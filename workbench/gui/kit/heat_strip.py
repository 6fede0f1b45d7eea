"""The heat of a description, read-only, below its editor."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from workbench.gui.kit.heat_text import HeatText
from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.description_heat import ShownHeat


class HeatStrip(QFrame):
    """Hidden while there is nothing to show."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.title = label("", "caption", wraps=True)
        self.text = HeatText(look, "Heat of the description's sentences")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 8)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.text)
        self.hide()

    def show_heat(self, heat: ShownHeat | None) -> None:
        """Show it, or nothing."""
        self.setVisible(heat is not None)
        if heat is not None:
            self.title.setText(heat.title)
            self.text.show_lines(heat.lines)
