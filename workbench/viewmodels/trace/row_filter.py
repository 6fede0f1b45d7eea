"""The filter box of the trace: words, `key:value`, `cost>0.01` and `-negation`, all of which must hold."""

import operator
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workbench.viewmodels.trace.trace_row import TraceRow

RowMeasure = Callable[[TraceRow, str], float | None]
"""A figure of a row: its `ms`, `tokens`, `cost` (dollars) and so on; None where it has none."""

_FIELDS: dict[str, Callable[[TraceRow], str]] = {
    "name": lambda row: row.label,
    "status": lambda row: f"{row.status} {row.state}",
    "kind": lambda row: row.kind,
    "tool": lambda row: row.label if row.kind == "call" else "",
    "run": lambda row: row.run_id,
}
_VALUES: dict[str, Callable[[TraceRow], str]] = {
    "status": lambda row: row.status,
    "kind": lambda row: row.kind,
    "tool": lambda row: row.label if row.kind == "call" else "",
}
FIGURES = ("ms", "cost", "tokens", "cached", "first")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_FIGURE = re.compile(rf"({'|'.join(FIGURES)})(>=|<=|>|<|=)(.*)")
_LIKE_A_FIELD = re.compile(r"([a-z]{2,12})(:|>=|<=|>|<)")
FILTER_HINT = "name: status: kind: tool: ms> cost> -not"
FILTER_HELP = (
    "Words, and name: status: kind: tool: run: with a value.\n"
    "Figures with > >= < <= or =: ms, tokens, cached, cost (dollars), first (ms to the first token).\n"
    "Put - in front to exclude. All terms must match.\n"
    "Example: tool:weather -status:ok ms>500"
)


@dataclass(frozen=True)
class _Term:
    """One word of the filter. Without `compared` it is searched as text in the field `key`."""

    key: str
    text: str
    is_negated: bool
    compared: str = ""
    number: float = 0.0

    def holds(self, row: TraceRow, measure: RowMeasure) -> bool:
        if self.compared:
            figure = measure(row, self.key)
            if figure is None:
                return False  # a row without that figure never matches, negated or not
            return _COMPARED[self.compared](figure, self.number) is not self.is_negated
        read = _FIELDS[self.key](row) if self.key else row.text
        return (self.text in read.casefold()) is not self.is_negated


def plain_measure(row: TraceRow, figure: str) -> float | None:
    """What a row knows about itself without a price list or a clock."""
    match figure:
        case "ms":
            end = row.end(row.started_at)
            return max(0.0, row.total_ms(end) - row.waited_ms(end))
        case "tokens":
            return float(row.usage.total_tokens) if row.answers else None
        case "cached":
            return float(row.usage.cached_tokens) if row.answers else None
        case "first":
            return row.first_ms
        case _:
            return None


@dataclass(frozen=True)
class RowFilter:
    """A parsed filter; the empty one lets everything pass."""

    terms: tuple[_Term, ...] = ()
    trouble: str = ""
    """What could not be read, in a sentence; the rest of the filter applies."""

    @classmethod
    def parse(cls, text: str) -> "RowFilter":
        """Never fails: what cannot be read is ignored and reported in `trouble`."""
        troubles: list[str] = []
        try:
            words = shlex.split(text)
        except ValueError:
            words = text.replace('"', " ").replace("'", " ").split()
            troubles.append("A quote is not closed, so its words are searched separately.")
        terms: list[_Term] = []
        for word in words:
            found = _term(word.casefold(), troubles)
            if found is not None:
                terms.append(found)
        return cls(tuple(terms), " ".join(troubles[:2]))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def passes(self, row: TraceRow, measure: RowMeasure = plain_measure) -> bool:
        """Whether the row itself matches; its ancestors are shown with it."""
        return all(term.holds(row, measure) for term in self.terms)


def _term(word: str, troubles: list[str]) -> _Term | None:
    is_negated = word.startswith("-") and len(word) > 1
    body = word[1:] if is_negated else word
    if (figure := _FIGURE.fullmatch(body)) is not None:
        return _figure_term(figure, is_negated, troubles)
    key, colon, value = body.partition(":")
    if colon and key in _FIELDS:
        return _Term(key, value, is_negated) if value else None
    if (odd := _LIKE_A_FIELD.match(body)) is not None:
        troubles.append(
            f"There is no {odd[1]}{odd[2]} here, so it is searched as text. "
            f"Available: {' '.join(f'{name}:' for name in _FIELDS)} and {', '.join(FIGURES)} with > or <."
        )
    return _Term("", body, is_negated) if body else None


def _figure_term(figure: re.Match[str], is_negated: bool, troubles: list[str]) -> _Term | None:
    key, compared, value = figure.groups()
    if not value:
        return None  # it is still being typed
    try:
        number = float(value.removeprefix("$"))
    except ValueError:
        example = "0.01" if key == "cost" else "500"
        troubles.append(f"{key}{compared} needs a number, such as {key}{compared}{example}; “{value}” is ignored.")
        return None
    return _Term(key, "", is_negated, compared, number)


def completions(text: str, rows: Iterable[TraceRow], *, most: int = 12) -> list[str]:
    """Completions of the whole filter: its last word completed to a field, or to a value of these rows."""
    before, _, word = text.rpartition(" ")
    before = f"{before} " if before else ""
    sign = "-" if word.startswith("-") else ""
    body = word.removeprefix("-").casefold()
    key, colon, value = body.partition(":")
    if not body:
        return []
    if not colon:
        found = [f"{name}:" for name in _FIELDS if name.startswith(body) and name != "run"]
        found += [f"{name}>" for name in FIGURES if name.startswith(body)]
    elif key in _VALUES:
        read = _VALUES[key]
        values = sorted({said for row in rows if (said := read(row)) and said.casefold().startswith(value)})
        found = [f"{key}:{shlex.quote(said)}" for said in values if said.casefold() != value]
    else:
        return []
    return [f"{before}{sign}{one}" for one in found[:most]]
