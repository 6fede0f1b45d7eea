"""Rows of the trace stand for places of a run, to which the same actions apply."""

import pytest

from workbench.core.ids import CallId, RunId, SpanPath
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind, place_of_row
from workbench.viewmodels.trace.trace_row import RowKind, TraceRow

RUN, CALL = RunId("r"), SpanPath("turn-1/round-2/call-1")


def row(kind: RowKind, *, ended_at: float | None = None) -> TraceRow:
    return TraceRow(kind, "look", 3, RUN, CALL, 0.0, 0.0, ended_at, call_id=CallId("c"))


@pytest.mark.parametrize(
    ("row_kind", "kind", "span"),
    [
        ("run", "run", ""),
        ("turn", "message", "turn-1"),
        ("request", "round", "turn-1/round-2"),
        ("routing", "round", "turn-1/round-2"),
    ],
)
def test_a_row_stands_for_the_place_above_its_call(row_kind: RowKind, kind: RunPlaceKind, span: str) -> None:
    assert place_of_row(row(row_kind)) == RunPlace(kind, RUN, SpanPath(span))


def test_a_call_knows_its_tool_and_whether_it_has_its_result() -> None:
    assert place_of_row(row("call")) == RunPlace("call", RUN, CALL, CallId("c"), "look")
    assert place_of_row(row("call", ended_at=1.0)) == RunPlace("call", RUN, CALL, CallId("c"), "look", is_settled=True)


def test_a_limit_is_no_place() -> None:
    assert place_of_row(row("limit")) is None
