"""Notices that a file may have been changed by another program."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject
from PySide6.QtWidgets import QWidget

from workbench.gui.kit.timers import delay

_LOOK_MS = 150


class FileWatch(QObject):
    """Asks to look at the file when it or its folder changes, and when its window becomes the active one."""

    def __init__(self, path: Path, look: Callable[[], object], owner: QWidget) -> None:
        super().__init__(owner)
        self._path = path
        self._look = look
        self._owner = owner
        self._timer = delay(self, _LOOK_MS, self._take)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _: self._timer.start())
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        owner.installEventFilter(self)
        self._watch()

    def follow(self, path: Path) -> None:
        """The file has another name now."""
        self._path = path
        self._watch()

    def _take(self) -> None:
        self._watch()
        self._look()

    def _watch(self) -> None:
        """A file that was replaced has to be watched again."""
        known = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [str(path) for path in (self._path, self._path.parent) if path.exists() and str(path) not in known]
        if wanted:
            self._watcher.addPaths(wanted)

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ActivationChange and watched is self._owner and self._owner.isActiveWindow():
            self._timer.start()
        return False
