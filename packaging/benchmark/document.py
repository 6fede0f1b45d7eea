"""Writes the table into BENCHMARKS.md, and the figures that README.md quotes from it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmark.figure import Line
from benchmark.table import in_markdown

_TABLE = ("<!-- last run -->\n", "<!-- end of last run -->\n")
_QUOTED = ("<!-- from BENCHMARKS.md -->\n", "<!-- end of what is from BENCHMARKS.md -->\n")


def write(project: Path, lines: Iterable[Line], about: str, left_out: Mapping[str, str]) -> None:
    """Replace the table of the last run and what is quoted from it; what stands around it stays."""
    table = f"\n{about}\n\n{in_markdown(lines)}\n\nWhat the rows leave out:\n\n"
    table += "".join(f"* {name}: {what}\n" for name, what in left_out.items()) + "\n"
    _replace(project / "BENCHMARKS.md", _TABLE, table)
    _replace(project / "README.md", _QUOTED, quoted(project))


def quoted(project: Path) -> str:
    """What README.md says of the last table: the lines about whole runs that compare them with something else."""
    rows = re.findall(r"^\| (P(?:[1-3]|12|13)) \| (.*) \|$", between(project / "BENCHMARKS.md", _TABLE), re.MULTILINE)
    kept = [(name, *cells.split(" | ")) for name, cells in rows]
    lines = [f"| {name} | {what} | {other} | {figure} |" for name, what, _, other, figure, *_ in kept if other]
    return "\n".join(("| row | what | against | figure |", "| --- | --- | --- | --- |", *lines)) + "\n"


def between(path: Path, marks: tuple[str, str]) -> str:
    """The text between the two marks."""
    return path.read_text(encoding="utf-8").partition(marks[0])[2].partition(marks[1])[0]


def _replace(path: Path, marks: tuple[str, str], text: str) -> None:
    before, begin, rest = path.read_text(encoding="utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    assert begin, f"{path} has lost its mark {marks[0]!r}"
    assert end, f"{path} has lost its mark {marks[1]!r}"
    path.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")
