"""A map of how alike the request and the descriptions are: a table to read, copy and open duels from."""

from workbench.app.microscope.overlaps import DISCLAIMER, MEASURE_WORDS, SimilarityMeasure
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.core.similarity import SimilarityMap
from workbench.viewmodels.microscope.duel import similarity_words
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import one_line

REQUEST = "the request"


class Overlaps:
    """Rows and columns are tools, the most similar to the request first; the first column is the request itself."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        self.measure: SimilarityMeasure = "words"
        self.map: SimilarityMap | None = None
        self.problem = ""
        self.is_busy = False
        self._names: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._nearest: tuple[str, float] | None = None
        self._closest: tuple[str, str, float] | None = None
        self._most = {True: 0.0, False: 0.0}
        self.changed: Signal[[]] = Signal()

    @property
    def measures(self) -> tuple[tuple[SimilarityMeasure, str], ...]:
        """What can be measured here, with its words."""
        return tuple((measure, MEASURE_WORDS[measure]) for measure in self.point.parts.text_overlaps.measures)

    @property
    def label(self) -> str:
        """What the figures are."""
        scale = "0: no words in common, 1: identical" if self.measure == "words" else "below 0: less alike than average"
        return f"By {MEASURE_WORDS[self.measure]} ({scale}). {DISCLAIMER}"

    @property
    def names(self) -> tuple[str, ...]:
        """The tools in the order of the rows."""
        return self._names

    async def measure_by(self, measure: SimilarityMeasure) -> None:
        """Measure in another way."""
        self.measure = measure
        await self.compare_texts()

    async def compare_texts(self) -> None:
        """Measure; the answer is in `map`, or why there is none in `problem`."""
        by, self.is_busy = self.measure, True
        self.changed.emit()
        try:
            found = await self.point.parts.text_overlaps.overlaps(self.point.toolset, self.point.request_text, by=by)
            problem = ""
        except WorkbenchError as error:
            found, problem = None, one_line(str(error), 300)
        if by == self.measure:
            self._take(found)
            self.problem, self.is_busy = problem, False
            self.changed.emit()

    def value(self, row: str, column: str) -> float | None:
        """The similarity of a tool and the request (`REQUEST`) or another tool; None for a tool and itself."""
        found = self.map
        if found is None or row == column:
            return None
        if column == REQUEST:
            return found.request[self._places[row]] if found.request else None
        return found.pairs[self._places[row]][self._places[column]]

    def text(self, row: str, column: str) -> str:
        """A cell."""
        value = self.value(row, column)
        return "" if value is None else similarity_words(value)

    def spoken(self, row: str, column: str) -> str:
        """A cell for a screen reader."""
        value = self.value(row, column)
        if value is None:
            return f"{one_line(row, 64)} itself" if row == column else "no request"
        return f"{one_line(row, 64)} and {one_line(column, 64)}: {similarity_words(value)}"

    def level(self, row: str, column: str) -> int:
        """How strong the tint of a cell is, 0 to 3, among the cells of its kind."""
        value, most = self.value(row, column), self._most[column == REQUEST]
        if value is None or value <= 0 or most <= 0:
            return 0
        return sum(value >= most * step for step in (0.3, 0.55, 0.8))

    @property
    def words(self) -> str:
        """What stands out."""
        found = self.map
        if self.is_busy:
            return "Reading the texts…"
        if found is None:
            return self.problem
        parts = []
        if self._nearest is not None:
            name, value = self._nearest
            parts.append(f"Most similar to the request: {one_line(name, 64)} ({similarity_words(value)}).")
        if self._closest is not None:
            one, other, value = self._closest
            parts.append(
                f"Hardest to tell apart: {one_line(one, 64)} and {one_line(other, 64)} ({similarity_words(value)})."
            )
        return " ".join(parts)

    def tabbed(self) -> str:
        """The whole table with tabs between cells, for a spreadsheet."""
        columns = (REQUEST, *self.names)
        lines = ["\t".join(("", *columns))]
        lines += ["\t".join((row, *(self.text(row, column) for column in columns))) for row in self.names]
        return "\n".join(one_line_cells(line) for line in lines) + "\n"

    def _take(self, found: SimilarityMap | None) -> None:
        """Sorting thousands of pairs for every cell would take minutes: it is done once."""
        self.map = found
        nearest = found.nearest if found is not None else ()
        pairs = found.closest_pairs if found is not None else ()
        self._names = tuple(name for name, _ in nearest) or (found.names if found is not None else ())
        self._places = {name: place for place, name in enumerate(found.names)} if found is not None else {}
        self._nearest, self._closest = next(iter(nearest), None), next(iter(pairs), None)
        self._most = {True: nearest[0][1] if nearest else 0.0, False: pairs[0][2] if pairs else 0.0}


def one_line_cells(line: str) -> str:
    """A line whose cells hold no line break of their own."""
    return line.replace("\n", " ").replace("\r", " ")
