"""Streamed pieces, joined: a batch with thousands of deltas becomes one with a handful."""

from collections.abc import Iterable

from msgspec.structs import replace

from workbench.core.event import ResponseDelta, RunEvent


def joined(events: Iterable[RunEvent]) -> list[RunEvent]:
    """The same events with neighboring deltas of one part joined into one.

    A run of deltas is collected first and joined once, so the work is linear in the text.
    """
    result: list[RunEvent] = []
    pieces: list[str] = []
    first: ResponseDelta | None = None
    for event in events:
        if isinstance(event, ResponseDelta):
            if first is not None and _continues(first, event):
                pieces.append(event.text)
                continue
            _close(result, first, pieces)
            first, pieces = event, [event.text]
        else:
            _close(result, first, pieces)
            first, pieces = None, []
            result.append(event)
    _close(result, first, pieces)
    return result


def _continues(first: ResponseDelta, event: ResponseDelta) -> bool:
    return (
        event.index == first.index
        and event.type == first.type
        and event.type != "call"
        and event.span == first.span
        and event.run_id == first.run_id
    )


def _close(result: list[RunEvent], first: ResponseDelta | None, pieces: list[str]) -> None:
    if first is not None:
        result.append(first if len(pieces) == 1 else replace(first, text="".join(pieces)))
