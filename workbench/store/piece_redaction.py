"""Keys that come in pieces: an answer is streamed, and no single piece of it holds the key that all of them hold."""

import msgspec

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.store.redaction import Place, Redactor, replaced

_MOST_WAITING = 256
"""Pieces of one run. Beyond that, pieces that wait for a stream that no longer grows are let through."""

Stream = tuple[SpanPath, str, int]


class PieceRedactor:
    """Lets the events of runs through, in their order, without the keys that lie across streamed pieces.

    A piece whose end may be the beginning of a key waits for the next one of its stream; every other kind of event ends
    the waiting. What comes out still needs `Redactor.line` or `Redactor.event`, which see one event at a time.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._waiting: dict[RunId, list[ResponseDelta]] = {}

    def take(self, event: RunEvent) -> list[RunEvent]:
        """Add the next event of a run; returns those that may be written or shown now."""
        waiting = self._waiting.pop(event.run_id, [])
        if not isinstance(event, ResponseDelta):
            return [*self._settled(waiting, is_over=True)[0], event] if waiting else [event]
        if not waiting and self._redactor.open_end(event.text) == len(event.text):
            return [event]
        pieces, ready = self._settled([*waiting, event], is_over=False)
        if ready < len(pieces):
            self._waiting[event.run_id] = pieces[ready:]
        return [*pieces[:ready]]

    def rest(self) -> list[RunEvent]:
        """What still waits in all runs when nothing more comes."""
        waiting, self._waiting = self._waiting, {}
        return [piece for pieces in waiting.values() for piece in self._settled(pieces, is_over=True)[0]]

    def _settled(self, waiting: list[ResponseDelta], *, is_over: bool) -> tuple[list[ResponseDelta], int]:
        """The pieces without keys, and how many of the first ones can no longer contain the start of a key."""
        streams: dict[Stream, list[int]] = {}
        for number, piece in enumerate(waiting):
            streams.setdefault((piece.span, piece.type, piece.index), []).append(number)
        ready = len(waiting)
        settled = list(waiting)
        for numbers in streams.values():
            is_let_through = is_over or (numbers[0] == 0 and len(waiting) > _MOST_WAITING)
            joined = "".join(waiting[number].text for number in numbers)
            until = len(joined) if is_let_through else self._redactor.open_end(joined)
            places = self._redactor.places(joined, until)
            start = 0
            for number in numbers:
                piece = waiting[number]
                end = start + len(piece.text)
                if end > until:
                    ready = min(ready, number)
                if places:
                    settled[number] = msgspec.structs.replace(piece, text=_part(joined, places, start, end))
                start = end
        return settled, ready


def _part(text: str, places: list[Place], start: int, end: int) -> str:
    """From `start` to `end` of the text with marks; a mark belongs where its key begins."""
    inside = [
        (max(place[0], start) - start, min(place[1], end) - start, place[2] if place[0] >= start else "")
        for place in places
        if place[0] < end and start < place[1]
    ]
    return replaced(text[start:end], inside)
