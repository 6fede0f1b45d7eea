"""The side of the editor: what is sent, and what changed."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.changes_view import ChangesView
from workbench.gui.schema_editor.preview_view import PreviewView
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel


class SidePanel(QWidget):
    """Two pages."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.preview = PreviewView(editor, look, keys)
        self.changes = ChangesView(editor, look, keys)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Side pages")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._stack = QStackedWidget()
        for title, page in (("Preview", self.preview), ("Changes", self.changes)):
            self.tabs.addTab(title)
            self._stack.addWidget(page)
        self.tabs.currentChanged.connect(self._turn)
        keys.watch(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def open_page(self, title: str) -> None:
        """Show the page of that title."""
        places = [self.tabs.tabText(place) for place in range(self.tabs.count())]
        self.tabs.setCurrentIndex(places.index(title))

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._refresh()

    def _refresh(self) -> None:
        self.preview.refresh()
        self.changes.refresh()

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
