"""Writing to the terminal: plain text only, colored where the terminal supports it."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from workbench.app.redaction.redacted_text import keyless, redacted_json
from workbench.app.runs.report_line import ReportLine, TerminalTone
from workbench.core.secret import without_likely_keys
from workbench.core.visible_text import visible, visible_json

if TYPE_CHECKING:
    from rich.console import Console

_STYLES: dict[TerminalTone, str] = {
    "plain": "",
    "dim": "bright_black",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "strong": "bold",
}


class Terminal:
    """Standard output for what was asked for, standard error for everything about it.

    All output is redacted and escaped again here, so that no text from a file, a model, or a record acts on the
    terminal.
    """

    def __init__(self) -> None:
        sys.stdout = sys.stdout or _nowhere()
        sys.stderr = sys.stderr or _nowhere()
        self.is_gone = False
        """Standard output was closed by its reader, or the disk is full. Nothing more is written to it."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character gets its number
                stream.reconfigure(errors="backslashreplace")
        self._question = ""
        self._progress = ""

    @cached_property
    def _out(self) -> "Console":
        return _console(sys.stdout)

    @cached_property
    def _err(self) -> "Console":
        return _console(sys.stderr)

    def line(self, line: ReportLine) -> None:
        """Print a line of a report; a question that waits for its answer is asked again below it."""
        self.progress("")
        with self._writing():
            if self._question:
                sys.stdout.write("\n")
            _print(self._out, visible(keyless(line.text)), line.tone)
        if self._question:
            self.ask(self._question)

    def say(self, text: str, tone: TerminalTone = "plain") -> None:
        """Print a line of our own."""
        self.line(ReportLine(text, tone))

    def json(self, text: str) -> None:
        """Print a JSON document for other programs to read; on a terminal it is just as safe."""
        is_unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        with self._writing():
            sys.stdout.write(visible_json(redacted_json(text), is_ascii=not is_unicode) + "\n")
            sys.stdout.flush()

    def ask(self, prompt: str) -> None:
        """Print a question that is answered on the same line."""
        self._question = prompt
        with self._writing():
            sys.stdout.write(visible(keyless(prompt)))
            sys.stdout.flush()

    def answered(self) -> None:
        """The question is over."""
        self._question = ""

    def complain(self, text: str, tone: TerminalTone = "bad") -> None:
        """Say on standard error what is wrong and how to fix it. What was typed is printed back here, so what only
        looks like a key is hidden as well: it may be one in the wrong place."""
        text = keyless(text)
        if tone == "bad":
            from workbench.app.redaction.kept_keys import without_kept_keys

            text = without_kept_keys(text)
        with suppress(OSError):
            self.progress("")
            _print(self._err, visible(without_likely_keys(text)), tone)

    @property
    def shows_progress(self) -> bool:
        """Whether standard error is a terminal, where one line can replace another."""
        return self._err.is_terminal

    def progress(self, text: str) -> None:
        """Show on standard error how far it is, over the last such text; an empty text clears it. Terminals only."""
        if not self.shows_progress or text == self._progress:
            return
        self._progress = text
        with suppress(OSError):
            sys.stderr.write(f"\r\x1b[2K{visible(text)}")
            sys.stderr.flush()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Around everything that writes to standard output."""
        try:
            yield
        except OSError:
            self.is_gone = True
            # What is still in the buffers would fail again when the program ends.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _console(stream: TextIO) -> "Console":
    from rich.console import Console  # takes long to import, and help and JSON do without it

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:
            """Rich would end the program here, in the middle of whatever it does."""
            raise BrokenPipeError

    return PipedConsole(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print(console: "Console", text: str, tone: TerminalTone) -> None:
    from rich.text import Text  # as above

    console.print(Text(text, style=_STYLES[tone]))


def _nowhere() -> TextIO:
    """Replaces a stream that was closed before the program began. Kept open so that no other file reuses its
    descriptor and receives what a library prints."""
    return Path(os.devnull).open("w", encoding="utf-8")
