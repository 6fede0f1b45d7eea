"""Lines that a person types, each as the answer to a question that was on the screen when it was typed."""

import asyncio
import os
import sys
import threading

from workbench.cli.terminal import Terminal
from workbench.core.json_text import without_surrogates

_LONGEST = 1_000_000


class Keyboard:
    """Asks for one line at a time.

    What was typed before a question appeared is thrown away, and a line that comes when nobody asks anymore, because
    the question expired or the run was stopped, answers nothing.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._lock = threading.Lock()
        self._asked: asyncio.Future[str | None] | None = None
        self._is_reading = False

    async def line(self, prompt: str) -> str | None:
        """The line, or None at the end of input. Cancelling leaves the reading thread behind, which does not keep
        the program from ending and serves the next question."""
        asked: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        drop_typed_ahead()
        self._terminal.ask(prompt)
        with self._lock:
            self._asked = asked
            must_start, self._is_reading = not self._is_reading, True
        if must_start:
            threading.Thread(target=self._read, name="keyboard", daemon=True).start()
        try:
            return await asked
        finally:
            self._terminal.answered()
            with self._lock:
                if self._asked is asked:
                    self._asked = None

    def _read(self) -> None:
        line = read_line()
        with self._lock:
            self._is_reading = False
            asked, self._asked = self._asked, None
        if asked is not None:
            asked.get_loop().call_soon_threadsafe(_give, asked, line)


def read_line() -> str | None:
    """A line of standard input without its end; bytes that are no text become U+FFFD. None when there are no more."""
    line = b""
    try:
        # Workaround (python/cpython#129536): the lock of `sys.stdin`, held by a thread that still reads, aborts the
        # interpreter at its end, so the descriptor is read. Remove when every Python in `requires-python` has a fix.
        descriptor = sys.stdin.fileno()
        while not line.endswith(b"\n") and len(line) < _LONGEST:
            piece = os.read(descriptor, 1)
            if not piece:
                break
            line += piece
    except (OSError, ValueError):  # the terminal is gone
        return None
    if not line:
        return None
    return str(without_surrogates(line.decode(sys.stdin.encoding or "utf-8", "replace"))).rstrip("\r\n")


def drop_typed_ahead() -> None:
    """Discard what was typed and not read yet."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
        return
    import termios

    try:
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    except (termios.error, OSError, ValueError):  # not a terminal
        return


def _give(asked: "asyncio.Future[str | None]", line: str | None) -> None:
    if not asked.done():
        asked.set_result(line)
