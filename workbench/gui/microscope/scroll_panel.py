"""The scroll area of a panel with evidence; Esc stops its sampling."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.microscope.ablation_bar import AblationBar


class ScrollPanel(ScrollArea):
    """Add parts to `column` from top to bottom."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.bar: AblationBar | None = None
        inner = QWidget()
        inner.setProperty("role", "page")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 10, 8, 16)
        self.column.setSpacing(10)
        self.setWidget(inner)

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.bar is not None:
            if event.type() == QEvent.Type.ShortcutOverride and self.bar.series.is_running:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self.bar.series.is_running:
                self.bar.end()
                return True
        return super().event(event)
