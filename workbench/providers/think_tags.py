"""Reasoning that a server leaves in the text, between `<think>` tags: shown as reasoning where the connection asks for
that.

Only a text that begins with the tag is split, so that an answer may mention tags. Where only the end tag has come,
because the server put the first one into its prompt, the whole response is split; what had streamed was text. The copy
that goes back is left as it came.
"""

import re

import msgspec

from workbench.core.content import Part, ReasoningPart, TextPart
from workbench.core.exchange import Delta, ModelResponse, StreamItem

_START = re.compile(r"\s*<(think|thinking|thought)>\s*")
_STARTS = ("<think>", "<thinking>", "<thought>")
_LONE_END = re.compile(r"\s*</(?:think|thinking|thought)>\s*(?:\n\s*|$)")


class _Text:
    """The text of one part: at its start, in its reasoning, or in its answer."""

    def __init__(self) -> None:
        self.state = "start"
        self.waiting = ""
        self.end_tag = ""

    def split(self, piece: str) -> list[tuple[bool, str]]:
        """`piece` as pieces of reasoning (True) and of text; what may be a tag waits for more."""
        text, self.waiting = self.waiting + piece, ""
        found: list[tuple[bool, str]] = []
        if self.state == "start":
            begun = _START.match(text)
            if begun is not None and begun.end() < len(text):
                self.state, self.end_tag, text = "reasoning", f"</{begun[1]}>", text[begun.end() :]
            elif begun is not None or any(tag.startswith(text.strip()) for tag in _STARTS):
                self.waiting, text = text, ""
            else:
                self.state = "text"
        if self.state == "reasoning":
            reasoning, tag, rest = text.partition(self.end_tag)
            shown = (reasoning if tag else reasoning[: len(reasoning) - _held(reasoning, self.end_tag)]).rstrip()
            self.waiting = "" if tag else reasoning[len(shown) :]
            found.append((True, shown))
            self.state, text = ("gap" if tag else "reasoning"), rest
        if self.state == "gap":
            text = text.lstrip()
            self.state = "text" if text else "gap"
        if self.state == "text":
            found.append((False, text))
        return [(is_reasoning, text) for is_reasoning, text in found if text]

    def rest(self) -> list[tuple[bool, str]]:
        """What waited for a tag that has not come."""
        waiting, self.waiting = self.waiting, ""
        if self.state == "reasoning":
            waiting = waiting.rstrip()
        return [(self.state == "reasoning", waiting)] if waiting and not _START.fullmatch(waiting) else []


class ThinkTags:
    """Splits the deltas and the response of one answer. Parts behind a split one move on by one."""

    def __init__(self) -> None:
        self._texts: dict[int, _Text] = {}
        self._split: set[int] = set()

    def through(self, items: list[StreamItem]) -> list[StreamItem]:
        """`items` with their texts split."""
        found: list[StreamItem] = []
        for item in items:
            if isinstance(item, ModelResponse):
                for index, text in self._texts.items():
                    found += self._deltas(index, text.rest())
                found.append(_split_response(item))
            elif item.type == "text":
                found += self._deltas(item.index, self._texts.setdefault(item.index, _Text()).split(item.text))
            else:
                found.append(msgspec.structs.replace(item, index=self._place(item.index)))
        return found

    def _place(self, index: int) -> int:
        return index + sum(split < index for split in self._split)

    def _deltas(self, index: int, pieces: list[tuple[bool, str]]) -> list[StreamItem]:
        deltas: list[StreamItem] = []
        for is_reasoning, text in pieces:
            if is_reasoning:
                self._split.add(index)
            moved = 1 if index in self._split and not is_reasoning else 0
            deltas.append(Delta("reasoning" if is_reasoning else "text", self._place(index) + moved, text))
        return deltas


def _split_response(response: ModelResponse) -> ModelResponse:
    parts: list[Part] = []
    for part in response.parts:
        parts += _split_part(part) if isinstance(part, TextPart) else [part]
    return msgspec.structs.replace(response, parts=tuple(parts))


def _split_part(part: TextPart) -> list[Part]:
    begun = _START.match(part.text)
    if begun is not None:
        reasoning, _, text = part.text[begun.end() :].partition(f"</{begun[1]}>")
    elif (end := _LONE_END.search(part.text)) is not None:
        reasoning, text = part.text[: end.start()], part.text[end.end() :]
    else:
        return [part]
    split: list[Part] = [ReasoningPart(reasoning.strip())] if reasoning.strip() else []
    return [*split, TextPart(text.lstrip())] if text.strip() or not split else split


def _held(text: str, tag: str) -> int:
    """How many characters at the end of `text` could be the beginning of `tag`."""
    return next((length for length in range(len(tag) - 1, 0, -1) if text.endswith(tag[:length])), 0)
