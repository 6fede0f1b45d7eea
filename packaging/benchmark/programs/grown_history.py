"""A history of many runs: a refresh of the list, a message that follows up, and a search."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmark.programs.bench_project import open_session
from benchmark.programs.cost import order, report
from benchmark.programs.grown import record_runs
from workbench.core.ids import RunId
from workbench.viewmodels.explorer.explorer import ExplorerViewModel

_TIMES = 9


def median_s(act: Callable[[int], object]) -> float:
    """The processor time that this thread takes for it, the middle one of several times."""
    taken = []
    for number in range(_TIMES):
        begun = time.thread_time()
        act(number)
        taken.append(time.thread_time() - begun)
    return sorted(taken)[_TIMES // 2]


def main() -> None:
    """Measure as ordered."""
    told = order()
    size = told["size"]
    session = open_session(Path(told["folder"]), "http://127.0.0.1:9/v1")
    record_runs(session.store, 0, size)
    disk = sum(path.stat().st_size for path in session.store.folder.glob("runs.sqlite*"))
    explorer = ExplorerViewModel(session)
    explorer.show_history(explorer.history_rows(session.runs.tree()))
    shown = []
    for number in range(_TIMES):
        record_runs(session.store, size + number, 1)
        rows = explorer.history_rows(session.runs.tree())  # on the reading thread
        begun = time.thread_time()
        explorer.show_history(rows)
        shown.append(time.thread_time() - begun)
    newest = RunId(f"chat{size - 1:06}-run-000000")
    follow_s = median_s(lambda _: session.runs.conversation_runs(newest))
    session.search.prepare()
    found = []
    for number in range(_TIMES):
        record_runs(session.store, size + _TIMES + number, 1)
        begun = time.thread_time()
        session.search.prepare()
        session.search.find("number please")
        found.append(time.thread_time() - begun)
    search_s = sorted(found)[_TIMES // 2]
    report(search_s=search_s, refresh_s=sorted(shown)[_TIMES // 2], follow_s=follow_s, disk_a_run=disk / size)
    session.store.close()


if __name__ == "__main__":
    main()
