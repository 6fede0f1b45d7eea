"""A reader of the screen: what AT-SPI, which screen readers on Linux use, says about the windows of a program."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PLACES = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_LAUNCHER = next((path for path in _PLACES if Path(path).exists()), None)
HAS_AT_SPI = _LAUNCHER is not None and shutil.which("dbus-daemon") is not None
_MOST_CHILDREN = 40
"""Of a long table, the first cells are enough."""
_STATES = {
    "enabled": 8, "expandable": 9, "expanded": 10, "focusable": 11, "focused": 12,
    "selected": 23, "showing": 25, "checked": 4, "checkable": 41, "editable": 7,
}  # fmt: skip
_ACCESSIBLE = "org.a11y.atspi.Accessible"
Reference = tuple[str, str]


@dataclass(frozen=True)
class Accessible:
    """What is said about one widget, row or button."""

    role: str
    name: str
    states: frozenset[str]
    path: str
    """The roles and names around it, for messages."""


class ScreenReader:
    """Reads through a bus of its own."""

    def __init__(self, session_address: str) -> None:
        from jeepney.io.blocking import open_dbus_connection

        session = open_dbus_connection(bus=session_address)
        [address] = self._ask(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
        session.close()
        self._bus = open_dbus_connection(bus=address)

    def close(self) -> None:
        self._bus.close()

    def programs(self) -> list[Reference]:
        """The programs that can be read."""
        return self._children(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"))

    def read(self, at: Reference, around: str = "") -> Iterator[Accessible]:
        """Everything that is showing in there."""
        role, name, states = self._role(at), self._name(at), self._states(at)
        here = f"{around}/{role} “{name[:30]}”"
        if around and "showing" not in states:
            return
        yield Accessible(role, name, states, here)
        for child in self._children(at)[:_MOST_CHILDREN]:
            if child[1] != "/org/a11y/atspi/null":
                yield from self.read(child, here)

    def _children(self, at: Reference) -> list[Reference]:
        [found] = self._ask(self._bus, *at, _ACCESSIBLE, "GetChildren")
        return [(owner, path) for owner, path in found]

    def _role(self, at: Reference) -> str:
        [role] = self._ask(self._bus, *at, _ACCESSIBLE, "GetRoleName")
        return str(role)

    def _name(self, at: Reference) -> str:
        [(_, name)] = self._ask(self._bus, *at, "org.freedesktop.DBus.Properties", "Get", "ss", (_ACCESSIBLE, "Name"))
        return str(name)

    def _states(self, at: Reference) -> frozenset[str]:
        [(low, high)] = self._ask(self._bus, *at, _ACCESSIBLE, "GetState")
        bits = low | high << 32
        return frozenset(name for name, bit in _STATES.items() if bits >> bit & 1)

    @staticmethod
    def _ask(
        bus: Any, owner: str, path: str, interface: str, method: str, signature: str | None = None, body: Any = ()
    ) -> Any:
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(path, bus_name=owner, interface=interface)
        reply = bus.send_and_get_reply(new_method_call(address, method, signature, body), timeout=30)
        return reply.body


@contextmanager
def accessibility_bus(folder: Path) -> Iterator[dict[str, str]]:
    """A session bus with AT-SPI on it; gives the environment of a program that is to be read."""
    assert _LAUNCHER is not None
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    own = {"DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": f"{folder}"}
    launcher = subprocess.Popen(
        [_LAUNCHER, "--launch-immediately"],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield own | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_ACCESSIBILITY": "1"}
    finally:
        for process in (launcher, daemon):
            process.terminate()
            process.wait(timeout=30)
        daemon.stdout.close()
