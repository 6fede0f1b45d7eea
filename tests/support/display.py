"""A virtual X display with real key presses, for machines that have Xvfb and xdotool."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HAS_DISPLAY_TOOLS = all(shutil.which(tool) for tool in ("Xvfb", "xdotool"))
LIMIT_S = 120.0


class Display:
    """Types and clicks on one display."""

    def __init__(self, number: int) -> None:
        self.name = f":{number}"

    def environment(self) -> dict[str, str]:
        """What a program needs to open its window here."""
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return kept | {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def wait_for_window(self, title: str) -> str:
        """The id of the window with that title, once it is there."""
        found = self._run("search", "--sync", "--onlyvisible", "--name", title)
        return found.split()[0]

    def focus(self, window: str) -> None:
        """Give the keyboard to a window; there is no window manager to do it."""
        self._run("windowfocus", "--sync", window)

    def press(self, *keys: str) -> None:
        """Press key combinations such as `ctrl+Return`, one after the other."""
        self._run("key", "--clearmodifiers", *keys)

    def command(self, words: str) -> None:
        """Choose a command in the palette by its words."""
        self.press("ctrl+k", "ctrl+a")  # what was typed there before gives way
        self._run("type", "--clearmodifiers", words)
        self.press("Return")

    def click(self, x: int, y: int) -> None:
        """Move the mouse there and press its left button."""
        self._run("mousemove", "--sync", str(x), str(y), "click", "1")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=True,
        )
        return done.stdout


@contextmanager
def virtual_display() -> Iterator[Display]:
    """A fresh display; the X server chooses a free number and says which."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            yield Display(int(said.readline()))
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Look every tenth of a second until it is so; another process tells nobody when."""
    pause = threading.Event()
    for _ in range(int(LIMIT_S * 10)):
        if is_so():
            return
        pause.wait(0.1)
    raise AssertionError(f"waited {LIMIT_S:g} s in vain for {what}")
