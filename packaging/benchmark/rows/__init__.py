"""The rows of the table. A row is a module of this folder: to add one, add its file.

Each has `TITLE`, what it measures; `LEAVES_OUT`, what its figures do not include; and `measure(bench)`, which gives the
lines. `p1.py` is the row P1, `growth_history.py` is the row GROWTH-HISTORY, also measured by `--only growth`.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from benchmark.bench import Bench
from benchmark.figure import Line


class Row(Protocol):
    """What a module of this folder has."""

    TITLE: str
    LEAVES_OUT: str

    def measure(self, bench: Bench) -> Iterator[Line]:
        """Measure, and give the lines."""
        ...


def all_rows() -> dict[str, Row]:
    """Every row by its name: the numbered ones first."""
    modules = sorted((module.name for module in iter_modules(__path__)), key=_order)
    return {name.upper().replace("_", "-"): cast(Row, import_module(f"{__name__}.{name}")) for name in modules}


def is_asked_for(name: str, asked: str) -> bool:
    """Whether `asked` means the row: by its name, or by a part of it between hyphens."""
    return asked.upper() in (name, *name.split("-"))


def _order(name: str) -> tuple[bool, int, str]:
    number = re.match(r"p(\d+)", name)
    return number is None, int(number[1]) if number else 0, name
