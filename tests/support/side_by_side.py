"""A pytest plug-in: tests are collected once, and then run side by side in forks of that process.

Collecting thousands of tests takes longer than most of them do, and so does importing what they test. A fork has all of
it at once, so there can be more processes than processors, which use the time in which others wait.

    python -m pytest -p tests.support.side_by_side

Whole files are handed out, those that take long first. A process that dies fails the test that it ran; another one goes
on with the rest of its file.
"""

import contextlib
import gc
import importlib
import mmap
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest
from _pytest._io import TerminalWriter

MOST_AT_ONCE = 60
"""Longer files are handed out in parts."""
LONG_FIRST = ("reliability", "e2e", "gui", "architecture", "flows", "contract", "unit")
MANY = 1000
PRELOADED = ("openai", "anthropic", "mcp", "scipy.stats", "fastapi", "uvicorn", "hypothesis.strategies")
"""What takes long to import, and what some of very many tests import sooner or later."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forks", type=int, default=(os.cpu_count() or 1) + 1, help="processes that run tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all tests in forks; leave a few of them, or none at all, to pytest itself."""
    parts = _parts(session.items)
    options = session.config.option
    if session.testsfailed or options.collectonly or options.usepdb or options.forks < 2 or len(parts) < 2:
        return None
    for name in PRELOADED if len(session.items) > MANY else ():
        with contextlib.suppress(ImportError):  # an extra that is not installed; its tests are skipped
            importlib.import_module(name)
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()  # what is there by now stays, and is shared as long as nobody writes to it
    _Parent(session, parts).run(min(options.forks, len(parts)))
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)
    return True


def _parts(items: Sequence[pytest.Item]) -> list[tuple[int, ...]]:
    """The positions of the tests of a file, or of some of them."""
    parts = []
    for _, members in groupby(range(len(items)), lambda index: items[index].path):
        of_file = tuple(members)
        parts.extend(of_file[start : start + MOST_AT_ONCE] for start in range(0, len(of_file), MOST_AT_ONCE))

    def rank(part: tuple[int, ...]) -> int:
        item = items[part[0]]
        if item.get_closest_marker("child_process") or item.get_closest_marker("local_model"):
            return 0
        return next((rank for rank, name in enumerate(LONG_FIRST) if f"/{name}/" in item.path.as_posix()), 0)

    return sorted(parts, key=rank)


_kept_open: list[object] = []


class _Parent:
    """Hands out the parts, and tells the other plug-ins what came of the tests."""

    def __init__(self, session: pytest.Session, parts: list[tuple[int, ...]]) -> None:
        self._session = session
        self._parts = parts[::-1]
        self._context = multiprocessing.get_context("fork")
        self._stop = mmap.mmap(-1, 1)
        self._processes: dict[Connection, Any] = {}
        self._held: dict[Connection, list[int]] = {}
        """What a process has been given and not finished, in its order."""

    def run(self, count: int) -> None:
        """Until every test has run, or one too many has failed."""
        try:
            for _ in range(count):
                self._start()
            while self._processes:
                for ready in wait(list(self._processes)):
                    assert isinstance(ready, Connection)
                    self._hear(ready)
        finally:
            self._stop[0] = 1
            for process in self._processes.values():
                process.terminate()
                process.join()

    def _start(self) -> None:
        if not self._parts:
            return
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(self._session, theirs, self._stop, len(self._held)))
        process.start()
        theirs.close()
        self._processes[ours] = process
        self._held[ours] = []

    def _hear(self, worker: Connection) -> None:
        hook = self._session.config.hook
        try:
            kind, said = worker.recv()
        except (EOFError, ConnectionResetError):
            self._end(worker)
            return
        match kind:
            case "next":
                part = self._parts.pop() if self._parts and not self._stop[0] else ()
                self._held[worker].extend(part)
                worker.send(part)
            case "start":
                hook.pytest_runtest_logstart(nodeid=said[0], location=said[1])
            case "report":
                report = hook.pytest_report_from_serializable(config=self._session.config, data=said)
                hook.pytest_runtest_logreport(report=report)
            case _:
                del self._held[worker][0]
                hook.pytest_runtest_logfinish(nodeid=said[0], location=said[1])
        if self._session.shouldfail or self._session.shouldstop:
            self._stop[0] = 1

    def _end(self, worker: Connection) -> None:
        """A process is over. If there is still something that it was to do, it has died of it."""
        process = self._processes.pop(worker)
        process.join()
        worker.close()
        held = self._held[worker]
        if not held or self._stop[0]:
            return
        item, *rest = (self._session.items[index] for index in held)
        said = f"the process that ran it died (exit code {process.exitcode})"
        report = pytest.TestReport(item.nodeid, item.location, {}, "failed", said, "call")
        item.config.hook.pytest_runtest_logreport(report=report)
        item.config.hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        if rest:
            self._parts.append(tuple(held[1:]))
        self._start()


class _Reporter:
    """In a fork, what pytest says about tests goes to the parent."""

    def __init__(self, parent: Connection, config: pytest.Config) -> None:
        self._parent = parent
        self._config = config
        self._tw = TerminalWriter(sys.__stderr__)  # pytest-timeout writes where every thread stands

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self._parent.send(("start", (nodeid, location)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._parent.send(("report", data))

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        self._parent.send(("finish", (nodeid, location)))


def _work(session: pytest.Session, parent: Connection, stop: mmap.mmap, number: int) -> None:
    """Be a process that runs tests."""
    config = session.config
    random.seed()
    plugins = config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(_Reporter(parent, config), name="terminalreporter")
    if capture := plugins.getplugin("capturemanager"):  # its files would be those of all forks
        # They stay open: a module that was imported meanwhile may have kept one as its `sys.stderr`.
        _kept_open.append(capture._global_capturing)
        capture._global_capturing = None
        capture.start_global_capturing()
        capture.suspend_global_capture()
    folders = config._tmp_path_factory  # type: ignore[attr-defined]
    folders._basetemp = folders.mktemp(f"fork-{number}", numbered=False)
    items = _given(session, parent)
    item = next(items, None)
    while item is not None and not stop[0]:
        following = next(items, None)
        config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following
    session._setupstate.teardown_exact(None)


def _given(session: pytest.Session, parent: Connection) -> Iterator[pytest.Item]:
    while True:
        parent.send(("next", None))
        part = parent.recv()
        if not part:
            return
        yield from (session.items[index] for index in part)
