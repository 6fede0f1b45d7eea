"""Full text over everything that was said, called, returned and noted in the recorded runs of a project."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.app.project.folders import UserFolders
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.search_query import SearchQuery
from workbench.store.redaction import Redactor
from workbench.store.run_search import scan
from workbench.store.runs import RunStore
from workbench.store.search_file import IndexUnusable
from workbench.store.search_index import FoundText, SearchIndex
from workbench.store.search_text import TextKind

MAX_HITS = 200
HitKind = TextKind
_BEFORE, _AFTER = 40, 120
_FOLDER = "search"
_KEPT_S = 180 * 86_400
"""An index is deleted after nobody has searched it for this long."""


class SearchHit(msgspec.Struct, frozen=True):
    """A place that matches. `excerpt` is the text around it, `marks` the matches in the excerpt."""

    kind: HitKind
    run_id: RunId
    seq: int
    span: SpanPath
    at: float
    excerpt: str
    marks: tuple[tuple[int, int], ...] = ()
    call_id: CallId | None = None


class SearchResult(msgspec.Struct, frozen=True):
    """`is_cut`: there are more hits than these. `notice` says why the index was not used, if so."""

    hits: tuple[SearchHit, ...] = ()
    is_cut: bool = False
    notice: str = ""


class RunSearch:
    """Searches one project's runs. Every method may be slow and belongs on another thread; only one runs at a time."""

    def __init__(self, store: RunStore, folders: UserFolders, redactor: Redactor) -> None:
        self._store = store
        self._redactor = redactor
        self._folder = folders.state / _FOLDER
        name = hashlib.sha256(str(store.path).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        # The index of a temporary history ends with it.
        self._file = store.folder / "search.sqlite" if store.notice else self._folder / f"{name}.sqlite"
        self._index = SearchIndex(self._file, store.path, redactor)
        self._lock = threading.Lock()
        self._has_tidied = False

    def prepare(
        self,
        on_progress: Callable[[int, int], object] = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Index what was recorded since the last time. False if stopped. Raises `StoreError`."""
        with self._lock:
            if should_stop():  # the history may be closed by now
                return False
            while self._store.convert_next():
                if should_stop():
                    return False
            is_complete = self._index.catch_up(on_progress, should_stop)
            self._tidy()
            return is_complete

    def find(
        self,
        text: str,
        *,
        limit: int = MAX_HITS,
        on_progress: Callable[[int, int], object] = lambda done, total: None,
        should_stop: Callable[[], bool] = lambda: False,
        without_index: bool = False,
    ) -> SearchResult:
        """Texts that match `text` (see `core.search_query`); the newest run first, each run in its order.

        `on_progress` gets the number of indexed events and the total while the index is brought up to date;
        `without_index` searches the runs themselves. Raises `StoreError`.
        """
        query = SearchQuery.read(text)
        if query.is_empty or should_stop():
            return SearchResult()
        if query.literal or without_index:
            self._store.flush()
            return self._taken(scan(self._store.path, query, should_stop), query, limit, should_stop)
        try:
            if not self.prepare(on_progress, should_stop):
                return SearchResult()
            return self._taken(self._index.find(query), query, limit, should_stop)
        except IndexUnusable as error:
            found = self._taken(scan(self._store.path, query, should_stop), query, limit, should_stop)
            return msgspec.structs.replace(found, notice=error.message)

    def _taken(
        self, found: Iterable[FoundText], query: SearchQuery, limit: int, should_stop: Callable[[], bool]
    ) -> SearchResult:
        taken: list[tuple[float, SearchHit]] = []
        instructions: set[str] = set()
        is_cut = False
        for text in found:
            if should_stop():
                return SearchResult()
            if text.kind == "instructions":  # every run carries the same ones: the newest is enough
                if text.body in instructions:
                    continue
                instructions.add(text.body)
            if len(taken) == limit:
                is_cut = True
                break
            taken.append((text.started_at, self._hit(text, query)))
        taken.sort(key=lambda pair: (-pair[0], pair[1].run_id, pair[1].seq))
        return SearchResult(tuple(hit for _, hit in taken), is_cut)

    def _hit(self, text: FoundText, query: SearchQuery) -> SearchHit:
        body = self._redactor.text(text.body)
        spans = query.spans(body)
        begin = max(0, spans[0][0] - _BEFORE) if spans else 0
        end = (spans[0][1] if spans else 0) + _AFTER
        head = "…" if begin else ""
        excerpt = f"{head}{body[begin:end]}{'…' if end < len(body) else ''}"
        shift = len(head) - begin
        marks = tuple((first + shift, last + shift) for first, last in spans if last <= end)
        return SearchHit(text.kind, text.run_id, text.seq, text.span, text.at, excerpt, marks, text.call_id)

    def _tidy(self) -> None:
        """Delete the indexes of projects that nobody searches anymore."""
        if self._has_tidied:
            return
        self._has_tidied = True
        with suppress(OSError):
            self._file.touch()
            for path in _indexes(self._folder):
                if path.stat().st_mtime < time.time() - _KEPT_S:
                    path.unlink(missing_ok=True)


def _indexes(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.sqlite*") if path.is_file()]
