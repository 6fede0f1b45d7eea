"""One value of a JSON text as a row of a tree. What is in it is read when somebody unfolds it, one level at a time."""

from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.json_text import parse_strict, pretty

JsonKind = Literal["object", "array", "string", "number", "literal", "part", "text"]
"""`part` is a range of a long value, and `text` a piece of a long string."""
Name = str | int | None
JsonPath = tuple[str | int, ...]
Raws = list[msgspec.Raw] | list[str]

STRICT_CHARS = 300_000
"""Longer texts are not looked through for duplicate keys and the like, which takes a second for a few megabytes."""
_BEGIN = 64
_DIRECT = 300
_PART = 100
LONG_STRING = 2_000
"""Characters; a longer string is unfolded piece by piece."""
_KINDS: dict[int, JsonKind] = {ord("{"): "object", ord("["): "array", ord('"'): "string"}
_LITERALS = b"tfn"


def indented(text: str) -> str:
    """JSON in lines for people; a very long text, and any other, as it is."""
    try:
        return pretty(parse_strict(text)) if len(text) <= STRICT_CHARS else text
    except MalformedJson:
        return text


class JsonNode:
    """A value with its name in what holds it: a key, an index, or none. Numbers are kept as they are written."""

    def __init__(
        self,
        name: Name,
        raw: msgspec.Raw | str,
        parent: "JsonNode | None" = None,
        *,
        owner: "JsonNode | None" = None,
        span: tuple[int, int] = (0, 0),
    ) -> None:
        """`owner` is the value that a part is of, `span` the part's range."""
        self.name = name
        self.raw = raw
        self.parent = parent
        self.row = 0
        self.owner = owner
        self.span = span
        self.kind = "part" if owner is not None else _kind(raw)
        self._children: list[JsonNode] | None = None
        self._names: list[str] | None = None
        self._raws: Raws | None = None

    @property
    def size(self) -> int:
        """How long its text is: bytes, or characters of a piece of a string."""
        return len(self.raw) if isinstance(self.raw, str) else len(memoryview(self.raw))

    @property
    def can_open(self) -> bool:
        """Whether there is something in it."""
        if self.kind in ("object", "array"):
            begin = self.source(_BEGIN)[1:].lstrip()
            return begin[:1] not in ("]", "}") if begin else bool(self.raws)
        return self.kind == "part" or (self.kind == "string" and self.size > LONG_STRING and len(self.raws) > 1)

    @property
    def raws(self) -> Raws:
        """What is in it, still unread; of a long string, its pieces."""
        if self.owner is not None:
            return self.owner.raws
        if self._raws is None:
            self._raws = self._read()
        return self._raws

    def unit(self, place: int) -> "JsonNode":
        """What is in it at that place, as a row of its own that has no place in the tree."""
        return JsonNode(self.name_at(place), self.raws[place])

    def name_at(self, place: int) -> str | int:
        """The name of what is in it at that place."""
        if self.owner is not None:
            return self.owner.name_at(place)
        return self._names[place] if self._names is not None else place

    def place_of(self, name: str | int) -> int:
        """Where that name is."""
        self.raws  # noqa: B018 — reads the names as well
        return self._names.index(name) if isinstance(name, str) and self._names is not None else int(name)

    @property
    def children(self) -> list["JsonNode"]:
        """The rows below it: its members, or ranges of them when there are many."""
        if self._children is None:
            self._children = self._rows() if self.can_open else []
            for row, child in enumerate(self._children):
                child.row = row
        return self._children

    @property
    def string(self) -> str:
        """The text that a string stands for; half a character in it makes that its spelling."""
        try:
            return msgspec.json.decode(self.raw, type=str)
        except msgspec.DecodeError:
            return self.source()[1:-1]

    def source(self, most: int = 0) -> str:
        """Its text as it is written, or no more than the first `most` bytes of it."""
        if isinstance(self.raw, str):
            return self.raw
        held = memoryview(self.raw)
        return bytes(held[:most] if most else held).decode("utf-8", "replace")

    @property
    def path(self) -> JsonPath:
        """The names from the top to here; parts have none."""
        names: list[str | int] = []
        node: JsonNode | None = self
        while node is not None:
            if node.name is not None and node.kind != "text":
                names.append(node.name)
            node = node.parent
        return tuple(reversed(names))

    def child_for(self, place: int) -> "JsonNode":
        """The row below it that is, or holds, the unit of that number."""
        if self.children[0].kind == "part":
            return next(child for child in self.children if place < child.span[1])
        return self.children[place - self.span[0]]

    def _rows(self) -> list["JsonNode"]:
        first, last = self.span if self.owner is not None else (0, len(self.raws))
        count = last - first
        if count <= (_DIRECT if self.owner is None else _PART):
            return [JsonNode(self.name_at(place), self.raws[place], self) for place in range(first, last)]
        size = _PART
        while count > size * _PART:
            size *= _PART
        return [
            JsonNode(None, "", self, owner=self.owner or self, span=(begin, min(begin + size, last)))
            for begin in range(first, last, size)
        ]

    def _read(self) -> Raws:
        if self.kind == "object":
            held = msgspec.json.decode(self.raw, type=dict[str, msgspec.Raw])
            self._names = list(held)
            return list(held.values())
        if self.kind == "array":
            return msgspec.json.decode(self.raw, type=list[msgspec.Raw])
        return _pieces(self.string)


def read_json(text: str) -> JsonNode | None:
    """The value of a JSON text, or of lines of JSON as one array; None for any other text."""
    return _read_one(text) or _read_lines(text)


def _read_one(text: str) -> JsonNode | None:
    begin = text[:64].lstrip()[:1]
    if not begin or begin not in '{["-0123456789tfn':
        return None
    try:
        if len(text) <= STRICT_CHARS:
            parse_strict(text)
        node = JsonNode(None, msgspec.Raw(text.strip().encode()))
        if node.kind in ("object", "array"):
            node.raws  # noqa: B018 — reads the first level, and sees whether the rest is JSON
        else:
            msgspec.json.decode(node.raw)
    except (MalformedJson, msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return node


def _read_lines(text: str) -> JsonNode | None:
    if text[:1] not in ("{", "[") or "\n" not in text.strip():
        return None
    return _read_one(f"[{','.join(line for line in text.splitlines() if line.strip())}]")


def _kind(raw: msgspec.Raw | str) -> JsonKind:
    if isinstance(raw, str):
        return "text"
    begin = memoryview(raw)[0]
    return _KINDS.get(begin) or ("literal" if begin in _LITERALS else "number")


def _pieces(text: str) -> list[str]:
    """The text in pieces, cut after a line or a word where there is one."""
    pieces, begin = [], 0
    while begin < len(text):
        end = begin + LONG_STRING
        if end < len(text):
            cut = max(text.rfind("\n", begin + LONG_STRING // 2, end), text.rfind(" ", begin + LONG_STRING // 2, end))
            end = cut + 1 if cut > 0 else end
        pieces.append(text[begin:end])
        begin = end
    return pieces
