"""Patterns of JSON Schema, which are regular expressions of ECMA 262, for Python's `re`.

The two differ in spelling (`(?<year>…)`, `\\p{L}`, `\\u{1F600}`, `\\/`, `[^]`, `\\cJ`) and in meaning: `$` is the very
end, `\\d`, `\\w` and `\\b` cover only ASCII, `.` leaves out four line ends, and a group that did not take part equals
the empty text. Patterns are read with the `u` flag, but `\\-` or a lone `]`, which are legal only without it, are
accepted.
So is Python's own spelling of names, ends and leading flags, which servers written in Python use.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.core.character_set import (
    DIGITS,
    LAST,
    LINE_ENDS,
    SPACE,
    WORD,
    Ranges,
    characters_with,
    complement,
    is_known_property,
    union,
    written,
)

MAX_GROUP_DEPTH = 60
_MOST = 2**32 - 2
"""Python's limit."""
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_CLASSES: dict[str, Ranges] = {"d": DIGITS, "w": WORD, "s": SPACE}
_CLASSES |= {name.upper(): complement(ranges) for name, ranges in _CLASSES.items()}
_QUANTIFIER = re.compile(r"([*+?]|\{([0-9]+)(,([0-9]*))?\})(\??)")
_NAME = re.compile(r"\?P?<([^>=!]{1,80})>")
_MODIFIERS = re.compile(r"\?([ims]*)(?:-([ims]*))?:")
_LEADING_FLAGS = re.compile(r"\(\?([imsu]+)\)")


_LINE_END = written(LINE_ENDS)


class BadPattern(ValueError):
    """The pattern is not an ECMA 262 regular expression."""


class UncheckedPattern(ValueError):
    """The pattern may be one, but it cannot be checked here."""


class _Piece(NamedTuple):
    """Translated text, and how many characters it matches; no most where there is no bound."""

    text: str
    least: int = 0
    most: int | None = 0


def python_pattern(pattern: str) -> str:
    """What `re` takes for `pattern`, or raise `BadPattern` or `UncheckedPattern` with the reason in words."""
    return _Translation(pattern, is_dry=False).whole()


def check_pattern(pattern: str) -> None:
    """Raise what `python_pattern` would raise. The time it takes grows with the length of the pattern alone."""
    _Translation(pattern, is_dry=True).whole()


class _Translation:
    """One pass over one pattern, by recursive descent."""

    def __init__(self, pattern: str, *, is_dry: bool) -> None:
        self._pattern = pattern
        self._is_dry = is_dry
        """Whether only the form counts: sets of characters are then not looked up."""
        self._at = 0
        self._groups = 0
        self._depth = 0
        self._open: set[int] = set()
        self._behind = 0
        self._flags: frozenset[str] = frozenset()
        names = list(_groups_of(pattern))
        self._group_count = len(names)
        self._named: dict[str, list[int]] = {}
        for number, name in enumerate(names, 1):
            if name:
                self._named.setdefault(name, []).append(number)

    def whole(self) -> str:
        if found := _LEADING_FLAGS.match(self._pattern):  # Python's; ECMA has no place for flags in a pattern
            self._flags, self._at = frozenset(found[1]), found.end()
        text = self._either().text
        if self._at < len(self._pattern):
            raise BadPattern("a ) has no matching (")
        return f"(?i:{text})" if "i" in self._flags else text

    def _either(self, branches: list[_Piece] | None = None) -> _Piece:
        """Everything up to the end of the group; its branches are also put into `branches`."""
        branches = [] if branches is None else branches
        branches.append(self._sequence())
        while self._take("|"):
            branches.append(self._sequence())
        most = [branch.most for branch in branches]
        return _Piece(
            "|".join(branch.text for branch in branches),
            min(branch.least for branch in branches),
            None if None in most else max(each for each in most if each is not None),
        )

    def _sequence(self) -> _Piece:
        texts: list[str] = []
        least, most = 0, 0
        is_bounded = True
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            piece = self._quantified()
            texts.append(piece.text)
            least += piece.least
            is_bounded = is_bounded and piece.most is not None
            most += piece.most or 0
        return _Piece("".join(texts), least, most if is_bounded else None)

    def _quantified(self) -> _Piece:
        start = self._at
        atom, may_repeat = self._atom()
        found = _QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            return atom
        if not may_repeat:
            raise BadPattern(f"{self._pattern[start : self._at]!r} cannot be repeated")
        self._at = found.end()
        if self._pattern[self._at : self._at + 1] in ("*", "+", "?") or _QUANTIFIER.match(self._pattern, self._at):
            raise BadPattern(f"{self._pattern[start : self._at + 1]!r} repeats a repetition")
        least, most = _bounds(found)
        if most is not None and least > most:
            raise BadPattern(f"{found[0]!r} is out of order")
        sign = found[1] if found[2] is None else f"{{{least},{'' if most is None else most}}}"
        return _Piece(
            f"{atom.text}{sign}{found[5]}",
            atom.least * least,
            None if most is None or atom.most is None else atom.most * most,
        )

    def _atom(self) -> tuple[_Piece, bool]:
        """The next unit, and whether it may be repeated."""
        start = self._at
        letter = self._next()
        match letter:
            case "^":
                return _Piece(rf"(?:^|(?<={_LINE_END}))" if "m" in self._flags else "^"), False
            case "$":
                return _Piece(rf"(?={_LINE_END}|\Z)" if "m" in self._flags else r"\Z"), False
            case ".":
                return self._set(() if "s" in self._flags else LINE_ENDS, is_negated=True), True
            case "(":
                return self._group()
            case "[":
                return self._class(), True
            case "\\":
                return self._escaped()
            case "*" | "+" | "?":
                raise BadPattern(f"{letter!r} has nothing to repeat")
            case "{" if _QUANTIFIER.match(self._pattern, start):
                raise BadPattern(f"{letter!r} has nothing to repeat")
            case "{" if found := re.compile(r"\{,[0-9]+\}").match(self._pattern, start):
                raise BadPattern(f"{found[0]!r} is not a valid repetition; write {found[0].replace(',', '0,')!r}")
            case _:
                return _Piece(re.escape(letter), 1, 1), True

    def _group(self) -> tuple[_Piece, bool]:
        self._depth += 1
        if self._depth > MAX_GROUP_DEPTH:
            raise UncheckedPattern(f"its groups are nested deeper than {MAX_GROUP_DEPTH} levels")
        piece, may_repeat = self._look() if self._starts("?=", "?!", "?<=", "?<!") else (self._inside(), True)
        self._depth -= 1
        return piece, may_repeat

    def _inside(self) -> _Piece:
        """The rest of a group that matches something."""
        if found := _MODIFIERS.match(self._pattern, self._at):
            self._at = found.end()
            around = self._flags
            self._flags = (around | set(found[1])) - set(found[2] or "")
            inner = self._either()
            self._close()
            sign = "i" if "i" in self._flags else "-i"
            self._flags = around
            return inner._replace(text=f"(?{sign}:{inner.text})" if found[1] or found[2] else f"(?:{inner.text})")
        if found := re.compile(r"\?P=([^)]*)\)").match(self._pattern, self._at):
            self._at = found.end()
            return self._backreference(self._groups_named(found[1]))
        if found := _NAME.match(self._pattern, self._at):
            if not found[1].replace("$", "_").isidentifier():
                raise BadPattern(f"{found[1]!r} cannot be the name of a group")
            self._at = found.end()
        elif self._starts("?"):
            raise BadPattern(f"{self._pattern[self._at - 1 : self._at + 2]!r} does not start a group")
        self._groups += 1
        number = self._groups
        self._open.add(number)
        inner = self._either()
        self._open.discard(number)
        self._close()
        return inner._replace(text=f"({inner.text})")

    def _look(self) -> tuple[_Piece, bool]:
        sign = "?<" if self._starts("?<") else "?"
        self._at += len(sign)
        kind = self._next()
        branches: list[_Piece] = []
        self._behind += sign == "?<"
        whole = self._either(branches)
        self._close()
        if sign == "?":
            return _Piece(f"(?:(?{kind}{whole.text}))"), True
        self._behind -= 1
        if any(branch.least != branch.most for branch in branches):
            raise UncheckedPattern("it uses a lookbehind of variable length")
        # Python wants one length, so each branch looks behind on its own.
        looks = [f"(?<{kind}{branch.text})" for branch in branches]
        return _Piece(f"(?:{'|'.join(looks)})" if kind == "=" else "".join(looks)), False

    def _escaped(self) -> tuple[_Piece, bool]:
        if self._at >= len(self._pattern):
            raise BadPattern("it ends in a backslash")
        letter = self._pattern[self._at]
        if letter in "bBAZ":
            self._at += 1
            # Python's \B does not match in an empty text.
            return _Piece({"b": r"(?a:\b)", "B": r"(?!(?a:\b))", "A": r"\A", "Z": r"\Z"}[letter]), False
        if letter == "k":
            found = re.compile(r"k<([^>]*)>").match(self._pattern, self._at)
            if found is None:
                raise BadPattern(r"\k does not name a group")
            self._at = found.end()
            return self._backreference(self._groups_named(found[1])), True
        if found := re.compile(r"[1-9][0-9]*").match(self._pattern, self._at):
            if int(found[0]) > self._group_count:
                raise BadPattern(f"there is no group {found[0]}")
            self._at = found.end()
            return self._backreference([int(found[0])]), True
        ranges = self._escaped_set()
        if ranges is not None:
            return self._set(ranges), True
        return _Piece(re.escape(chr(self._escaped_character())), 1, 1), True

    def _groups_named(self, name: str) -> list[int]:
        if name not in self._named:
            raise BadPattern(f"there is no group named {name!r}")
        return self._named[name]

    def _backreference(self, numbers: list[int]) -> _Piece:
        """What a group has matched; nothing where it has not, or not yet."""
        if self._behind:
            raise UncheckedPattern("it refers to a group inside a lookbehind")
        text = ""
        for number in numbers:
            if number <= self._groups and number not in self._open:
                text = f"(?({number})\\{number}|{text})"
        return _Piece(f"(?:{text})", 0, None)

    def _class(self) -> _Piece:
        is_negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]"):
            first = self._class_member()
            if isinstance(first, int) and self._starts("-") and not self._starts("-]"):
                self._at += 1
                last = self._class_member()
                if isinstance(last, int):
                    if last < first:
                        raise BadPattern(f"the range {chr(first)}-{chr(last)} is out of order")
                    ranges.append((first, last))
                    continue
                ranges += [(0x2D, 0x2D), *last]
            ranges += [(first, first)] if isinstance(first, int) else first
        return self._set(union(ranges), is_negated=is_negated)

    def _class_member(self) -> int | Ranges:
        letter = self._next()
        if letter != "\\":
            return ord(letter)
        if self._take("b"):
            return 8
        if self._at >= len(self._pattern):
            raise BadPattern("a [ is never closed")
        ranges = self._escaped_set()
        return self._escaped_character() if ranges is None else ranges

    def _escaped_set(self) -> Ranges | None:
        """The set after a backslash, if there is one."""
        letter = self._pattern[self._at]
        if letter in _CLASSES:
            self._at += 1
            return _CLASSES[letter]
        if letter not in "pP":
            return None
        found = re.compile(r"[pP]\{([A-Za-z0-9_=]+)\}").match(self._pattern, self._at)
        if found is None:
            raise BadPattern(rf"\{letter} needs a property in braces")
        self._at = found.end()
        if not is_known_property(found[1]):
            raise UncheckedPattern(f"the Unicode property {found[1]} is not known here")
        if self._is_dry:
            return ((0, 0),)
        ranges = characters_with(found[1])
        return ranges if letter == "p" else complement(ranges)

    def _escaped_character(self) -> int:
        letter = self._next()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        rest = self._pattern[self._at :]
        if letter == "c" and rest[:1].isascii() and rest[:1].isalpha():
            self._at += 1
            return ord(rest[0]) % 32
        if letter == "0" and not rest[:1].isdigit():
            return 0
        if letter in "xu":
            return self._code_point(letter, rest)
        if letter.isascii() and letter.isalnum():
            raise BadPattern(rf"\{letter} has no meaning")
        return ord(letter)

    def _code_point(self, letter: str, rest: str) -> int:
        number = r"[0-9A-Fa-f]{2}" if letter == "x" else r"(?:\{0*([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))"
        found = re.match(number, rest)
        if found is None:
            raise BadPattern(rf"\{letter} needs a character number")
        self._at += found.end()
        if letter == "x":
            return int(found[0], 16)
        code = int(found[1] or found[2], 16)
        if code > LAST:
            raise BadPattern(rf"\u{found[0]} is beyond the last character")
        low = re.match(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})", rest[found.end() :])
        if found[2] and 0xD800 <= code < 0xDC00 and low is not None:  # two halves of one character
            self._at += low.end()
            return 0x10000 + ((code - 0xD800) << 10) + int(low[1], 16) - 0xDC00
        return code

    def _set(self, ranges: Ranges, *, is_negated: bool = False) -> _Piece:
        return _Piece(written(ranges, is_negated=is_negated), 1, 1)

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise BadPattern("a [ is never closed")
        self._at += 1
        return self._pattern[self._at - 1]

    def _close(self) -> None:
        if not self._take(")"):
            raise BadPattern("a ( is never closed")

    def _take(self, text: str) -> bool:
        if not self._starts(text):
            return False
        self._at += len(text)
        return True

    def _starts(self, *texts: str) -> bool:
        return self._pattern.startswith(texts, self._at)


def _groups_of(pattern: str) -> Iterator[str]:
    """The names of the groups that capture, in order; empty for those without one."""
    at, is_class = 0, False
    while at < len(pattern):
        match pattern[at]:
            case "\\":
                at += 1
            case "[":
                is_class = True
            case "]":
                is_class = False
            case "(" if not is_class:
                if found := _NAME.match(pattern, at + 1):
                    yield found[1]
                elif not pattern.startswith("?", at + 1):
                    yield ""
        at += 1


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    if found[2] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[1]]
    least = min(int(found[2][:12]), _MOST)
    if found[3] is None:
        return least, least
    return least, min(int(found[4][:12]), _MOST) if found[4] else None
