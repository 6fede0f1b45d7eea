"""Which tools a round was offered, and why those."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from workbench.core.event import RequestSent
from workbench.core.ids import RunId, SpanPath
from workbench.core.routing.choosing import tokens_of
from workbench.core.routing.routed import CandidateState, Routed
from workbench.core.routing.routed_words import routed_line, search_line
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool
from workbench.core.trace import RoundSpan, Trace, TurnSpan
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.trace.trace_row import TraceRow

STATE_WORDS: dict[CandidateState, str] = {
    "offered": "offered",
    "always": "always offered",
    "named": "named in the request",
    "called": "called before in this turn",
    "never": "never offered",
    "not loaded": "not loaded",
    "not offered": "not offered",
}
_ROUND = re.compile(r"turn-(\d+)(?:/round-(\d+))?")


def tools_text(trace: Trace, span: SpanPath, before: Trace | None = None) -> tuple[str, str]:
    """What to show of the round that a span lies in (of the first one of a run or a turn), and a line about it.
    `before` is the run that this one continues."""
    found = _round_of(trace, span)
    if found is None:
        return "", "This span has no round yet."
    turn, current = found
    routed = turn.routed_at(current.number)
    searched = list(_search_words(current))
    if routed is None:
        offered = current.requests[-1].sent.offered if current.requests else ()
        lines = [*(one_line(name, 80) for name in offered), *searched]
        return "\n".join(lines), "Nothing was routed: every tool was offered."
    hint = routed_line(routed) if current.routed is not None else f"As in an earlier round. {routed_line(routed)}"
    cached = _cache_words(trace, current, before)
    lines = [*_lines(routed), *(one_line(step, 200) for step in routed.trail), *searched, *cached]
    return "\n".join(lines), one_line(hint, 300)


def _round_of(trace: Trace, span: SpanPath) -> tuple[TurnSpan, RoundSpan] | None:
    _, number = _place_of(span)
    turns = [turn for turn in trace.turns if turn.rounds and (not span or turn.number == turn_of(span))]
    if not turns:
        return None
    return next(((turns[0], each) for each in turns[0].rounds if each.number == number), None)


def _lines(routed: Routed) -> Iterator[str]:
    width = max((len(each.tool) for each in routed.candidates), default=0)
    for each in routed.candidates:
        forced = ", has to be called" if each.tool == routed.forced else ""
        score = f"{each.score:.2f}" if each.score else "  – "
        why = f"  {one_line(each.why, 160)}" if each.why else ""
        yield f"{score}  {one_line(each.tool, 80):<{min(width, 80)}}  {STATE_WORDS[each.state]}{forced}{why}"


def _search_words(current: RoundSpan) -> Iterator[str]:
    """What was left to the vendor's search, and what it found."""
    deferred = current.requests[-1].sent.deferred if current.requests else ()
    if deferred:
        yield one_line(f"left to the vendor's tool search: {', '.join(deferred)}", 300)
    if current.response is not None:
        for search in current.response.response.searches:
            yield one_line(search_line(search, current.response.response.calls), 300)


def _cache_words(trace: Trace, current: RoundSpan, before: Trace | None) -> Iterator[str]:
    """What a change of tools costs where a provider keeps the beginning of requests: tools stand at the beginning."""
    earlier = [request.sent for request in trace.requests() if request.sent.seq < current.started.seq]
    where = "the request before"
    if not earlier and before is not None:
        earlier, where = [request.sent for request in before.requests()], "the run before"
    now = current.requests[-1].sent if current.requests else None
    if now is None or not earlier or _shown(earlier[-1]) == _shown(now):
        return
    old, new = _shown(earlier[-1]), _shown(now)
    kept = [one for one, other in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))]
    documents = trace.started.tools if trace.started is not None else []
    held = tokens_of(tool for tool in map(Tool, documents) if tool.name in kept)
    lost = max(0, estimated_tokens(now.body_json) - held)
    changes = [f"+ {name}" for name in new if name not in old] + [f"− {name}" for name in old if name not in new]
    same = f"the tools are the same up to {kept[-1]}" if kept else "the first tool is another one"
    yield one_line(f"The tools changed since {where}: {', '.join(changes) or 'their order'}.", 300)
    yield one_line(f"In a prompt cache {same}; ≈ {lost:,} tokens after that have to be read again.", 300)


def _shown(sent: RequestSent) -> tuple[str, ...]:
    """The tools at the beginning of a request; deferred ones do not stand there."""
    return tuple(name for name in sent.offered if name not in sent.deferred)


def turn_of(span: SpanPath) -> int:
    """The number of the turn that a span lies in; the first one for a run."""
    return _place_of(span)[0]


def routing_row(rows: Sequence[TraceRow], run_id: RunId, span: SpanPath) -> TraceRow | None:
    """The row of the trace where the tools of the round were chosen that a span lies in, of the first one of a turn:
    in that round or before it. Where nothing was routed, the first search for tools."""
    here = _place_of(span)
    inside = [row for row in rows if row.run_id == run_id and row.kind == "routing"]
    inside = [row for row in inside if _place_of(row.span)[0] == here[0] and _place_of(row.span) <= here]
    routed = [row for row in inside if "/search-" not in row.span]
    return next(iter((*reversed(routed), *inside)), None)


def _place_of(span: SpanPath) -> tuple[int, int]:
    """The turn and the round that a span lies in; the first ones where it names none."""
    place = _ROUND.match(span)
    return (int(place[1]), int(place[2] or 1)) if place is not None else (1, 1)
