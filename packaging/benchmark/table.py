"""Prints the lines, for people and for BENCHMARKS.md."""

from collections.abc import Iterable

from benchmark.figure import Line

HEADINGS = ("row", "what", "ours", "floor or peer", "figure", "goal", "", "others")


def in_text(lines: Iterable[Line]) -> str:
    """Columns as wide as they need to be."""
    rows = [HEADINGS, *(line.cells for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def in_markdown(lines: Iterable[Line]) -> str:
    """The same as a Markdown table; what was missed stands out."""
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    for line in lines:
        *cells, verdict, others = line.cells
        rows.append((*cells, f"**{verdict}**" if verdict in ("missed", "failed") else verdict, others))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
