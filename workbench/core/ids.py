"""Names for the identifiers that travel through the program.

A run id is made once by an id maker; every other id is derived from it, so that a rerun of the same
conversation produces the same ids and two logs can be compared line by line.
"""

from typing import NewType

RunId = NewType("RunId", str)
CallId = NewType("CallId", str)
"""The workbench's own id of a proposed call. Providers repeat, reuse and omit theirs; ours never collide."""
SpanPath = NewType("SpanPath", str)
"""A path such as `turn-1/round-2/call-1`; the parent of a span is the path without its last step."""
WireId = NewType("WireId", str)
"""A wire's name in project files, exports and SPECs, such as `openai-chat`."""
WireFormat = NewType("WireFormat", str)
"""The same wire's name in recorded requests, such as `openai_chat`; never one in place of the other."""

ROOT_SPAN = SpanPath("")


def turn_span(turn: int) -> SpanPath:
    """The span of turn number `turn`, counted from 1."""
    return SpanPath(f"turn-{turn}")


def round_span(turn: int, round_number: int) -> SpanPath:
    """The span of a round; rounds are counted from 1 within their turn."""
    return SpanPath(f"turn-{turn}/round-{round_number}")


def routing_span(turn: int, round_number: int) -> SpanPath:
    """The span of what chose the tools of a round."""
    return SpanPath(f"turn-{turn}/round-{round_number}/routing")


def request_span(turn: int, round_number: int, attempt: int) -> SpanPath:
    """The span of one attempt to get an answer from the provider."""
    return SpanPath(f"turn-{turn}/round-{round_number}/request-{attempt}")


def call_span(turn: int, round_number: int, index: int) -> SpanPath:
    """The span of the call that stands at `index` (from 0) in the model's order."""
    return SpanPath(f"turn-{turn}/round-{round_number}/call-{index + 1}")


def call_id_for(run_id: RunId, turn: int, round_number: int, index: int) -> CallId:
    """The one id under which a call is approved, executed and settled."""
    return CallId(f"{run_id}.{turn}.{round_number}.{index + 1}")
