"""Answers of the local model that are kept: it always gives the same answer to the same input. In memory only."""

import json
from collections import OrderedDict

from workbench.core.json_text import JsonObject

MOST_ANSWERS = 2_000
MOST_CHARS = 8_000_000
"""Of all kept answers together."""


class KeptAnswers:
    """The answers used last. Each is given out as a copy."""

    def __init__(self, *, most: int = MOST_ANSWERS, most_chars: int = MOST_CHARS) -> None:
        self._most = most
        self._most_chars = most_chars
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._chars = 0

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def get(self, key: str) -> JsonObject | None:
        """The answer kept under this key."""
        if key not in self._texts:
            return None
        self._texts.move_to_end(key)
        found: JsonObject = json.loads(self._texts[key])
        return found

    def keep(self, key: str, answer: JsonObject) -> None:
        """Keep an answer, and drop those that were used longest ago."""
        if key in self._texts:
            return
        self._texts[key] = json.dumps(answer)
        self._chars += len(self._texts[key])
        while len(self._texts) > self._most or self._chars > self._most_chars:
            self._chars -= len(self._texts.popitem(last=False)[1])
