"""What models cost for this user: their own price list, then what is known without one.

No vendor's prices come with the program: they change, and a wrong amount is worse than none. Models on this
machine are free.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from workbench.app.project.folders import UserFolders
from workbench.core.errors import ProjectError
from workbench.core.hand_call import HAND
from workbench.core.price import Price, PriceLine, PriceList
from workbench.core.signal import Signal
from workbench.store.price_file import PriceFile
from workbench.store.price_file import amount as amount
from workbench.store.project_file import ProjectProblem

_FREE = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
BUILT_IN = (
    PriceLine("local", _FREE, "runs on this machine"),
    PriceLine("local:*", _FREE, "runs on this machine"),
    PriceLine("scripted:*", _FREE, "answers come from a file"),
    PriceLine(HAND, _FREE, "calls made by hand"),
)


class PriceChange(msgspec.Struct, frozen=True):
    """The whole text of the price file before and after."""

    before: str
    after: str


class Prices:
    """The price list in force. It is read once, and again by `reload`."""

    def __init__(self, folders: UserFolders | None = None) -> None:
        self._file = PriceFile((folders or UserFolders.of_this_user()).config / "prices.toml")
        self.changed: Signal[[]] = Signal()
        """The list has changed."""
        self._own: tuple[PriceLine, ...] = ()
        self.list = PriceList(BUILT_IN)
        """The effective list: the user's own entries first."""
        self.problems: tuple[ProjectProblem, ...] = ()
        """The file's problems; faulty entries are ignored, the others apply."""
        self._read()

    @property
    def own(self) -> tuple[PriceLine, ...]:
        """The user's own entries, in order."""
        return self._own

    @property
    def place(self) -> str:
        """The path of the file."""
        return str(self._file.path)

    def reload(self) -> None:
        """Read the file again, since another program may have edited it."""
        before = (self.list, self.problems)
        self._read()
        if (self.list, self.problems) != before:
            self.changed.emit()

    def save(self, lines: Sequence[PriceLine]) -> PriceChange:
        """Write these entries in this order; comments stay. Raises `ProjectError` when the file is damaged."""
        before = self._file.text()
        after = self._file.changed(lines)
        return self._replace(before, after)

    def take_back(self, change: PriceChange) -> PriceChange:
        """Restore the file. Raises `ProjectError` when something else has changed it since."""
        if self._file.text() != change.after:
            raise ProjectError(
                "the prices have changed since, so this cannot be undone", hint="Edit them by hand.", where=self.place
            )
        return self._replace(change.after, change.before)

    def _replace(self, before: str, after: str) -> PriceChange:
        try:
            self._file.write(after)
        except OSError as error:
            raise ProjectError(f"the prices cannot be saved: {error.strerror or error}", where=self.place) from None
        self._read()
        self.changed.emit()
        return PriceChange(before, after)

    def _read(self) -> None:
        self._own, self.problems = self._file.read()
        self.list = PriceList((*self._own, *BUILT_IN))
