"""The trace against a bare table: a hundred thousand rows get two hundred more; a long trace is opened."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from benchmark.programs import long_trace
from benchmark.programs.cost import order, report
from workbench.app.project.resources import resources
from workbench.core.event import RunEvent
from workbench.core.log import EventLog
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_view import TraceView
from workbench.gui.window.qt_loop import make_application
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore
from workbench.viewmodels.trace.trace import TraceViewModel

_NOWHERE = QModelIndex()
_SIZE = (520, 450)


class BareModel(QAbstractTableModel):
    """Rows of four texts, nothing else."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._rows = [("span", "wait", "1 ms", "12")] * count

    def grow(self, count: int) -> None:
        """Add rows at the end."""
        self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows) + count - 1)
        self._rows += [("span", "wait", "1 ms", "12")] * count
        self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802 — Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802 — Qt's name
        return 4

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def main() -> None:
    """Measure as ordered."""
    told = order()
    app = make_application(["benchmark"])
    look = Look(app, resources() / "icons")
    report(**growth(app, look, told["rows"], told["times"]), **opening(app, look, Path(told["folder"]), told["events"]))


def growth(app: QApplication, look: Look, rows: int, times: int) -> dict[str, float]:
    """Milliseconds of this thread to take 200 rows more, scrolled to the end so that they are painted."""
    trace = TraceViewModel()
    count = rows // long_trace.rows_of_a_round()
    trace.apply([*long_trace.opening(), *long_trace.rounds(1, count)])
    folded = TraceViewModel()  # the bare table's facts are folded as well, so that only showing them is compared
    folded.apply([*long_trace.opening(), *long_trace.rounds(1, count)])
    view = TraceView(trace, look)
    bare_model = BareModel(len(trace.rows))
    bare = QTableView()
    bare.setModel(bare_model)
    added = 200 // long_trace.rows_of_a_round() + 1
    for widget, table in ((view, view.table), (bare, bare)):
        _show(app, widget)
        table.scrollToBottom()
        app.processEvents()
    ours, theirs = [], []
    for number in range(times):
        events = list(long_trace.rounds(count + 1 + number * added, added))
        before = len(trace.rows)
        ours.append(_cost(app, partial(trace.apply, events)))
        grown = len(trace.rows) - before
        theirs.append(_cost(app, partial(_fold_and_grow, folded, events, bare_model, grown)))
        assert 200 <= grown <= 220, grown
    view.hide()
    bare.hide()
    return {"grow": sorted(ours)[times // 2], "bare_grow": sorted(theirs)[times // 2], "rows": len(trace.rows)}


def _fold_and_grow(folded: TraceViewModel, events: list[RunEvent], model: BareModel, count: int) -> None:
    folded.apply(events)
    model.grow(count)


def opening(app: QApplication, look: Look, folder: Path, count: int) -> dict[str, float]:
    """Milliseconds of this thread from a stored trace to its first paint, and what they consist of."""
    events: list[RunEvent] = [
        *long_trace.opening(),
        *long_trace.rounds(1, count // long_trace.events_of_a_round()),
    ]
    store = RunStore(folder, Redactor())
    log = EventLog()
    store.follow(log)
    for event in events:
        log.append(event)
    store.flush()
    views: list[QWidget] = []
    trace = TraceViewModel()
    found: list[RunEvent] = []
    read = _cost(app, lambda: found.extend(store.events(long_trace.RUN)))
    folded = _cost(app, lambda: trace.apply(found))
    view_cost = _cost(app, lambda: views.append(_show(app, TraceView(trace, look))))
    bare = QTableView()
    bare_model = BareModel(len(trace.rows))
    bare.setModel(bare_model)
    bare_cost = _cost(app, lambda: views.append(_show(app, bare)))
    store.close()
    return {"read": read, "fold": folded, "paint": view_cost, "bare_paint": bare_cost, "opened": len(trace.rows)}


def _show(app: QApplication, widget: QWidget) -> QWidget:
    widget.resize(*_SIZE)
    widget.show()
    app.processEvents()
    return widget


def _cost(app: QApplication, act: Callable[[], object]) -> float:
    begun = time.thread_time()
    act()
    app.processEvents()
    return (time.thread_time() - begun) * 1000


if __name__ == "__main__":
    main()
