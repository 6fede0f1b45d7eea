"""The page of the microscope: the decision above, and tabs with ways to look at it below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from workbench.gui.look import Look
from workbench.gui.microscope.panels import PANELS, MakePanel
from workbench.gui.microscope.point_head import PointHead
from workbench.gui.tasks import Tasks
from workbench.viewmodels.microscope.point import PointViewModel


class MicroscopePage(QWidget):
    """One decision; `point` is shared by the head and all panels."""

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.point = point
        self._look = look
        self._tasks = tasks
        self._waiting: dict[int, MakePanel] = {}
        self.head = PointHead(point, look)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Ways to look at this decision")
        self.tabs.tabBar().setAccessibleName("Ways to look at this decision")
        self.tabs.tabBar().setDrawBase(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 12)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.tabs, 1)
        for title, make in PANELS:
            self._add_later(title, make)
        self.tabs.currentChanged.connect(self._make)

    @property
    def title(self) -> str:
        """For the tab."""
        return f"Why {self.point.chosen_tool or 'no call'}?"

    def show_panel(self, title: str) -> QWidget:
        """Open the tab with that title and return its panel; raises `LookupError` when there is none."""
        for place in range(self.tabs.count()):
            if self.tabs.tabText(place) == title:
                self.tabs.setCurrentIndex(place)
                self._make(place)
                ground = self.tabs.widget(place)
                layout = ground.layout() if ground is not None else None
                item = layout.itemAt(0) if layout is not None else None
                panel = item.widget() if item is not None else ground
                assert panel is not None
                return panel
        raise LookupError(title)

    def _add_later(self, title: str, make: MakePanel) -> None:
        ground = QWidget()
        ground.setProperty("role", "page")
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 8, 0, 0)
        self._waiting[self.tabs.addTab(ground, title)] = make

    def _make(self, place: int) -> None:
        make = self._waiting.pop(place, None)
        ground = self.tabs.widget(place)
        layout = ground.layout() if ground is not None else None
        if make is not None and layout is not None:
            layout.addWidget(make(self.point, self._look, self._tasks))
