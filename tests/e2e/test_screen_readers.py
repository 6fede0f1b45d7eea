"""Every page as a screen reader on Linux meets it: over AT-SPI, from another process."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.at_spi import HAS_AT_SPI, Accessible, ScreenReader, accessibility_bus
from tests.support.display import HAS_DISPLAY_TOOLS, virtual_display, wait_until

pytestmark = [
    pytest.mark.child_process,
    pytest.mark.skipif(not (HAS_AT_SPI and HAS_DISPLAY_TOOLS), reason="needs at-spi2-core, dbus-daemon, Xvfb, xdotool"),
]

ROOT = Path(__file__).parents[2]
CONTROLS = {
    "push button", "toggle button", "check box", "radio button", "combo box", "text", "entry", "spin button", "slider",
    "table", "tree table", "tree", "list", "page tab list", "page tab", "button", "password text", "menu item",
}  # fmt: skip


def faults(page: str, found: list[Accessible]) -> list[str]:
    """What a person who hears the page would miss."""
    missing = [f"{page}: no name: {item.path}" for item in found if item.role in CONTROLS and not item.name]
    unknown = [
        f"{page}: no role: {item.path}"
        for item in found
        if item.role in ("unknown", "invalid") and "focusable" in item.states
    ]
    return missing + unknown


def test_every_page_has_roles_names_and_states(tmp_path: Path) -> None:
    pytest.importorskip("jeepney")
    with virtual_display() as display, accessibility_bus(tmp_path) as extra:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.support.accessible_window", f"{tmp_path}"],
            env=display.environment() | extra | {"HOME": f"{tmp_path}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert program.stdin is not None
        assert program.stdout is not None
        reader = ScreenReader(extra["DBUS_SESSION_BUS_ADDRESS"])
        try:
            pages: dict[str, list[Accessible]] = {}
            while (page := program.stdout.readline().strip()) not in ("", "end"):
                wait_until(lambda: bool(reader.programs()), "a program on the bus")
                pages[page] = [item for at in reader.programs() for item in reader.read(at)]
                program.stdin.write("\n")
                program.stdin.flush()
            assert page == "end"
        finally:
            reader.close()
            program.kill()
            program.communicate(timeout=30)
    assert [fault for page, found in pages.items() for fault in faults(page, found)] == []
    assert len(pages) > 15
    heard = pages["conversation"]
    assert any(item.role == "check box" or "checkable" in item.states for found in pages.values() for item in found)
    assert any(item.role.startswith("tree") and item.name == "Arguments of look" for item in heard)
    assert any(item.name == '"at": "gate"' for item in heard)
    assert any("focused" in item.states for item in heard)
