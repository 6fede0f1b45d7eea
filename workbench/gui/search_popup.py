"""Search everywhere: a text in all recorded runs; Enter opens the run at the place, Esc closes."""

import asyncio
import threading
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.app.search import SearchHit, SearchResult, search_runs
from workbench.app.session import Session
from workbench.core.errors import StoreError
from workbench.gui.actions import Command
from workbench.gui.labels import label
from workbench.gui.look import Look
from workbench.gui.tasks import Tasks
from workbench.viewmodels import figures
from workbench.viewmodels.plain import one_line

_HIT_ROLE = int(Qt.ItemDataRole.UserRole)
_WIDTH, _ROWS = 760, 14
_PAUSE_MS = 200
_MIN_CHARS = 2
_TASK = "search everywhere"


class SearchPopup(QFrame):
    """A popup over its window. What is typed is looked for when the typing pauses, on another thread."""

    def __init__(
        self, session: Session, look: Look, tasks: Tasks, window: QWidget, opened: Callable[[SearchHit], object]
    ) -> None:
        """`opened` is called with the hit that was chosen."""
        super().__init__(window, Qt.WindowType.Popup)
        self._session = session
        self._look = look
        self._tasks = tasks
        self._window = window
        self._opened = opened
        self._stop = threading.Event()
        self.setProperty("role", "popup")
        self.setAccessibleName("Search everywhere")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search prompts, answers, calls and results of all runs…")
        self.field.setAccessibleName("Search everywhere")
        self.field.textChanged.connect(self._on_text)
        self.field.installEventFilter(self)
        self.summary = label("", "hint")
        self.list = QListWidget()
        self.list.setAccessibleName("Places found")
        self.list.setProperty("role", "list")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._open)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.summary)
        column.addWidget(self.list)

    def open(self) -> None:
        """Show it in the upper middle of its window; the last question is there to be asked again."""
        window = self._window
        width = min(self._look.px(_WIDTH), window.width() - 40)
        self.list.setFixedHeight(self._look.px(26) * _ROWS)
        self.resize(width, self.sizeHint().height())
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, self._look.px(52))))
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._on_text(self.field.text())

    def _on_text(self, text: str) -> None:
        self._stop.set()
        if len(text.strip()) < _MIN_CHARS:
            self._pause.stop()
            self._show(SearchResult(), "")
            return
        self.summary.setText("Searching…")
        self._pause.start()

    def _search(self) -> None:
        if self._tasks.is_running(_TASK):
            self._pause.start()  # the one before was told to stop and is about to
            return
        self._stop = threading.Event()
        self._tasks.start(_TASK, self._find(self.field.text(), self._stop))

    async def _find(self, text: str, stop: threading.Event) -> None:
        try:
            found = await asyncio.to_thread(search_runs, self._session.store, text, should_stop=stop.is_set)
        except StoreError as error:
            if not stop.is_set():
                self._show(SearchResult(), error.message)
            return
        except asyncio.CancelledError:
            stop.set()  # the thread is told as well
            raise
        if stop.is_set():
            return
        words = figures.count(len(found.hits), "place") if found.hits else "Nothing was found"
        self._show(found, f"The newest {words}, there are more" if found.is_cut else words)

    def _show(self, found: SearchResult, words: str) -> None:
        self.summary.setText(words)
        self.list.clear()
        for hit in found.hits:
            item = QListWidgetItem(f"{figures.clock_time(hit.at)}  {hit.kind}:  {one_line(hit.excerpt)}")
            item.setData(_HIT_ROLE, hit)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        hit: SearchHit = item.data(_HIT_ROLE)
        self.hide()
        self._opened(hit)

    # overrides of Qt

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()
        self._stop.set()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)


def search_commands(popup: Callable[[], SearchPopup]) -> tuple[Command, ...]:
    """What the palette offers about searching."""
    return (Command("search", "Search everywhere", "View", lambda: popup().open(), ("Ctrl+Shift+F",), "search"),)
