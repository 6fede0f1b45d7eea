"""What holds for every test: no network, no display, no keys, a home of its own, nothing left behind.

Nothing here imports Qt or the workbench: the tests of the lower floors run where neither Qt nor a display is.
"""

import asyncio
import inspect
import ipaddress
import logging
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before anything imports Qt. A test that needs a real platform sets its own in a child process.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTEST_QT_API"] = "pyside6"

# No test speaks TLS, and reading the system's certificates takes longer than most tests do: here are none.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)

# How long an example takes says more about the machine than about the code. `make reliability` tries more of them.
EXAMPLES = {"quick": 100, "full": 500}.get(os.environ.get("WORKBENCH_SCALE", ""), 30)
settings.register_profile("workbench", deadline=None, database=None, max_examples=EXAMPLES)
settings.load_profile("workbench")

GUI_TESTS = Path(__file__).parent / "gui"
SECRET_ENDINGS = ("_API_KEY", "_AUTH_TOKEN", "_ACCESS_TOKEN", "_BASE_URL", "_PROXY")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the tests of the window, a warning from Qt fails the test."""
    if config.pluginmanager.hasplugin("pytest-qt"):
        for item in items:
            if item.path.is_relative_to(GUI_TESTS) and not item.get_closest_marker("qt_log_level_fail"):
                item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


_unused_homes: list[Path] = []
"""Most tests write nothing into theirs, and the next one takes it."""


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder, no API keys, no proxy, and a keyring that keeps nothing."""
    home = _unused_homes.pop() if _unused_homes else tmp_path_factory.mktemp("home")
    for variable in [key for key in os.environ if key.upper().endswith(SECRET_ENDINGS)]:
        monkeypatch.delenv(variable)
    for variable in ("HOME", "USERPROFILE", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(home))
    for variable in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(home / variable.lower()))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    yield home
    if home.is_dir() and not any(home.iterdir()):
        _unused_homes.append(home)
    else:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sockets reach this machine only. What tries more is refused, and the test fails even if the code hides that."""
    refused: list[str] = []

    def check(address: object) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            refused.append(str(address[:2]))
            raise OSError(f"tests have no network: {address[:2]}")

    def guard(owner: Any, name: str, position: int) -> None:
        original = getattr(owner, name)

        def guarded(*arguments: Any, **named: Any) -> Any:
            check(arguments[position] if position else (arguments[0],))
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, guarded)

    guard(socket.socket, "connect", 1)
    guard(socket.socket, "connect_ex", 1)
    guard(socket.socket, "sendto", -1)
    guard(socket, "getaddrinfo", 0)
    yield
    assert not refused, f"the test tried to reach {', '.join(refused)}"


def _is_loopback(host: str) -> bool:
    if host in ("localhost", "", "None"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing of WARNING and above is logged, unless the test reads the log (`caplog`) or is marked `log_expected`."""
    if "caplog" in request.fixturenames or request.node.get_closest_marker("log_expected"):
        yield
        return
    listener = _Listener(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(listener)
    try:
        yield
    finally:
        root.removeHandler(listener)
    assert not listener.lines, "unexpected log records:\n" + "\n".join(listener.lines)


class _Listener(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {self.format(record)}")


@pytest.fixture(autouse=True)
def no_leftover_tasks(request: pytest.FixtureRequest) -> None:
    """When an async test and its fixtures are over, none of the tasks they started is still running."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("_leftover_tasks")


@pytest.fixture
async def _leftover_tasks() -> AsyncIterator[None]:
    yield
    for _ in range(3):  # what was cancelled last may need a moment to notice
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    names = ", ".join(f"{task.get_name()} ({task.get_coro()!r})" for task in left)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not left, f"tasks are still running after the test: {names}"
