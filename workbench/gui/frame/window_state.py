"""What the window remembers between starts: appearance, zoom, size, panes. Never part of a project."""

from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QRectF, QSettings
from PySide6.QtWidgets import QDockWidget, QMainWindow

from workbench.gui.look.look import Appearance, Look

LAYOUT_VERSION = 1


class WindowState:
    """A small file of its own in the user's state folder."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def restore_look(self, look: Look) -> None:
        """Show the remembered appearance, or the system's."""
        appearance = str(self._settings.value("appearance", "system"))
        known: tuple[Appearance, ...] = get_args(Appearance)
        chosen: Appearance = next((name for name in known if name == appearance), "system")
        try:
            zoom = float(str(self._settings.value("zoom", 1.0)))
        except ValueError:
            zoom = 1.0
        look.show(chosen, zoom)

    def keep_look(self, look: Look) -> None:
        """Remember appearance and zoom."""
        self._settings.setValue("appearance", look.appearance)
        self._settings.setValue("zoom", look.zoom)

    def restore_place(self, window: QMainWindow) -> bool:
        """Restore size and position of the window; False when there is nothing usable."""
        geometry = self._settings.value("geometry")
        return isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)

    def text(self, name: str) -> str:
        """A small value that a view has saved; empty if there is none."""
        return str(self._settings.value(f"views/{name}", ""))

    def keep_text(self, name: str, text: str) -> None:
        """Save a small value of a view."""
        self._settings.setValue(f"views/{name}", text)

    @property
    def panes(self) -> tuple[tuple[str, QRectF], ...]:
        """Titles and last places of the panes, as shares of their room; none if unknown."""
        found = self._settings.value("places")
        if not isinstance(found, list):
            return ()
        pairs = zip(found[::2], found[1::2], strict=False)
        return tuple((title, place) for title, place in pairs if isinstance(title, str) and isinstance(place, QRectF))

    def restore_window(self, window: QMainWindow) -> bool:
        """Restore size and panes; False when there is nothing usable."""
        geometry, panes = self._settings.value("geometry"), self._settings.value("panes")
        if not isinstance(geometry, QByteArray) or not isinstance(panes, QByteArray):
            return False
        return window.restoreGeometry(geometry) and window.restoreState(panes, LAYOUT_VERSION)

    def keep_window(self, window: QMainWindow) -> None:
        """Remember size and panes."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("panes", window.saveState(LAYOUT_VERSION))
        self._settings.setValue("places", _places(window))
        self._settings.sync()


def _places(window: QMainWindow) -> list[str | QRectF]:
    """The data of `WindowState.panes`, as one flat list."""
    shown = [
        dock for dock in window.findChildren(QDockWidget) if dock.isVisible() and not dock.visibleRegion().isEmpty()
    ]
    places = [dock.geometry() for dock in shown]
    middle = window.centralWidget()
    if middle is not None:
        places.append(middle.geometry())
    top = min((place.top() for place in places), default=0)
    width, height = window.width(), max((place.bottom() for place in places), default=0) - top
    if not shown or width <= 0 or height <= 0:
        return []
    flat: list[str | QRectF] = []
    for dock in shown:
        at = dock.geometry()
        share = QRectF(at.x() / width, (at.y() - top) / height, at.width() / width, at.height() / height)
        flat += [dock.windowTitle(), share]
    return flat
