"""Where everything in a JSON text is: a tree of spans, and the place of the first fault.

It reads what `parse_strict` reads and nothing more, but it says where: offsets count characters of the text, lines and
columns count from 1. What JSON allows and the workbench refuses (a key given twice, half of a surrogate pair, integers
that other programs change) is a fault as well, though the tree goes on behind it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Literal

import msgspec

from workbench.core.json_text import MAX_DEPTH, fits_integer, whole_number
from workbench.core.problem import pointer

SyntaxKind = Literal["object", "array", "string", "number", "boolean", "null"]

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s,:{}\[\]\"]{1,40}")
_LITERALS: dict[str, SyntaxKind] = {"true": "boolean", "false": "boolean", "null": "null"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MEANT = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NaN": "", "Infinity": ""}


class SyntaxNode(msgspec.Struct, eq=False):
    """One value and where it is: `text[start:end]`. A member of an object has a key with a span of its own."""

    kind: SyntaxKind
    start: int
    end: int = 0
    key: str = ""
    key_start: int = -1
    key_end: int = -1
    children: "list[SyntaxNode]" = msgspec.field(default_factory=list)

    @property
    def begin(self) -> int:
        """Where the member or the value begins: at its key if it has one."""
        return self.start if self.key_start < 0 else self.key_start

    def child(self, step: str) -> "SyntaxNode | None":
        """The member of that key, or the item of that number."""
        if self.kind == "array":
            place = whole_number(step)
            return self.children[place] if place is not None and place < len(self.children) else None
        return next((child for child in self.children if child.key == step), None)


class JsonFault(msgspec.Struct, frozen=True):
    """What is not strict JSON, in words, and the span it is about."""

    message: str
    start: int
    end: int


class JsonPlaces(msgspec.Struct, frozen=True):
    """The tree as far as the text could be read, and what is wrong, in the order of the text."""

    text: str
    root: SyntaxNode | None
    faults: tuple[JsonFault, ...] = ()

    def node(self, path: str) -> SyntaxNode | None:
        """The node a JSON pointer leads to."""
        found = self.root
        for step in steps(path):
            if found is None:
                return None
            found = found.child(step)
        return found

    def nearest(self, path: str) -> SyntaxNode | None:
        """The node a pointer leads to, or the last one on the way there."""
        found = self.root
        for step in steps(path):
            deeper = found.child(step) if found is not None else None
            if deeper is None:
                break
            found = deeper
        return found

    def pointer_at(self, offset: int) -> str:
        """The pointer of the innermost value or key that holds this offset."""
        way: list[object] = []
        node = self.root
        while node is not None:
            inner = next((child for child in node.children if child.begin <= offset <= child.end), None)
            if inner is not None:
                way.append(node.children.index(inner) if node.kind == "array" else inner.key)
            node = inner
        return pointer(way)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        before = self.text[: max(0, offset)]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@lru_cache(maxsize=4)  # one edit looks at the same text several times
def places(text: str) -> JsonPlaces:
    """Read a text as far as it can be read. Never raises."""
    reader = _Reader(text)
    try:
        root = reader.read_document()
    except _Broken as broken:
        return JsonPlaces(text, None, (*reader.faults, broken.fault))
    return JsonPlaces(text, root, tuple(reader.faults))


def steps(path: str) -> tuple[str, ...]:
    """The keys and numbers of a JSON pointer."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:])


def parent(path: str) -> tuple[str, str]:
    """A pointer split into the pointer of its container and the last step."""
    above, _, last = path.rpartition("/")
    return above, last.replace("~1", "/").replace("~0", "~")


def walk(node: SyntaxNode, path: str = "") -> Iterator[tuple[str, SyntaxNode]]:
    """Every node with its pointer, containers before what they hold."""
    yield path, node
    for number, child in enumerate(node.children):
        yield from walk(child, path + pointer([number if node.kind == "array" else child.key]))


class _Broken(Exception):
    def __init__(self, message: str, start: int, end: int = -1) -> None:
        super().__init__(message)
        self.fault = JsonFault(message, start, end if end > start else start + 1)


class _Reader:
    """Recursive descent; the depth is limited before Python's is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[JsonFault] = []
        self._at = 0
        self._depth = 0

    def read_document(self) -> SyntaxNode:
        if not self._look():
            raise _Broken("there is nothing here yet; a tool is a JSON object: { … }", 0)
        root = self._value()
        if self._look():
            raise _Broken("the JSON ends before this; only one value is allowed", self._at, len(self.text))
        return root

    def _look(self) -> str:
        """The next character that is not space, or nothing at the end."""
        found = _SPACE.match(self.text, self._at)
        self._at = found.end() if found else self._at
        return self.text[self._at : self._at + 1]

    def _value(self) -> SyntaxNode:
        match self._look():
            case "{":
                return self._container("object", "}")
            case "[":
                return self._container("array", "]")
            case '"':
                node = SyntaxNode("string", self._at)
                self._string()
                node.end = self._at
                return node
            case "":
                raise _Broken("the text ends where a value should be", max(0, self._at - 1), self._at)
            case _:
                return self._number_or_word()

    def _number_or_word(self) -> SyntaxNode:
        start = self._at
        word = _WORD.match(self.text, start)
        shown = word.group() if word else self.text[start]
        if shown in _LITERALS:
            self._at += len(shown)
            return SyntaxNode(_LITERALS[shown], start, self._at)
        number = _NUMBER.match(self.text, start)
        if number is None or (word is not None and number.end() < word.end() and len(shown) < 40):
            raise _Broken(_what_is_meant(shown), start, start + len(shown))
        self._at = number.end()
        self._judge_number(number)
        return SyntaxNode("number", start, self._at)

    def _judge_number(self, number: "re.Match[str]") -> None:
        digits, start, end = number.group(), number.start(), number.end()
        if number.group(1) is None and number.group(2) is None:
            if not fits_integer(digits):
                said = "this integer does not fit in 64 bits, and most programs would change it"
                self.faults.append(JsonFault(said, start, end))
        elif float(digits) in (float("inf"), float("-inf")):
            self.faults.append(JsonFault("this number is too large", start, end))

    def _container(self, kind: SyntaxKind, closing: str) -> SyntaxNode:
        node = SyntaxNode(kind, self._at)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Broken(f"nested deeper than {MAX_DEPTH} levels", self._at)
        self._at += 1
        seen: set[str] = set()
        if self._look() != closing:
            while True:
                node.children.append(self._member(seen) if kind == "object" else self._value())
                if self._look() == closing:
                    break
                self._take_comma(node, closing)
        self._at += 1
        self._depth -= 1
        node.end = self._at
        return node

    def _take_comma(self, node: SyntaxNode, closing: str) -> None:
        opening = "{" if closing == "}" else "["
        found = self._look()
        if found == ",":
            comma = self._at
            self._at += 1
            if self._look() == closing:
                raise _Broken(f'a comma before "{closing}" is one too many', comma, comma + 1)
            return
        if not found:
            line, _ = JsonPlaces(self.text, None).line_column(node.start)
            raise _Broken(f'"{opening}" of line {line} is never closed', node.start, node.start + 1)
        if node.children and found not in "}]:":
            end = node.children[-1].end
            raise _Broken("a comma is missing here", end - 1, end)
        raise _Broken(f'"," or "{closing}" should be here', self._at)

    def _member(self, seen: set[str]) -> SyntaxNode:
        if self._look() != '"':
            raise _Broken(_key_fault(self.text[self._at : self._at + 2]), self._at)
        key_start = self._at
        key = self._string()
        key_end = self._at
        if key in seen:
            self.faults.append(JsonFault(f"the key {key[:60]!r} appears twice in one object", key_start, key_end))
        seen.add(key)
        if self._look() != ":":
            raise _Broken('":" should be between a key and its value', key_start, key_end)
        self._at += 1
        node = self._value()
        node.key, node.key_start, node.key_end = key, key_start, key_end
        return node

    def _string(self) -> str:
        start = self._at
        try:
            value, self._at = scanstring(self.text, start + 1, True)
        except JSONDecodeError as error:
            raise _Broken(*_string_fault(self.text, start, error)) from None
        text = str(value)
        if _SURROGATE.search(text):
            self.faults.append(JsonFault("a string contains half of a surrogate pair", start, self._at))
        return text


def _key_fault(found: str) -> str:
    match found[:1]:
        case "":
            return "the text ends where a key should be"
        case "'" | "‘" | "“" | "”":
            return 'keys need straight double quotes: "key"'
        case "/":
            return "JSON does not allow comments"
        case "}" | "," | "]":
            return "a key is missing here"
        case _:
            return 'a key in double quotes should be here: "key"'


def _what_is_meant(word: str) -> str:
    if word in _MEANT:
        return f"{word} is not JSON" + (f"; write {_MEANT[word]}" if _MEANT[word] else "")
    match word[:1]:
        case "'" | "‘" | "“" | "”":
            return "strings need straight double quotes"
        case "/" | "#":
            return "JSON does not allow comments"
        case "," | "}" | "]" | ":":
            return "a value is missing here"
        case _:
            return f"{word[:24]!r} is not a JSON value; strings need double quotes"


def _string_fault(text: str, start: int, error: JSONDecodeError) -> tuple[str, int, int]:
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    if "control character" in error.msg.lower() and error.pos >= line_end:
        return "this string does not end on its line; write \\n for a line break", start, line_end
    if "unterminated" in error.msg.lower():
        return "this string never ends", start, line_end
    if "control character" in error.msg.lower():
        return "a control character in a string must be written as an escape, such as \\t", error.pos, error.pos + 1
    return "this is not a valid JSON escape", error.pos, min(error.pos + 2, line_end)
