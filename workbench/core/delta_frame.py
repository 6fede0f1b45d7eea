"""Streamed pieces that came within one frame, put together by part; what each of them was is kept."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.core.exchange import Delta, DeltaType

Later = tuple[tuple[int, int], ...]
"""For each piece but the first: milliseconds after the first one, and where in the joined text it begins."""


class JoinedDelta(NamedTuple):
    """Pieces of one part: their text, when the first came (seconds), and the later ones."""

    type: DeltaType
    part: int
    text: str
    tool: str
    at: float
    later: Later


class DeltaFrame:
    """Add pieces as they come, take what they are together."""

    def __init__(self) -> None:
        self._parts: dict[tuple[DeltaType, int], tuple[str, list[tuple[float, str]]]] = {}

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, delta: Delta, at: float) -> None:
        """One more piece, which came at `at`."""
        key = delta.type, delta.index
        part = self._parts.get(key)
        if part is None or (delta.tool and delta.tool != part[0]):
            self._parts[key] = part = (delta.tool, [] if part is None else part[1])
        part[1].append((at, delta.text))

    def take(self) -> list[JoinedDelta]:
        """What has come, in the order in which the parts began; afterwards there is nothing."""
        parts, self._parts = self._parts, {}
        return [_joined(kind, index, tool, pieces) for (kind, index), (tool, pieces) in parts.items()]


def pieces_of(text: str, at: float, later: Later) -> Iterator[tuple[float, str]]:
    """When each piece came, and its text. A text that has become shorter, because a key was taken out, ends early."""
    begin, came = 0, at
    for after_ms, end in later:
        yield came, text[begin:end]
        begin, came = end, at + after_ms / 1000
    yield came, text[begin:]


def _joined(kind: DeltaType, index: int, tool: str, pieces: list[tuple[float, str]]) -> JoinedDelta:
    first = pieces[0][0]
    if len(pieces) == 1:
        return JoinedDelta(kind, index, pieces[0][1], tool, first, ())
    later: list[tuple[int, int]] = []
    begin = len(pieces[0][1])
    for at, text in pieces[1:]:
        later.append((round((at - first) * 1000), begin))
        begin += len(text)
    return JoinedDelta(kind, index, "".join([text for _, text in pieces]), tool, first, tuple(later))
