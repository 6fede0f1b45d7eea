"""Two or more runs side by side: their rounds and calls aligned, what changed, and the totals.

The first run is the one the others are compared with.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from workbench.core.alignment import align
from workbench.core.argument_difference import argument_differences
from workbench.core.choice import ChosenCall
from workbench.core.event import CallOutcome
from workbench.core.ids import SpanPath, WireFormat
from workbench.core.json_difference import Difference
from workbench.core.json_text import JsonValue
from workbench.core.price import NO_PRICES, PriceList
from workbench.core.run_total import RunTotal, inherited_rounds, total_of
from workbench.core.trace import CallSpan, RoundSpan, Trace

CallStatus = Literal["base", "same", "tool changed", "arguments changed", "missing", "extra"]
RoundStatus = Literal["base", "same", "changed", "missing", "extra"]


class CallCell(msgspec.Struct, frozen=True):
    """A call in one run, or its absence. `differences` are those of the arguments."""

    status: CallStatus
    span: SpanPath = SpanPath("")
    tool: str = ""
    arguments_json: str = ""
    outcome: CallOutcome | Literal[""] = ""
    result_text: str = ""
    differences: tuple[Difference, ...] = ()
    is_result_changed: bool = False


class RoundCell(msgspec.Struct, frozen=True):
    """A round in one run, or its absence. `text` is what the model said in it; `body_json` the request that it
    answered; `tokens` is None where the server did not count them."""

    status: RoundStatus
    span: SpanPath = SpanPath("")
    text: str = ""
    wire_format: WireFormat = WireFormat("")
    body_json: str = ""
    tokens: int | None = 0
    latency_ms: float = 0.0
    is_inherited: bool = False


class RoundRow(msgspec.Struct, frozen=True):
    """Rounds that belong together, one cell a run, and their calls, one row of cells each."""

    cells: tuple[RoundCell, ...]
    calls: tuple[tuple[CallCell, ...], ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing in this row differs."""
        return all(cell.status in ("base", "same") for cell in self.cells)


class _Gist(msgspec.Struct, frozen=True):
    """What a round is recognized by."""

    turn: int
    calls: tuple[str, ...]
    tools: frozenset[str]
    text: str


class Comparison(msgspec.Struct, frozen=True):
    """The runs, the first being the one the others are compared with, and their rows in order."""

    runs: tuple[RunTotal, ...]
    rows: tuple[RoundRow, ...]

    @property
    def is_same(self) -> bool:
        """Whether every run chose and said the same."""
        return all(row.is_same for row in self.rows)


def compare(traces: Sequence[Trace], prices: PriceList = NO_PRICES) -> Comparison:
    """The comparison of these runs; `prices` say what each of them cost."""
    rounds = [list(trace.rounds()) for trace in traces]
    inherited = [inherited_rounds(trace) for trace in traces]
    rows = []
    for places in _aligned_rounds(rounds):
        row = [rounds[run][place] if place is not None else None for run, place in enumerate(places)]
        old = [place is not None and place < inherited[run] for run, place in enumerate(places)]
        rows.append(_row(row, old))
    return Comparison(tuple(total_of(trace, prices) for trace in traces), tuple(rows))


def _aligned_rounds(rounds: list[list[RoundSpan]]) -> list[list[int | None]]:
    """For each row, the place of its round in each run."""
    gists = [[_gist(current) for current in own] for own in rounds]
    base = gists[0]
    rows: list[list[int | None]] = [[place, *[None] * (len(rounds) - 1)] for place in range(len(base))]
    extras: dict[int, list[list[int | None]]] = {}
    for run, own in enumerate(gists[1:], 1):
        before = -1
        position = 0
        for one, other in align(base, own, _round_cost):
            if one is not None:
                rows[one][run] = other
                before, position = one, 0
                continue
            waiting = extras.setdefault(before, [])
            if position == len(waiting):
                waiting.append([None] * len(rounds))
            waiting[position][run] = other
            position += 1
    merged = list(extras.get(-1, []))
    for place, row in enumerate(rows):
        merged += [row, *extras.get(place, [])]
    return merged


def _gist(current: RoundSpan) -> _Gist:
    return _Gist(
        current.started.turn,
        tuple(_said(call) for call in current.calls),
        frozenset(call.tool for call in current.calls),
        _text(current),
    )


def _round_cost(one: _Gist, other: _Gist) -> float:
    if one.turn != other.turn:
        return 10.0
    if one.calls == other.calls:
        return 0.0 if one.calls or one.text == other.text else 0.2
    if not one.calls or not other.calls:
        return 1.6
    if one.tools == other.tools:
        return 0.5
    return 0.9 if one.tools & other.tools else 1.4


def _call_cost(one: CallSpan, other: CallSpan) -> float:
    if one.tool != other.tool:
        return 1.2
    return 0.0 if _said(one) == _said(other) else 0.5


def _row(rounds: list[RoundSpan | None], inherited: list[bool]) -> RoundRow:
    base = rounds[0]
    calls = _call_rows(rounds)
    cells = []
    for run, own in enumerate(rounds):
        status: RoundStatus = "base"
        if run:
            statuses = {row[run].status for row in calls} - {"same"}
            if base is None:
                status = "extra" if own is not None else "same"
            elif own is None:
                status = "missing"
            else:
                status = "changed" if statuses or _text(base) != _text(own) else "same"
        cells.append(_round_cell(own, status, is_inherited=inherited[run]))
    return RoundRow(tuple(cells), tuple(calls))


def _round_cell(own: RoundSpan | None, status: RoundStatus, *, is_inherited: bool) -> RoundCell:
    if own is None:
        return RoundCell(status)
    received = own.response
    sent = next((request.sent for request in own.requests if request.received is received), None)
    usage = received.response.usage if received is not None else None
    return RoundCell(
        status,
        own.started.span,
        _text(own),
        sent.wire_format if sent is not None else WireFormat(""),
        sent.body_json if sent is not None else "",
        usage.total_tokens if usage is not None else None,
        received.latency_ms if received is not None else 0.0,
        is_inherited,
    )


def _call_rows(rounds: list[RoundSpan | None]) -> list[tuple[CallCell, ...]]:
    base = rounds[0].calls if rounds[0] is not None else []
    aligned = _aligned_calls(base, [own.calls if own is not None else [] for own in rounds[1:]])
    return [tuple(_call_cell(run, row[0], own) for run, own in enumerate(row)) for row in aligned]


def _aligned_calls(base: list[CallSpan], others: list[list[CallSpan]]) -> list[list[CallSpan | None]]:
    rows: list[list[CallSpan | None]] = [[call, *[None] * len(others)] for call in base]
    extras: list[list[CallSpan | None]] = []
    for run, own in enumerate(others, 1):
        for one, other in align(base, own, _call_cost):
            if one is not None:
                rows[one][run] = own[other] if other is not None else None
            elif other is not None:
                extras.append([own[other] if place == run else None for place in range(len(others) + 1)])
    return [*rows, *extras]


def _call_cell(run: int, base: CallSpan | None, own: CallSpan | None) -> CallCell:
    if own is None:
        absent: CallStatus = "missing" if base is not None else "same"
        return CallCell(absent if run else "base")
    status: CallStatus = "base"
    differences: tuple[Difference, ...] = ()
    if run and base is None:
        status = "extra"
    elif run and base is not None:
        if own.tool != base.tool:
            status = "tool changed"
        elif _said(own) != _said(base):
            status = "arguments changed"
            differences = argument_differences(_arguments(base), _arguments(own))
        else:
            status = "same"
    settled = own.settled
    changed = status == "same" and base is not None and _result(base) != _result(own)
    return CallCell(
        status,
        own.span,
        own.tool,
        own.proposed.arguments_json,
        own.outcome or "",
        settled.result_text if settled is not None else "",
        differences,
        changed,
    )


def _text(current: RoundSpan) -> str:
    return current.response.response.message.text if current.response is not None else ""


def _said(call: CallSpan) -> str:
    return ChosenCall(call.tool, call.proposed.arguments_json).meaning


def _arguments(call: CallSpan) -> JsonValue:
    arguments = ChosenCall(call.tool, call.proposed.arguments_json).arguments
    return call.proposed.arguments_json if arguments is None else arguments


def _result(call: CallSpan) -> object:
    return (call.settled.result_text, call.settled.is_error) if call.settled is not None else None
