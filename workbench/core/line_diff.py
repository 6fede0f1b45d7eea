"""Two texts compared line by line, with the words that changed inside a long line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from workbench.core.word_diff import word_diff

CONTEXT_LINES = 3
_MAX_LINES = 2_000
_LONG_LINE = 40
_MAX_LONG_LINES = 20
"""How many changed lines in a row are compared word by word; that takes time, and nobody reads more of them."""


def line_diff(old: str, new: str) -> tuple[str, ...]:
    """Lines that begin with their sign: `  ` same, `- ` removed, `+ ` added, `~ ` the changed words, `@ ` a gap.

    Only the surroundings of changes are given; equal texts give nothing.
    """
    if old == new:
        return ()
    before, after = old.split("\n"), new.split("\n")
    return tuple(_lines(before, after))


def _lines(before: list[str], after: list[str]) -> Iterator[str]:
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if head > CONTEXT_LINES:
        yield _gap(head - CONTEXT_LINES)
    yield from (f"  {line}" for line in before[max(0, head - CONTEXT_LINES) : head])
    yield from _middle(old, new)
    yield from (f"  {line}" for line in before[len(before) - tail :][:CONTEXT_LINES])
    if tail > CONTEXT_LINES:
        yield _gap(tail - CONTEXT_LINES)


def _middle(old: list[str], new: list[str]) -> Iterator[str]:
    if max(len(old), len(new)) > _MAX_LINES:
        yield from (f"- {line}" for line in old)
        yield from (f"+ {line}" for line in new)
        return
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            same = old[old_from:old_to]
            if len(same) <= 2 * CONTEXT_LINES + 1:
                yield from (f"  {line}" for line in same)
                continue
            yield from (f"  {line}" for line in same[:CONTEXT_LINES])
            yield _gap(len(same) - 2 * CONTEXT_LINES)
            yield from (f"  {line}" for line in same[-CONTEXT_LINES:])
            continue
        removed, added = old[old_from:old_to], new[new_from:new_to]
        yield from (f"- {line}" for line in removed)
        yield from (f"+ {line}" for line in added)
        if len(removed) == len(added) <= _MAX_LONG_LINES:
            yield from _changed_words(removed, added)


def _changed_words(removed: list[str], added: list[str]) -> Iterator[str]:
    for one, other in zip(removed, added, strict=True):
        if min(len(one), len(other)) < _LONG_LINE:
            continue
        pieces = word_diff(one, other)
        if not any(piece.kind == "same" and piece.text.strip() for piece in pieces):
            continue
        marks = {"removed": "[-{}-]", "added": "{{+{}+}}", "same": "{}"}
        yield "~ " + "".join(
            marks[piece.kind].format(piece.text if piece.kind != "same" else _shortened(piece.text)) for piece in pieces
        )


def _shortened(text: str) -> str:
    return text if len(text) <= 2 * _LONG_LINE else f"{text[:_LONG_LINE]} … {text[-_LONG_LINE:]}"


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _gap(count: int) -> str:
    return f"@ {count:,} {'line' if count == 1 else 'lines'} the same"
