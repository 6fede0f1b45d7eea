"""Sets of characters as ECMA 262 names them (`\\d`, `\\s`, `\\p{L}`), as ranges and as classes of Python's `re`."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby

Ranges = tuple[tuple[int, int], ...]
"""First and last code points, in order; the ranges neither overlap nor touch."""

LAST = 0x10FFFF
DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))

_SPACES = ((0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F))
SPACE: Ranges = ((0x09, 0x0D), *_SPACES, (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF))

_CATEGORIES = """
C Other; Cc Control cntrl; Cf Format; Cn Unassigned; Co Private_Use; Cs Surrogate; L Letter; LC Cased_Letter;
Ll Lowercase_Letter; Lm Modifier_Letter; Lo Other_Letter; Lt Titlecase_Letter; Lu Uppercase_Letter;
M Mark Combining_Mark; Mc Spacing_Mark; Me Enclosing_Mark; Mn Nonspacing_Mark; N Number; Nd Decimal_Number digit;
Nl Letter_Number; No Other_Number; P Punctuation punct; Pc Connector_Punctuation; Pd Dash_Punctuation;
Pe Close_Punctuation; Pf Final_Punctuation; Pi Initial_Punctuation; Po Other_Punctuation; Ps Open_Punctuation; S Symbol;
Sc Currency_Symbol; Sk Modifier_Symbol; Sm Math_Symbol; So Other_Symbol; Z Separator; Zl Line_Separator;
Zp Paragraph_Separator; Zs Space_Separator
"""
_CATEGORY = {name: names.split()[0] for names in _CATEGORIES.split(";") for name in names.split()}
_HEX: Ranges = ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))
_FIXED: dict[str, Ranges] = {
    "Any": ((0, LAST),),
    "ASCII": ((0, 0x7F),),
    "ASCII_Hex_Digit": _HEX,
    "AHex": _HEX,
    "White_Space": ((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), *_SPACES[1:], (0x205F, 0x205F), (0x3000, 0x3000)),
}
_FIXED["space"] = _FIXED["White_Space"]
_TESTED: dict[str, Callable[[str], bool]] = {
    "Lowercase": str.islower,
    "Lower": str.islower,
    "Uppercase": str.isupper,
    "Upper": str.isupper,
}


def is_known_property(name: str) -> bool:
    """Whether `characters_with` knows `\\p{name}`: general categories and a few others, but no scripts."""
    kind, equals, value = name.partition("=")
    if equals:
        return kind in ("General_Category", "gc") and value in _CATEGORY
    return name in _CATEGORY or name in _FIXED or name in _TESTED or name == "Assigned"


@cache
def characters_with(name: str) -> Ranges:
    """The characters that have a known Unicode property. The first one takes about 0.1 s."""
    name = name.rpartition("=")[2]
    if name in _FIXED:
        return _FIXED[name]
    if name == "Assigned":
        return complement(characters_with("Cn"))
    if name in _TESTED:
        has = _TESTED[name]
        return union((code, code) for code in range(LAST + 1) if has(chr(code)))
    category = _CATEGORY[name]
    wanted = ("Lu", "Ll", "Lt") if category == "LC" else (category,)
    return union(span for found, spans in _by_category().items() if found.startswith(wanted) for span in spans)


@cache
def _by_category() -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    start = 0
    for category, codes in groupby(map(unicodedata.category, map(chr, range(LAST + 1)))):
        end = start + sum(1 for _ in codes)
        found.setdefault(category, []).append((start, end - 1))
        start = end
    return found


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """All of these, put in order and joined where they touch."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    """Every character that is in none of these."""
    left: list[tuple[int, int]] = []
    start = 0
    for first, last in ranges:
        if start < first:
            left.append((start, first - 1))
        start = last + 1
    if start <= LAST:
        left.append((start, LAST))
    return tuple(left)


def written(ranges: Ranges, *, is_negated: bool = False) -> str:
    """The set as a class of Python's `re`."""
    if not ranges:
        return r"[\s\S]" if is_negated else r"(?!)"
    inside = "".join(
        re.escape(chr(first)) if first == last else f"{re.escape(chr(first))}-{re.escape(chr(last))}"
        for first, last in ranges
    )
    return f"[^{inside}]" if is_negated else f"[{inside}]"
