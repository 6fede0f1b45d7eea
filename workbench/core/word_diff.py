"""Two texts compared word by word."""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

import msgspec

PieceKind = Literal["same", "added", "removed"]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MAX_WORDS = 3_000


class Piece(msgspec.Struct, frozen=True):
    """A piece of text that both have, or only the new one, or only the old one."""

    kind: PieceKind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in reading order. The same and the removed ones make `old`, the same and the added ones `new`.

    Very long texts are compared line by line, because words would take too long.
    """
    if old == new:
        return (Piece("same", old),) if old else ()
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > _MAX_WORDS:
        before, after = _LINE.findall(old), _LINE.findall(new)
    if max(len(before), len(after)) > _MAX_WORDS:
        return _merged([("removed", old), ("added", new)])
    pieces: list[tuple[PieceKind, str]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(after[new_from:new_to])))
            continue
        pieces.append(("removed", "".join(before[old_from:old_to])))
        pieces.append(("added", "".join(after[new_from:new_to])))
    return _merged(_without_islands(pieces))


def changed_words(pieces: tuple[Piece, ...]) -> tuple[int, int]:
    """How many words were added and how many removed."""
    added = sum(len(piece.text.split()) for piece in pieces if piece.kind == "added")
    removed = sum(len(piece.text.split()) for piece in pieces if piece.kind == "removed")
    return added, removed


def _without_islands(pieces: list[tuple[PieceKind, str]]) -> list[tuple[PieceKind, str]]:
    """A lone space between two changes belongs to both; otherwise a rewritten phrase falls into many tiny pieces."""
    joined: list[tuple[PieceKind, str]] = []
    for number, (kind, text) in enumerate(pieces):
        is_island = kind == "same" and text.isspace() and 0 < number < len(pieces) - 1 and "\n" not in text
        joined += [("removed", text), ("added", text)] if is_island else [(kind, text)]
    return joined


def _merged(pieces: list[tuple[PieceKind, str]]) -> tuple[Piece, ...]:
    """Between two equal pieces one removal and one addition, each in one piece; nothing empty."""
    merged: list[Piece] = []
    for is_same, group in groupby(pieces, lambda piece: piece[0] == "same"):
        kept = list(group)
        kinds: tuple[PieceKind, ...] = ("same",) if is_same else ("removed", "added")
        for kind in kinds:
            text = "".join(text for of, text in kept if of == kind)
            if text:
                merged.append(Piece(kind, text))
    return tuple(merged)
