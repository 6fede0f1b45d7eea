"""The explorer pane: a box to find things in, and the tree."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.look.look import Look
from workbench.viewmodels.explorer.explorer import ExplorerViewModel


class ExplorerPane(QWidget):
    """Finds tools, conversations and runs by their words."""

    def __init__(self, explorer: ExplorerViewModel, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.filter = QLineEdit()
        self.filter.setProperty("role", "filter")
        self.filter.setPlaceholderText("Find tools and conversations")
        self.filter.setAccessibleName("Find tools and conversations")
        self.filter.setClearButtonEnabled(True)
        for button in self.filter.findChildren(QToolButton):
            button.setAccessibleName("Show all")
        self.filter.textChanged.connect(explorer.filter_by)
        self.tree = ExplorerView(explorer, look)
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 2)
        head.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tree, 1)
