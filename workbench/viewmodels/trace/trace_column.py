"""The columns of the trace: what they are called, what is in their cells, and rows as text to be pasted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.core.price import NOT_KNOWN, money
from workbench.viewmodels.shared import figures
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

ColumnName = Literal["span", "waterfall", "time", "first", "tokens", "cached", "written", "reasoning", "cost"]


@dataclass(frozen=True)
class TraceColumn:
    """`about` says what it shows; figures stand at the right."""

    name: ColumnName
    heading: str
    about: str
    is_figure: bool = True


COLUMNS: tuple[TraceColumn, ...] = (
    TraceColumn("span", "Span", "What happened, as a tree", is_figure=False),
    TraceColumn("waterfall", "Waterfall", "When it happened, on a time axis", is_figure=False),
    TraceColumn("time", "Time", "How long it took"),
    TraceColumn("first", "First token", "Time to first token; the mean over several answers"),
    TraceColumn("tokens", "Tokens", "Input plus output"),
    TraceColumn("cached", "Cached", "Input tokens read from the provider's cache"),
    TraceColumn("written", "Cache write", "Input tokens written to the provider's cache"),
    TraceColumn("reasoning", "Reasoning", "Output tokens spent on reasoning"),
    TraceColumn("cost", "Cost", "From your price list"),
)
PLACES: dict[ColumnName, int] = {column.name: place for place, column in enumerate(COLUMNS)}
SHOWN_FIRST: frozenset[ColumnName] = frozenset({"span", "waterfall", "time", "tokens"})
ALWAYS: ColumnName = "span"
_GAPS = str.maketrans("\t\r\n", "   ")


def cell_text(trace: TraceViewModel, row: TraceRow, name: ColumnName) -> str:
    """What is in a cell; the waterfall says in words what it draws."""
    match name:
        case "span":
            return row.text
        case "waterfall":
            start = figures.duration(trace.figures.work_s(row, row.started_at, trace.now) * 1000)
            return f"{row.status}, {figures.duration(row.total_ms(trace.now))}, starts at {start}"
        case "time":
            return trace.figures.time_text(row, trace.now)
        case "first":
            return figures.duration(row.first_ms) if row.first_ms is not None else ""
        case "tokens":
            return f"{row.tokens:,}" if row.tokens else ""
        case "cached":
            return f"{row.usage.cached_tokens:,}" if row.usage.cached_tokens else ""
        case "written":
            return f"{row.usage.cache_write_tokens:,}" if row.usage.cache_write_tokens else ""
        case "reasoning":
            return f"{row.usage.reasoning_tokens:,}" if row.usage.reasoning_tokens else ""
        case "cost":
            cost = trace.figures.cost_of(row)
            if not cost.priced:
                return "?" if cost.unpriced else ""
            return f"{'≈ ' if cost.is_estimate else ''}{money(cost.dollars)}{' + ?' if cost.unpriced else ''}"


def cell_tip(trace: TraceViewModel, row: TraceRow, name: ColumnName) -> str:
    """What there is to know about a cell beyond what is in it."""
    if name in ("tokens", "cached", "written", "reasoning") and row.tokens:
        usage = row.usage
        return f"{usage.input_tokens:,} in, {usage.output_tokens:,} out · {figures.tokens(usage)}"
    if name == "cost" and row.answers:
        words = str(trace.figures.cost_of(row))
        return f"{words}. Edit prices in Settings." if words == NOT_KNOWN else words
    return f"{row.text}\n{row.status} · {cell_text(trace, row, 'waterfall')}"


def empty_columns(trace: TraceViewModel) -> frozenset[ColumnName]:
    """The columns in which no row has anything; a run's row sums up what is in it, so the runs are enough."""
    figures_ = [column.name for column in COLUMNS if column.is_figure and column.name != "time"]
    return frozenset(name for name in figures_ if not any(cell_text(trace, run, name) for run in trace.runs))


def rows_text(
    trace: TraceViewModel, rows: Iterable[TraceRow], names: Sequence[ColumnName], *, with_headings: bool = False
) -> str:
    """Rows as lines with tabs between the cells, for a spreadsheet; the tree is kept as indentation."""
    lines = []
    if with_headings:
        lines.append("\t".join(COLUMNS[PLACES[name]].heading for name in names))
    for row in rows:
        cells = [cell_text(trace, row, name).translate(_GAPS) for name in names]
        if names and names[0] == "span":
            cells[0] = "  " * row.depth + cells[0]
        lines.append("\t".join(cells))
    return "\n".join(lines)


def readable_columns(text: str) -> frozenset[ColumnName]:
    """The columns a remembered text names; the ones shown at first where it names none."""
    named = frozenset(column.name for column in COLUMNS if column.name in text.split())
    return named | {ALWAYS} if named else SHOWN_FIRST
