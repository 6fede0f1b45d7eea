"""Comparing stored runs: aligned rounds and calls, and what differs in the requests that led to them."""

from collections.abc import Sequence

import msgspec

from workbench.core.approval import Policy
from workbench.core.comparison import Comparison, RoundCell, compare
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import RunEvent, RunStarted
from workbench.core.json_difference import Difference
from workbench.core.price import NO_PRICES, PriceList
from workbench.core.trace import fold
from workbench.core.variant_lines import ChangeLine, change_lines
from workbench.engine.setup import RunSetup
from workbench.replay.fingerprint import request_differences
from workbench.replay.setup_offer import offer_of

MOST_RUNS = 8
MOST_CHANGES = 40
"""How many differences of one request are listed."""


class WireChanges(msgspec.Struct, frozen=True):
    """How the request of one run differs from the first run's. `left_out` is how many more differences there are."""

    run: int
    differences: tuple[Difference, ...]
    left_out: int = 0
    is_other_format: bool = False


class ComparedRuns(msgspec.Struct, frozen=True):
    """A comparison, and for each of its rows what differs on the wire.

    `causes` say, for each run after the first, what it was made with that the first was not: model, instructions,
    tools, word by word. None where that cannot be said because a run holds tools that are none.
    """

    comparison: Comparison
    wire: tuple[tuple[WireChanges, ...], ...]
    causes: tuple[tuple[ChangeLine, ...] | None, ...] = ()

    def document(self) -> object:
        """Everything as JSON values; requests are left out, their differences are there."""
        document = msgspec.to_builtins(self)
        for run, total in zip(document["comparison"]["runs"], self.comparison.runs, strict=True):
            run["cost"] = total.cost.document()
        for row in document["comparison"]["rows"]:
            for cell in row["cells"]:
                cell.pop("body_json", None)
        return document


def compare_runs(logs: Sequence[Sequence[RunEvent]], prices: PriceList = NO_PRICES) -> ComparedRuns:
    """The comparison of two or more stored runs; the first is the one the others are compared with.

    Raises `UsageError` for fewer than two or too many.
    """
    if not 2 <= len(logs) <= MOST_RUNS:
        raise UsageError(f"{len(logs)} runs cannot be compared", hint=f"Give 2 to {MOST_RUNS} of them.")
    traces = [fold(events) for events in logs]
    comparison = compare(traces, prices)
    causes = tuple(_causes(traces[0].started, trace.started) for trace in traces[1:])
    return ComparedRuns(comparison, tuple(_wire(row.cells) for row in comparison.rows), causes)


def _causes(base: RunStarted | None, own: RunStarted | None) -> tuple[ChangeLine, ...] | None:
    """What the run was made with that differs; nothing that was said or done."""
    if base is None or own is None:
        return None
    try:
        before, after = (offer_of(RunSetup.from_started(started, Policy())) for started in (base, own))
    except WorkbenchError:
        return None
    named = [
        msgspec.structs.replace(offer, model=f"{started.provider} {started.model}".strip())
        for offer, started in ((before, base), (after, own))
    ]
    return change_lines(named[0], named[1])


def _wire(cells: tuple[RoundCell, ...]) -> tuple[WireChanges, ...]:
    base = cells[0]
    changes = []
    for run, cell in enumerate(cells[1:], 1):
        if not base.body_json or not cell.body_json:
            continue
        if base.wire_format != cell.wire_format:
            changes.append(WireChanges(run, (), is_other_format=True))
            continue
        every = request_differences(base.wire_format, base.body_json, cell.body_json)
        if every:
            changes.append(WireChanges(run, every[:MOST_CHANGES], max(0, len(every) - MOST_CHANGES)))
    return tuple(changes)
