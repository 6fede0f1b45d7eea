"""The user's price list as a table: what is typed into a cell is written at once and can be undone."""

from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.app.costs.prices import PriceChange, Prices, amount
from workbench.core.errors import WorkbenchError
from workbench.core.price import NOT_KNOWN, Price, PriceLine
from workbench.core.signal import Signal


@dataclass(frozen=True)
class PriceDraft:
    """An entry as it is typed, cell by cell."""

    model: str = ""
    input: str = ""
    cached_input: str = ""
    cache_write: str = ""
    output: str = ""
    source: str = ""
    date: str = ""

    @classmethod
    def of(cls, line: PriceLine) -> "PriceDraft":
        """The draft that gives the entry back."""
        price = line.price
        return cls(
            line.model,
            _text(price.input),
            _text(price.cached_input),
            _text(price.cache_write),
            _text(price.output),
            line.source,
            line.date,
        )

    def read(self) -> PriceLine | None:
        """The entry, or None while something is missing. Raises `ValueError` for what is not a price."""
        needed = (self.model.strip(), self.input.strip(), self.output.strip())
        if not all(needed):
            return None
        cached = amount(self.cached_input) if self.cached_input.strip() else None
        write = amount(self.cache_write) if self.cache_write.strip() else None
        price = Price(amount(self.input), amount(self.output), cached, write)
        return PriceLine(self.model.strip(), price, self.source.strip(), self.date.strip())


CELLS: tuple[tuple[str, str], ...] = (
    ("model", "Model"),
    ("input", "Input $"),
    ("cached_input", "Cached $"),
    ("cache_write", "Write $"),
    ("output", "Output $"),
    ("source", "Source"),
    ("date", "As of"),
)


class PriceForm:
    """`rows` are the entries of the file, and at the end the one that is being added, if any."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._undone: list[PriceChange] = []
        self.changed: Signal[[]] = Signal()
        self.written: Signal[[str]] = Signal()
        """The file was written; what was done, in words."""
        self.new: PriceDraft | None = None
        self.message = ""
        self.is_good = True

    @property
    def rows(self) -> tuple[PriceDraft, ...]:
        """What is in the table."""
        own = tuple(PriceDraft.of(line) for line in self._prices.own)
        return (*own, self.new) if self.new is not None else own

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the file, each with its line."""
        return tuple(str(problem) for problem in self._prices.problems)

    @property
    def place(self) -> str:
        """Where the file is."""
        return self._prices.place

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undone)

    def words_for(self, *names: str) -> str:
        """What a model costs, in words, by any of its names."""
        line = self._prices.list.line_for(names)
        if line is None:
            return NOT_KNOWN
        if line.price.is_free:
            return f"$0 ({line.source})" if line.source else "$0"
        return f"${_text(line.price.input)} in, ${_text(line.price.output)} out"

    def add(self, model: str = "") -> None:
        """Begin another entry; it counts as soon as model, input and output are there."""
        self.new = PriceDraft(model)
        self._tell("Enter the prices from your provider's price page, in dollars per million tokens.", is_good=True)

    def write(self, place: int, cell: str, text: str) -> bool:
        """Take over what was typed into a cell; False when it cannot be."""
        rows = self.rows
        if not 0 <= place < len(rows) or getattr(rows[place], cell) == text:
            return True
        draft = replace(rows[place], **{cell: text})
        is_new = self.new is not None and place == len(rows) - 1
        try:
            line = draft.read()
        except ValueError as error:
            self._tell(f"{error}; “{text[:40]}” is none.", is_good=False)
            return False
        if line is None:
            if not is_new:
                self._tell(
                    "Each entry needs a model, an input price, and an output price.",
                    is_good=False,
                )
                return False
            self.new = draft
            self.changed.emit()
            return True
        lines = list(self._prices.own)
        if is_new:
            lines.append(line)
        else:
            lines[place] = line
        return self._save(lines, f"Price of {line.model} {'added' if is_new else 'changed'}")

    def remove(self, place: int) -> bool:
        """Take an entry out."""
        lines = list(self._prices.own)
        if self.new is not None and place == len(lines):
            self.new = None
            self._tell("", is_good=True)
            return True
        if not 0 <= place < len(lines):
            return False
        gone = lines.pop(place)
        return self._save(lines, f"Price of {gone.model} removed")

    def move(self, place: int, step: int) -> bool:
        """Move an entry up or down; the first that fits a model counts."""
        lines = list(self._prices.own)
        if not 0 <= place < len(lines) or not 0 <= place + step < len(lines):
            return False
        lines.insert(place + step, lines.pop(place))
        return self._save(lines, f"Price of {lines[place + step].model} moved")

    @property
    def newest(self) -> PriceChange | None:
        """The change that would be undone."""
        return self._undone[-1] if self._undone else None

    def undo(self, change: PriceChange | None = None) -> bool:
        """Take the last change back; with `change`, only if it is that one."""
        if not self._undone:
            return False
        if change is not None and change is not self.newest:
            self._tell("There are later changes. Undo those first.", is_good=False)
            return False
        try:
            self._prices.take_back(self._undone.pop())
        except WorkbenchError as error:
            self._tell(f"{error.message}. {error.hint}", is_good=False)
            return False
        self._tell("Undone.", is_good=True)
        return True

    def read_again(self) -> None:
        """Somebody may have edited the file."""
        self._prices.reload()
        self._tell("" if self.problems else "Read.", is_good=True)

    def _save(self, lines: list[PriceLine], words: str) -> bool:
        before = self.new
        try:
            self.new = None
            self._undone.append(self._prices.save(lines))
        except WorkbenchError as error:
            self.new = before
            self._tell(f"{error.message}. {error.hint}".strip(), is_good=False)
            return False
        self._tell(f"{words}.", is_good=True)
        self.written.emit(words)
        return True

    def _tell(self, message: str, *, is_good: bool) -> None:
        self.message, self.is_good = message, is_good
        self.changed.emit()


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
