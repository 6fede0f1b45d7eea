"""Writing to the terminal: plain text only, colored where the terminal likes it."""

import io
import sys

from rich.console import Console
from rich.text import Text

from workbench.app.run_report import Line, Tone
from workbench.core.visible_text import visible, visible_json

_STYLES: dict[Tone, str] = {
    "plain": "",
    "dim": "bright_black",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "strong": "bold",
}


class Terminal:
    """Standard output for what was asked for, standard error for everything about it.

    Whatever is said is made visible here once more, so that no text from a file, a model or a record acts on the
    terminal.
    """

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character gets its number
                stream.reconfigure(errors="backslashreplace")
        self._question = ""
        self._out = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._err = Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def line(self, line: Line) -> None:
        """Print a line of a report; a question that waits for its answer is asked again below it."""
        if self._question:
            sys.stdout.write("\n")
        self._out.print(Text(visible(line.text), style=_STYLES[line.tone]))
        if self._question:
            self.ask(self._question)

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Print a line of our own."""
        self.line(Line(text, tone))

    def json(self, text: str) -> None:
        """Print a JSON document for other programs to read; on a terminal it is as harmless as all the rest."""
        is_unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        sys.stdout.write(visible_json(text, is_ascii=not is_unicode) + "\n")
        sys.stdout.flush()

    def ask(self, prompt: str) -> None:
        """Print what is to be answered on the same line."""
        self._question = prompt
        sys.stdout.write(visible(prompt))
        sys.stdout.flush()

    def answered(self) -> None:
        """The question is over."""
        self._question = ""

    def complain(self, text: str, tone: Tone = "bad") -> None:
        """Say on standard error what is wrong and how to mend it."""
        self._err.print(Text(visible(text), style=_STYLES[tone]))
