"""Writing to the terminal: plain text only, colored where the terminal likes it."""

import sys

from rich.console import Console
from rich.text import Text

from workbench.app.run_report import Line, Tone
from workbench.core.visible_text import visible

_STYLES: dict[Tone, str] = {
    "plain": "",
    "dim": "bright_black",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "strong": "bold",
}


class Terminal:
    """Standard output for what was asked for, standard error for everything about it."""

    def __init__(self) -> None:
        self._out = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._err = Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def line(self, line: Line) -> None:
        """Print a line of a report."""
        self._out.print(Text(line.text, style=_STYLES[line.tone]))

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Print a line of our own."""
        self.line(Line(text, tone))

    def raw(self, text: str) -> None:
        """Print machine-readable text exactly as it is."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def complain(self, text: str, tone: Tone = "bad") -> None:
        """Say on standard error what is wrong and how to mend it."""
        self._err.print(Text(visible(text), style=_STYLES[tone]))
