"""A pytest plug-in for `make test-quick`: no window, no child process.

A test that tries to start a process is skipped; `make test` runs it. Modules that are about processes are marked
`child_process` and not even begun: their tests would wait for what never starts.
"""

import sys
from collections.abc import Generator

import pytest

import tests.support.without_qt  # noqa: F401 — nothing that is quick needs Qt

_STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"})
_tried = pytest.StashKey[bool]()


class NoChildProcess:
    """Refuses to start processes while a test runs, and skips that test."""

    def __init__(self) -> None:
        self._running: pytest.Item | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _arguments: object) -> None:
        if event in _STARTS and self._running is not None:
            self._running.stash[_tried] = True
            raise OSError("make test-quick starts no process")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Know whose attempt it is."""
        self._running = item
        try:
            return (yield)
        finally:
            self._running = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Whatever came of a refused attempt is no failure."""
        report = yield
        if item.stash.get(_tried, False):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, "Skipped: it starts a process")
        return report


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NoChildProcess())
