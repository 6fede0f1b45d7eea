"""A comparison as one HTML file that needs nothing else: no script, no link, no picture.

Everything that comes from a run is escaped, and a content policy forbids the page to load or run anything but its own
style sheet, so that hostile text in a run stays text.
"""

from collections.abc import Iterator
from typing import assert_never

from workbench.app.compare.comparison_words import (
    HEADINGS,
    MARKS,
    SAME_CAUSES,
    UNKNOWN_CAUSES,
    call_words,
    causes_heading,
    difference_words,
    letter,
    result_words,
    round_tokens,
    row_name,
    text_words,
    total_words,
)
from workbench.app.compare.comparisons import ComparedRuns, WireChanges
from workbench.core.comparison import CallCell, RoundCell, RoundRow
from workbench.core.html_page import html_page, html_text
from workbench.core.variant_lines import ChangeLine
from workbench.core.word_diff import Piece

STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #2a7d4f; --warn: #9a6700; --bad: #b3261e; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; table-layout: fixed; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; white-space: pre-wrap; }
th { font-weight: 600; }
code { font: 13px/1.45 ui-monospace, monospace; }
.status { font-size: 12px; color: GrayText; }
.changed .status, .tool-changed .status, .missing .status, .extra .status { color: var(--bad); font-weight: 600; }
.arguments-changed .status { color: var(--warn); font-weight: 600; }
ins { color: var(--good); } del { color: var(--bad); }
li { overflow-wrap: anywhere; white-space: pre-wrap; }
.same .status { color: var(--good); }
#only:checked ~ main section.is-same { display: none; }
"""


def comparison_page(compared: ComparedRuns, *, title: str = "Comparison of runs") -> str:
    """The page, complete."""
    comparison = compared.comparison
    verdict = "No differences." if comparison.is_same else "They differ."
    sections = zip(comparison.rows, compared.wire, strict=True)
    body = (
        '<input type="checkbox" id="only"><label for="only"> show only differences</label>',
        f"<main><p>{verdict}</p>",
        *_totals(compared),
        *(line for run, causes in enumerate(compared.causes, 1) for line in _causes(run, causes)),
        *(line for row, wire in sections for line in _section(row, wire)),
        "</main>",
    )
    return html_page(title, STYLE, body)


def _totals(compared: ComparedRuns) -> Iterator[str]:
    yield '<table><thead><tr><th scope="col">run</th><th scope="col">message</th>'
    yield "".join(f'<th scope="col">{html_text(heading)}</th>' for heading in HEADINGS)
    yield "</tr></thead><tbody>"
    for run, total in enumerate(compared.comparison.runs):
        cells = (total.message, *total_words(total))
        yield f'<tr><th scope="row">{letter(run)}: {html_text(total.run_id)}</th>'
        yield "".join(f"<td>{html_text(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"


def _causes(run: int, causes: tuple[ChangeLine, ...] | None) -> Iterator[str]:
    yield f"<h2>{html_text(causes_heading(run))}</h2>"
    if not causes:
        yield f"<p>{html_text(UNKNOWN_CAUSES if causes is None else SAME_CAUSES)}</p>"
        return
    yield "<ul>"
    for line in causes:
        words = "".join(_piece(piece) for piece in line.pieces)
        yield f"<li><code>{html_text(line.place)}</code>: {words}</li>"
    yield "</ul>"


def _piece(piece: Piece) -> str:
    text = html_text(piece.text)
    match piece.kind:
        case "added":
            return f"<ins>{text}</ins>"
        case "removed":
            return f"<del>{text}</del>"
        case "same":
            return text
        case _:
            assert_never(piece.kind)


def _section(row: RoundRow, wire: tuple[WireChanges, ...]) -> Iterator[str]:
    kind = "is-same" if row.is_same and not wire else "differs"
    yield f'<section class="{kind}"><h2>{html_text(row_name(row))}</h2><table><thead><tr>'
    yield "".join(f'<th scope="col">{letter(run)}</th>' for run in range(len(row.cells)))
    yield "</tr></thead><tbody><tr>"
    yield "".join(_round(cell) for cell in row.cells)
    yield "</tr>"
    for calls in row.calls:
        yield "<tr>" + "".join(_call(call) for call in calls) + "</tr>"
    yield "</tbody></table>"
    for changes in wire:
        yield from _wire(changes)
    yield "</section>"


def _round(cell: RoundCell) -> str:
    note = " · inherited" if cell.is_inherited else ""
    numbers = f" · {round_tokens(cell)} · {cell.latency_ms:,.0f} ms" if cell.span else ""
    said = f"<div>{html_text(text_words(cell))}</div>" if cell.text else ""
    return f'<td class="{_class(cell.status)}"><div class="status">{cell.status}{note}{numbers}</div>{said}</td>'


def _call(cell: CallCell) -> str:
    another = " · another result" if cell.is_result_changed else ""
    status = f'<div class="status">{MARKS[cell.status]} {cell.status}{another}</div>'
    if not cell.tool:
        return f'<td class="{_class(cell.status)}">{status}</td>'
    lines = [f"<div><code>{html_text(call_words(cell))}</code></div>", f"<div>{html_text(result_words(cell))}</div>"]
    lines += [f"<div><code>{html_text(difference_words(difference))}</code></div>" for difference in cell.differences]
    return f'<td class="{_class(cell.status)}">{status}{"".join(lines)}</td>'


def _wire(changes: WireChanges) -> Iterator[str]:
    if changes.is_other_format:
        yield f"<p>Request of {letter(changes.run)}: another wire format.</p>"
        return
    count = len(changes.differences) + changes.left_out
    yield f"<details><summary>Request of {letter(changes.run)}: {count} differences</summary><ul>"
    for difference in changes.differences:
        yield f"<li><code>{html_text(difference_words(difference))}</code></li>"
    if changes.left_out:
        yield f"<li>and {changes.left_out} more</li>"
    yield "</ul></details>"


def _class(status: str) -> str:
    return status.replace(" ", "-")
