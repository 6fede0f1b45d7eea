"""The stream of one answer as it arrived, piece by piece, for the one who wants to go back and forth in it."""

from collections.abc import Iterable, Sequence

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.json_text import JsonObject
from workbench.core.problem import Problem
from workbench.core.trace import CallSpan, RequestSpan, RoundSpan, Trace
from workbench.viewmodels.inspector.streamed_arguments import ArgumentBirth, field_lines
from workbench.viewmodels.shared import figures
from workbench.viewmodels.trace.trace_row import TraceRow

_STREAMED_ROWS = ("request", "first token", "call", "approval")


class StreamScrub:
    """The pieces of one request, or of one call in it. Positions count from 0, before the first, to `steps`."""

    def __init__(self, sent_at: float, deltas: Sequence[ResponseDelta], births: dict[int, ArgumentBirth]) -> None:
        """`births` are the calls by the number of their part."""
        self.key = (deltas[0].run_id, deltas[0].span, len(births) == 1 and min(births)) if deltas else None
        """The same for the same stream, however much of it there is."""
        self._sent_at = sent_at
        self._deltas = deltas
        self.births = births

    @property
    def steps(self) -> int:
        """How many pieces there are."""
        return len(self._deltas)

    def words_at(self, position: int) -> str:
        """Where a position is, in one line."""
        if not position:
            return f"Before the first of {figures.count(self.steps, 'piece')}"
        delta = self._deltas[position - 1]
        after = figures.duration(max(0.0, delta.at - self._sent_at) * 1000)
        return f"Piece {position:,} of {self.steps:,} · {after} after the request · {delta.type}"

    def text_at(self, position: int) -> str:
        """Received so far by then: every part begun so far, and for a call its fields and milestones."""
        parts: dict[int, list[ResponseDelta]] = {}
        for delta in self._deltas[:position]:
            parts.setdefault(delta.index, []).append(delta)
        blocks = [self._block(index, deltas, position) for index, deltas in parts.items()]
        return "\n\n".join(blocks) if blocks else "Nothing has arrived yet."

    def _block(self, index: int, deltas: list[ResponseDelta], position: int) -> str:
        birth = self.births.get(index)
        if birth is None:
            return f"{deltas[0].type}\n{''.join(delta.text for delta in deltas)}"
        step = sum(delta.type == "arguments" for delta in deltas)
        lines = [f"arguments of {birth.tool or 'a call'}", birth.text_at(step) or "(none yet)"]
        lines += field_lines(birth.fields_at(step))
        return "\n".join([*lines, *self._milestones(index, birth, position)])

    def _milestones(self, index: int, birth: ArgumentBirth, position: int) -> list[str]:
        """When the whole was complete and whether it fits, said in pieces of this stream."""
        complete = self._position_of(index, birth.complete_at)
        if complete is None:
            return ["The object was never closed."] if position == self.steps else []
        if position < complete:
            return [f"Complete at piece {complete:,}."]
        if birth.valid_at is not None:
            return [f"Complete and valid at piece {complete:,}."]
        problems = [f"✗ {problem}" for problem in birth.problems]
        return [f"Complete at piece {complete:,}" + (", but invalid:" if problems else "."), *problems]

    def _position_of(self, index: int, step: int | None) -> int | None:
        """The position in this stream of the n-th piece of a call's arguments."""
        if step is None:
            return None
        places = [
            place for place, delta in enumerate(self._deltas, 1) if delta.index == index and delta.type == "arguments"
        ]
        return places[step - 1] if step <= len(places) else None


def stream_scrub(trace: Trace, events: Iterable[RunEvent], row: TraceRow) -> StreamScrub | None:
    """The stream that belongs to a request or a call; None for other rows and where no pieces are on record."""
    found = _round_and_request(trace, row) if row.kind in _STREAMED_ROWS else None
    if found is None:
        return None
    current, request = found
    deltas = [
        piece
        for event in events
        if isinstance(event, ResponseDelta) and event.span == request.span
        for piece in event.pieces()
    ]
    births = _births(trace, deltas, sorted(current.calls, key=lambda call: call.proposed.index))
    call = trace.call(row.call_id) if row.call_id is not None else None
    if call is not None:
        places = sorted(births)
        if call.proposed.index >= len(places):
            return None
        place = places[call.proposed.index]
        deltas, births = [delta for delta in deltas if delta.index == place], {place: births[place]}
    return StreamScrub(request.sent.at, deltas, births) if deltas else None


def _round_and_request(trace: Trace, row: TraceRow) -> tuple[RoundSpan, RequestSpan] | None:
    """The round a row is in, and its request: the one of the row, or the one that proposed the row's call."""
    for current in trace.rounds():
        if current.started.span == row.span.rpartition("/")[0]:
            for request in reversed(current.requests):
                if request.span == row.span or (row.call_id is not None and request.received is not None):
                    return current, request
    return None


def _births(trace: Trace, deltas: list[ResponseDelta], calls: list[CallSpan]) -> dict[int, ArgumentBirth]:
    """The calls of a stream by part; the n-th of them is the n-th one proposed, when it came to proposals."""
    schemas = _schemas(trace)
    pieces: dict[int, list[str]] = {}
    tools: dict[int, str] = {}
    for delta in deltas:
        if delta.type in ("call", "arguments"):
            own = pieces.setdefault(delta.index, [])
            tools[delta.index] = delta.tool or tools.get(delta.index, "")
            if delta.type == "arguments":
                own.append(delta.text)
    births: dict[int, ArgumentBirth] = {}
    for number, place in enumerate(sorted(pieces)):
        call = calls[number] if number < len(calls) else None
        tool = call.tool if call is not None else tools[place]
        recorded = _problems(call, "".join(pieces[place])) if call is not None else None
        births[place] = ArgumentBirth(tool, pieces[place], schemas.get(tool), recorded)
    return births


def _problems(call: CallSpan, streamed: str) -> tuple[Problem, ...] | None:
    """What the check found in the text that was streamed; None where it looked at another, or has not looked yet."""
    checked = call.checked
    if checked is None or not checked.is_known or checked.arguments_json is not None:
        return None
    return checked.problems if call.proposed.arguments_json == streamed else None


def _schemas(trace: Trace) -> dict[str, JsonObject]:
    """The parameters of the run's tools, as the run recorded them."""
    found: dict[str, JsonObject] = {}
    for document in trace.started.tools if trace.started is not None else ():
        name, schema = document.get("name"), document.get("inputSchema")
        if isinstance(name, str) and isinstance(schema, dict):
            found[name] = schema
    return found
