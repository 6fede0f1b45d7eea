"""Search everywhere: a text in all recorded runs; Enter opens the run at the place, Esc closes."""

import asyncio
import threading
from collections.abc import Callable

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.app.search.search import RunSearch, SearchHit, SearchResult
from workbench.core.errors import StoreError
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay, ticker
from workbench.gui.look.look import Look
from workbench.gui.search.indexing import Indexing
from workbench.viewmodels.search.search import HELP, HINT, row_of, summary

_PAUSE_MS = 150
_WATCH_MS = 120
_MIN_CHARS = 2
_TASK = "search everywhere"


class SearchPopup(PopupList):
    """What is typed is looked for when the typing pauses, on another thread."""

    def __init__(
        self,
        search: RunSearch,
        indexing: Indexing,
        look: Look,
        tasks: Tasks,
        window: QWidget,
        opened: Callable[[SearchHit, str], object],
    ) -> None:
        """`opened` is called with the hit that was chosen and the words that were looked for."""
        super().__init__(look, window, name="Search everywhere", hint=HINT, width=820, rows=14)
        self._search = search
        self._indexing = indexing
        self._tasks = tasks
        self._opened = opened
        self._stop = threading.Event()
        self._pause = delay(self, _PAUSE_MS, self._begin)
        self._watch = ticker(self, _WATCH_MS, self._show_progress)
        self.stop_button = QPushButton("Stop")
        self.stop_button.setAccessibleName("Stop preparing the search")
        self.stop_button.setProperty("role", "link")
        self.stop_button.clicked.connect(indexing.stop)
        self.stop_button.hide()
        self.line.addWidget(self.stop_button)

    def open(self) -> None:
        """Show it; the index is brought up to date meanwhile."""
        self._indexing.begin()
        self._watch.start()
        super().open()

    def typed(self, text: str) -> None:
        """Look for it, soon."""
        self._stop.set()
        if len(text.strip()) < _MIN_CHARS:
            self._pause.stop()
            self._show(SearchResult(), HELP)
            return
        self.say("Searching…")
        self._pause.start()

    def choose(self, payload: object) -> None:
        """Open the place."""
        if isinstance(payload, SearchHit):
            self._opened(payload, self.field.text())

    def _begin(self) -> None:
        if self._tasks.is_running(_TASK):
            self._pause.start()  # the one before was asked to stop and is about to
            return
        self._stop = threading.Event()
        self._tasks.start(_TASK, self._find(self.field.text(), self._stop))

    async def _find(self, text: str, stop: threading.Event) -> None:
        try:
            is_scan = self._indexing.is_stopped
            found = await asyncio.to_thread(self._search.find, text, should_stop=stop.is_set, without_index=is_scan)
        except StoreError as error:
            if not stop.is_set():
                self._show(SearchResult(), error.message)
            return
        except asyncio.CancelledError:
            stop.set()  # the thread gets the signal as well
            raise
        if not stop.is_set():
            self._show(found, summary(found))

    def _show(self, found: SearchResult, words: str) -> None:
        self.say(words)
        self.show_rows([row_of(hit) for hit in found.hits])

    def _show_progress(self) -> None:
        progress = self._indexing.progress
        is_shown = progress is not None and progress.is_worth_showing
        self.stop_button.setVisible(is_shown)
        if progress is not None and is_shown:
            self.say(progress.words)
        elif progress is None and not self._pause.isActive():
            self._watch.stop()

    # overrides of Qt

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()
        self._watch.stop()
        self._stop.set()
        super().hideEvent(event)
