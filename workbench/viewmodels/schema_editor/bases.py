"""What the text of a tool may be compared with: earlier states of it, variants, a copied text. One is chosen."""

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
    """The first base is chosen until somebody chooses another; one that goes gives way to the first."""

    def __init__(self, own: Sequence[Base]) -> None:
        self.changed: Signal[[]] = Signal()
        """Another one is chosen, or others can be."""
        self._own = tuple(own)
        self._offered: tuple[Base, ...] = ()
        self._copied = ""
        self._chosen = self._own[0].key

    @property
    def all(self) -> tuple[Base, ...]:
        """Everything that can be chosen; the copied text comes last."""
        return (*self._own, *self._offered, Base(COPIED, "the copied text", lambda: self._copied))

    @property
    def chosen(self) -> Base:
        """What is compared with."""
        return next((base for base in self.all if base.key == self._chosen), self._own[0])

    @property
    def is_first(self) -> bool:
        """Whether the usual one is chosen."""
        return self.chosen.key == self._own[0].key

    def choose(self, key: str, *, copied: str = "") -> None:
        """Compare with this one; `copied` is the text for the copied one."""
        if key == COPIED:
            self._copied = copied
        self._chosen = key
        self.changed.emit()

    def offer(self, offered: Sequence[Base]) -> None:
        """These can be chosen as well, in place of the further ones before."""
        known = [(base.key, base.text()) for base in self._offered]
        self._offered = tuple(offered)
        if known != [(base.key, base.text()) for base in self._offered]:
            self.changed.emit()
