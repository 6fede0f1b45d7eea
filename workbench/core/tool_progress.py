"""How a running tool says how far it is. Standard library only, because functions of projects import it.

from workbench.core.tool_progress import report_progress

def import_rows(path: str) -> int:
    rows = read(path)
    for number, row in enumerate(rows, 1):
        report_progress(number, len(rows), "reading")
    return len(rows)
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

MOST_CHARS = 300
_WRITTEN = re.compile(r"progress (\S+)(?: of ([^\s:]+))?(?:: (.*))?", re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,3})?")

_listener: Callable[[str], None] | None = None


class ToolProgress(NamedTuple):
    """How far a call is, out of `total` where that is known."""

    done: float
    total: float | None = None
    message: str = ""


def report_progress(done: float, total: float | None = None, message: str = "") -> None:
    """Say how far the call is that runs now; of many reports in a short time some are left out.

    Does nothing where no workbench listens, such as in a test. Raises `ValueError` for what is not a finite number.
    """
    if not math.isfinite(done) or not math.isfinite(total or 0.0):
        raise ValueError("progress needs finite numbers")
    if _listener is not None:
        _listener(progress_text(done, total, message))


def listen(listener: Callable[[str], None] | None) -> None:
    """Hand the text of every report to this listener from now on."""
    global _listener
    _listener = listener


def progress_text(done: float, total: float | None = None, message: str = "") -> str:
    """A report as people read it."""
    share = f"progress {done:.10g}" + (f" of {total:.10g}" if total is not None else "")
    return (f"{share}: {message}" if message else share)[:MOST_CHARS]


def read_progress(text: str) -> ToolProgress | None:
    """What `progress_text` wrote; None for any other text."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    done, total, message = found.groups()
    if not _NUMBER.fullmatch(done) or not (total is None or _NUMBER.fullmatch(total)):
        return None
    return ToolProgress(float(done), None if total is None else float(total), message or "")
