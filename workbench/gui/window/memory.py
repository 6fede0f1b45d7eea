"""When Python looks for garbage: only on the window's thread, and only at quiet moments if it can wait for one.

Workaround (napari/napari#1029): left to itself, Python collects in whichever thread makes the object that is one too
many. What it deletes there may be a widget or a timer of Qt's, which must be deleted on the thread it belongs to: the
program can crash otherwise. Remove when PySide6 deletes on the right thread, and collection no longer costs frames.
"""

import ctypes
import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_LOOK_MS = 2_000
_SMALL_MS = 50
_MANY_TABS = 10
"""This many closed tabs are worth a full collection even while the window is in front."""
_CALM_LOOKS = 3
"""So is any closed tab, once no other was closed and nothing ran for this many looks. What runs left waits as long."""
_NEW_OBJECTS = 10_000
"""How many new objects are worth a small collection, which then takes about a millisecond."""
_SMALL_ONES = 4
"""How many small collections are worth one of the middle size, which takes a part of a frame; a full one takes several,
and waits."""


class Memory(QObject):
    """Collects when something has happened and nothing is going on anymore.

    What survives a collection is left alone afterwards, so that the next one is short; all of it is looked through only
    when the person is in another program.
    """

    def __init__(self, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._was_busy = False
        self._is_stale = False
        self._closed_tabs = 0
        self._calm_looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._small_timer = QTimer(self)
        self._small_timer.timeout.connect(collect_new)

    def settle(self) -> None:
        """What is there now stays; from here on, collect at quiet moments."""
        gc.disable()
        gc.freeze()
        self._timer.start(_LOOK_MS)
        self._small_timer.start(_SMALL_MS)

    def note_closed_tab(self, *_: object) -> None:
        """A tab was closed: what it held can be given back."""
        self._closed_tabs += 1
        self._calm_looks = 0
        self._is_stale = True

    def _look(self) -> None:
        if self._is_busy():
            self._was_busy = self._is_stale = True
            self._calm_looks = 0
            return
        self._calm_looks += 1
        is_calm = self._calm_looks >= _CALM_LOOKS
        is_enough = self._closed_tabs >= (1 if is_calm else _MANY_TABS)
        if self._is_stale and (is_enough or not _is_in_front()):
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            _give_back()
            self._was_busy = self._is_stale = False
            self._closed_tabs = 0
        elif self._was_busy and is_calm:
            gc.collect()
            gc.freeze()
            self._was_busy = False


def collect_new() -> None:
    """Collect among the newest objects, when there are enough of them."""
    new, small_ones, _ = gc.get_count()
    if new > _NEW_OBJECTS:
        gc.collect(1 if small_ones >= _SMALL_ONES else 0)


def _is_in_front() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive


def _give_back() -> None:
    """Return freed memory to the system; the C library would keep it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # there is none in musl
        if trim is not None:
            trim(0)
