"""The page of the microscope: the decision above, and tabs with ways to look at it below."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from workbench.app.runs.live_run import LiveRun
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.gui.microscope.duel_panel import DuelPanel
from workbench.gui.microscope.mark_panel import MarkPanel
from workbench.gui.microscope.overlaps_panel import OverlapsPanel
from workbench.gui.microscope.panels import DUEL, PANELS, MakePanel
from workbench.gui.microscope.point_head import PointHead
from workbench.gui.microscope.votes_panel import VotesPanel
from workbench.viewmodels.microscope.mark_form import MarkForm
from workbench.viewmodels.microscope.marks import MarkList
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.votes import VotesViewModel
from workbench.viewmodels.shared.progress import Progress

VOTES = "Votes"


class MicroscopePage(QWidget):
    """One decision; `point` is shared by the head and all panels."""

    tool_asked = Signal(str)
    """The person wants to edit this tool."""
    description_written = Signal(str, str)
    """A tool, and the description it is to have."""
    case_asked = Signal()
    """The person wants the marked decision as a case."""

    def __init__(
        self,
        point: PointViewModel,
        look: Look,
        tasks: Tasks,
        *,
        marks: MarkList,
        toasts: Toasts,
        show_live: Callable[[LiveRun], object],
        follow: Callable[[Progress], object] = lambda progress: None,
    ) -> None:
        """`show_live` opens a run that goes on from an answer; `follow` shows progress in the window's own place."""
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.point = point
        self._look = look
        self._tasks = tasks
        self._waiting: dict[int, MakePanel] = {}
        self.head = PointHead(point, look)
        self.mark = MarkPanel(MarkForm(point, marks), look, toasts)
        self.mark.case_asked.connect(self.case_asked)
        self.votes = VotesPanel(VotesViewModel(point), look, tasks, toasts, show_live=show_live, follow=follow)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Microscope pages")
        self.tabs.tabBar().setAccessibleName("Microscope pages")
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setProperty("role", "pages")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 12)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.mark)
        column.addWidget(self.tabs, 1)
        self.tabs.addTab(self.votes, VOTES)
        for title, make in PANELS:
            self._add_later(title, make)
        self.tabs.currentChanged.connect(self._make)
        listen(self, point.work_begun, follow)

    def refresh(self) -> None:
        """The project was reloaded."""
        self.votes.reload()
        self.point.changed.emit()

    def show_panel(self, title: str) -> QWidget:
        """Open the tab with that title and return its panel; raises `LookupError` when there is none."""
        for place in range(self.tabs.count()):
            if self.tabs.tabText(place) == title:
                self.tabs.setCurrentIndex(place)
                self._make(place)
                ground = self.tabs.widget(place)
                if ground is self.votes:
                    return self.votes
                layout = ground.layout() if ground is not None else None
                item = layout.itemAt(0) if layout is not None else None
                panel = item.widget() if item is not None else ground
                assert panel is not None
                return panel
        raise LookupError(title)

    def show_duel(self, one: str, other: str) -> None:
        """Let two tools fight."""
        panel = self.show_panel(DUEL)
        assert isinstance(panel, DuelPanel)
        panel.choose(one, other)

    def stop(self) -> bool:
        """Stop and keep results so far. False when nothing was being asked."""
        is_asking = self.votes.votes.is_running
        self.votes.ask.end()
        return is_asking

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
            panel = make(self.point, self._look, self._tasks)
            layout.addWidget(panel)
            if isinstance(panel, OverlapsPanel):
                panel.duel_asked.connect(self.show_duel)
            if isinstance(panel, DuelPanel):
                panel.tool_asked.connect(self.tool_asked)
                panel.description_written.connect(self.description_written)

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Tools and variants may have been edited in another tab."""
        super().showEvent(event)
        self.votes.reload()

    def event(self, event: QEvent) -> bool:
        """Esc stops what is asked here, and not the run of a conversation."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.votes.votes.is_running:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self.stop()
        return super().event(event)
