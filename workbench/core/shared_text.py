"""Long texts that have most of their pieces in common with others."""

from collections.abc import Iterable

Pieces = tuple[str, ...]


class SharedText:
    """A text that costs the pieces it is made of, which others may hold as well, and not its length. Never changes.

    A part is a text, or pieces that stand with commas between them.
    """

    __slots__ = ("_parts",)

    def __init__(self, *parts: str | Pieces) -> None:
        self._parts = parts

    @classmethod
    def sharing(cls, text: str, pieces: Iterable[str]) -> "SharedText":
        """`text`, with the pieces that it contains, in their order, instead of copies of them."""
        parts: list[str] = []
        at = 0
        for piece in pieces:
            if (found := text.find(piece, at)) >= 0:
                parts += [text[at:found], piece]
                at = found + len(piece)
        return cls(*parts, text[at:])

    @property
    def text(self) -> str:
        """The whole text, put together each time."""
        return "".join(part if isinstance(part, str) else ",".join(part) for part in self._parts)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts it is made of, as far as they are not pieces with commas between them."""
        return tuple(part for part in self._parts if isinstance(part, str))

    def shared_with(self, text: str) -> int:
        """How many characters of `text` are the pieces that this one begins with."""
        at = 0
        for part in self.pieces:
            if not text.startswith(part, at):
                break
            at += len(part)
        return at

    @property
    def piece_count(self) -> int:
        """How many pieces it is made of."""
        return sum(1 if isinstance(part, str) else len(part) for part in self._parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SharedText):
            return NotImplemented
        return self._parts == other._parts or self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"SharedText({self.text!r})"
