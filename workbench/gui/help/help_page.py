"""A page of the user guide. It shows pictures from its own folder and loads nothing else."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look

GUIDE = "guide.md"
_FIT_MS = 150


class HelpPage(QTextBrowser):
    """Shows Markdown files of one folder; links between them are followed, any other link asks first."""

    link_asked = Signal(str)

    def __init__(self, folder: Path, look: Look) -> None:
        super().__init__()
        self._folder = folder.resolve()
        self._look = look
        self._file = GUIDE
        self.setObjectName("help")
        self.setProperty("role", "page")
        self.setAccessibleName("User guide")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.document().setDocumentMargin(28)
        self.anchorClicked.connect(self._follow)
        self._pictures_px = 0
        self._fit = delay(self, _FIT_MS, self._fit_pictures)
        self._take_look()
        look.follow(self, self._take_look)

    def open_file(self, name: str) -> None:
        """Show a file of the guide; the guide itself for an unknown name."""
        self._file = name if self._own(name) is not None else GUIDE
        self._take_look()

    def _take_look(self) -> None:
        path = self._own(self._file)
        self.document().setDefaultFont(self._look.font())
        self.setMarkdown(path.read_text(encoding="utf-8") if path is not None else "The guide is missing.")

    def _follow(self, url: QUrl) -> None:
        if url.isRelative() and self._own(url.path()) is not None:
            self.open_file(url.path())
        elif url.scheme() in ("http", "https"):
            self.link_asked.emit(url.toString())

    def _own(self, name: str) -> Path | None:
        """A file in the guide's folder, never outside it."""
        path = (self._folder / name).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None

    @property
    def _room_px(self) -> int:
        return max(320, min(self.viewport().width() - 64, self._look.px(860)))

    def _fit_pictures(self) -> None:
        """Fit the pictures to the page's width, and keep the same place of the text in view."""
        if self._room_px != self._pictures_px:
            bar = self.verticalScrollBar()
            share = bar.value() / max(1, bar.maximum())
            self._take_look()
            bar.setValue(round(share * bar.maximum()))

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit.start()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        url = QUrl(name)
        path = self._own(url.path()) if url.isRelative() else None
        if kind != QTextDocument.ResourceType.ImageResource.value or path is None:
            return None
        image = QImage(str(path))
        width = self._pictures_px = self._room_px
        if image.width() <= width:
            return image
        return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
