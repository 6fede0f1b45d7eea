"""What a tool's text can be compared with: its earlier states, variants, or a copied text. One is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.core.signal import Signal

COPIED = "copied"


@dataclass(frozen=True)
class Base:
    """A text to compare with. `words` name it: “since …”, “compared with …”."""

    key: str
    words: str
    text: Callable[[], str]


class Bases:
    """The first base is chosen by default, and again when the chosen one disappears."""

    def __init__(self, own: Sequence[Base]) -> None:
        self.changed: Signal[[]] = Signal()
        """The choice or the choices have changed."""
        self._own = tuple(own)
        self._offered: tuple[Base, ...] = ()
        self._copied = ""
        self._chosen = self._own[0].key

    @property
    def all(self) -> tuple[Base, ...]:
        """All bases; the copied text comes last."""
        return (*self._own, *self._offered, Base(COPIED, "the copied text", lambda: self._copied))

    @property
    def chosen(self) -> Base:
        """The chosen base."""
        return next((base for base in self.all if base.key == self._chosen), self._own[0])

    @property
    def is_first(self) -> bool:
        """Whether the default one is chosen."""
        return self.chosen.key == self._own[0].key

    def choose(self, key: str, *, copied: str = "") -> None:
        """Compare with this one; `copied` is the text for the copied one."""
        if key == COPIED:
            self._copied = copied
        self._chosen = key
        self.changed.emit()

    def offer(self, offered: Sequence[Base]) -> None:
        """Replace the additional bases."""
        known = [(base.key, base.text()) for base in self._offered]
        self._offered = tuple(offered)
        if known != [(base.key, base.text()) for base in self._offered]:
            self.changed.emit()
