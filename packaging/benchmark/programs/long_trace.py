"""Logs as long as one likes, made of rounds with calls that were allowed and ran."""

from collections.abc import Iterator

from workbench.core.event import (
    ApprovalGiven,
    RequestSent,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunStarted,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolStarted,
    TurnStarted,
)
from workbench.core.exchange import ModelResponse, Usage
from workbench.core.ids import ROOT_SPAN, CallId, RunId, WireFormat, call_span, request_span, round_span, turn_span
from workbench.core.limit import RunLimits
from workbench.core.message import UserMessage
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan

RUN = RunId("20261121-120000-bnch")
CALLS = 8
_BEGUN = 1_795_000_000.0
_STEP_S = 0.01


def rows_of_a_round() -> int:
    """A round, its request, the first token, its calls."""
    return 3 + CALLS


def opening() -> list[RunEvent]:
    """A run and its turn."""
    started = RunStarted(
        run_id=RUN,
        seq=1,
        at=_BEGUN,
        span=ROOT_SPAN,
        provider="bench",
        model="bench-1",
        instructions="",
        tools=[],
        tool_choice=ToolChoicePlan(),
        parallel_calls=True,
        limits=RunLimits(),
        approval="allow *",
    )
    return [
        started,
        TurnStarted(run_id=RUN, seq=2, at=_BEGUN, span=turn_span(1), turn=1, message=UserMessage("Go.")),
    ]


def rounds(first: int, count: int) -> Iterator[RunEvent]:
    """Whole rounds, numbered from `first`."""
    seq = 3 + (first - 1) * events_of_a_round()
    for number in range(first, first + count):
        at = _BEGUN + number * _STEP_S
        for event in _round(number, at, seq):
            yield event
            seq += 1


def events_of_a_round() -> int:
    """How many facts one round is."""
    return 3 + 5 * CALLS


def _round(number: int, at: float, seq: int) -> Iterator[RunEvent]:
    span, asked = round_span(1, number), request_span(1, number, 1)
    yield RoundStarted(run_id=RUN, seq=seq, at=at, span=span, turn=1, round=number)
    yield RequestSent(
        run_id=RUN,
        seq=seq + 1,
        at=at,
        span=asked,
        attempt=1,
        wire_format=WireFormat("openai_chat"),
        path="/chat/completions",
        tool_choice=ToolChoice(),
        offered=("get_weather",),
        parallel_calls=True,
        body=SharedText('{"model":"bench-1"}'),
    )
    response = ModelResponse(parts=(), stop_reason="tool_calls", usage=Usage(input_tokens=120, output_tokens=64))
    yield ResponseReceived(
        run_id=RUN, seq=seq + 2, at=at, span=asked, attempt=1, response=response, latency_ms=4.0, first_delta_ms=1.0
    )
    for index in range(CALLS):
        yield from _call(number, index, at, seq + 3 + 5 * index)


def _call(number: int, index: int, at: float, seq: int) -> Iterator[RunEvent]:
    span, call = call_span(1, number, index), CallId(f"{RUN}-r{number}c{index}")
    text = '{"city":"Paris"}'
    yield ToolCallProposed(
        run_id=RUN,
        seq=seq,
        at=at,
        span=span,
        call_id=call,
        wire_call_id=f"call_{index}",
        index=index,
        tool="get_weather",
        arguments_json=text,
    )
    yield ToolCallChecked(run_id=RUN, seq=seq + 1, at=at, span=span, call_id=call, is_known=True)
    yield ApprovalGiven(run_id=RUN, seq=seq + 2, at=at, span=span, call_id=call, decision="approve", by="policy")
    yield ToolStarted(run_id=RUN, seq=seq + 3, at=at, span=span, call_id=call, executor="mock", arguments_json=text)
    yield ToolCallSettled(
        run_id=RUN,
        seq=seq + 4,
        at=at + _STEP_S / 2,
        span=span,
        call_id=call,
        outcome="ok",
        result_text='{"degrees":12}',
        is_error=False,
        duration_ms=5.0,
    )
