"""How long the local model takes on this machine now: from measurements, and before there are any, from experience."""

import json
from collections import OrderedDict

from workbench.core.json_text import JsonValue
from workbench.providers.worker_process import Took

_ANSWER_S = 0.3
_LINEAR_S, _SQUARE_S = 0.45, 0.095
"""Seconds of reading for a thousand characters of tools, and for their square: one thread of an ordinary processor."""
_NEWEST = 0.3
"""The weight of the last measurement against all earlier ones."""
_MOST_KEPT = 100


class Pace:
    """What loading took is remembered for each set of tools; for others it follows from their size."""

    def __init__(self) -> None:
        self._answer_s: float | None = None
        self._slowness: float | None = None
        self._loads: OrderedDict[str, float] = OrderedDict()

    @property
    def answer_s(self) -> float:
        """Seconds for the answer to one input when the tools have been read."""
        return self._answer_s if self._answer_s is not None else _ANSWER_S * (self._slowness or 1.0)

    def load_s(self, key: str, chars: int) -> float:
        """Seconds for reading tools of this many characters; `key` is equal for equal tools."""
        return self._loads.get(key) or _usual_load_s(chars) * (self._slowness or 1.0)

    def record(self, took: Took, key: str, chars: int) -> None:
        """A command was carried out."""
        usual_s = _usual_load_s(chars)
        if took.load_s > usual_s / 20:  # less is only a change of triggers, and no reading
            self._slowness = _blended(self._slowness, took.load_s / usual_s)
            self._loads[key] = took.load_s
            if len(self._loads) > _MOST_KEPT:
                self._loads.popitem(last=False)
        if took.inputs:
            self._answer_s = _blended(self._answer_s, took.answer_s / took.inputs)


def size_of(tools: list[JsonValue]) -> int:
    """How many characters tools have."""
    return len(json.dumps(tools, ensure_ascii=False))


def _usual_load_s(chars: int) -> float:
    thousands = chars / 1000
    return _LINEAR_S * thousands + _SQUARE_S * thousands**2


def _blended(old: float | None, new: float) -> float:
    return new if old is None else old + _NEWEST * (new - old)
