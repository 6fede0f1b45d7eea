"""A duel of two descriptions: which sentences and words attract the request, without and with sampling."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.microscope.overlaps import DISCLAIMER, MEASURE_WORDS, SimilarityMeasure
from workbench.core.ablation_change import AblationChange
from workbench.core.attribution import Attribution, Pull
from workbench.core.errors import WorkbenchError
from workbench.core.sentence_change import exchanges
from workbench.core.signal import Signal
from workbench.core.tool import Toolset
from workbench.viewmodels.microscope.ablation_series import AblationSeries
from workbench.viewmodels.microscope.effect_words import MINUS
from workbench.viewmodels.microscope.heat_line import HeatLine
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import one_line, visible

TITLE = "Swapping sentences"
WITHOUT_SAMPLING = "Without sampling: what each text shares with the request"
WITH_SAMPLING = "With sampling: swap sentences between the descriptions"
_LEVELS = (0.01, 0.04, 0.1)
_MOST_WORDS = 8


@dataclass(frozen=True)
class DuelSide:
    """One tool of the duel: its similarity to the request, its words in order with what each adds, the strongest."""

    tool: str
    value: float
    similarity: str
    lines: tuple[HeatLine, ...]
    strongest: str


class Duel:
    """Two tools of the decision. The texts are measured by `measure`; sampling is `series`."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        self.measure: SimilarityMeasure = "words"
        self.sides: tuple[DuelSide, ...] = ()
        self.problem = ""
        self.is_busy = False
        self.changed: Signal[[]] = Signal()
        self.names = _pair(point)
        self.series = AblationSeries(point, TITLE, self._make_changes)
        self.series.changed.connect(self.changed.emit)

    @property
    def measures(self) -> tuple[tuple[SimilarityMeasure, str], ...]:
        """What can be measured here, with its words."""
        return tuple((measure, MEASURE_WORDS[measure]) for measure in self.point.parts.text_overlaps.measures)

    @property
    def label(self) -> str:
        """What the figures without sampling are."""
        return f"By {MEASURE_WORDS[self.measure]}. {DISCLAIMER}"

    @property
    def verdict(self) -> str:
        """Which of the two is more like the request."""
        if self.is_busy:
            return "Reading the texts…"
        if len(self.sides) != 2:
            return self.problem
        more, less = sorted(self.sides, key=lambda side: -side.value)
        if more.similarity == less.similarity:
            return f"Both are equally similar to the request: {more.similarity}."
        return f"{one_line(more.tool, 64)} is more similar to the request: {more.similarity} against {less.similarity}."

    async def choose(self, one: str, other: str) -> None:
        """Let two other tools fight."""
        self.names = (one, other)
        self.series.refresh()
        await self.compare_texts()

    async def measure_by(self, measure: SimilarityMeasure) -> None:
        """Measure the texts in another way."""
        self.measure = measure
        await self.compare_texts()

    async def compare_texts(self) -> None:
        """Measure; the answer is in `sides`, or why there is none in `problem`."""
        names, by = self.names, self.measure
        if names[0] == names[1] or not all(names):
            self.sides, self.problem, self.is_busy = (), "Choose two tools.", False
        else:
            self.is_busy = True
            self.changed.emit()
            try:
                found = await self.point.parts.text_overlaps.duel(
                    self.point.toolset, self.point.request_text, names, by=by
                )
                sides, problem = tuple(map(_side, found)), ""
            except WorkbenchError as error:
                sides, problem = (), one_line(str(error), 300)
            if (names, by) != (self.names, self.measure):
                return  # asked for something else meanwhile
            self.sides, self.problem, self.is_busy = sides, problem, False
        self.changed.emit()

    def _make_changes(self, toolset: Toolset) -> Sequence[AblationChange]:
        one, other = (toolset.named(name) for name in self.names)
        return exchanges(one, other) if one is not None and other is not None and one != other else ()


def signed(value: float) -> str:
    """`+0.12`, `−0.03`, `0.00`."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", MINUS)


def similarity_words(value: float) -> str:
    """`0.42`, `−0.07`."""
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", MINUS)


def _side(found: Attribution) -> DuelSide:
    strongest = ", ".join(
        f"{one_line(pull.piece.text, 40)} {signed(pull.strength)}" for pull in found.strongest[:_MOST_WORDS]
    )
    return DuelSide(
        found.tool,
        found.similarity,
        similarity_words(found.similarity),
        tuple(map(_line, found.words)),
        strongest or "none of its words makes it more similar to the request",
    )


def _line(pull: Pull) -> HeatLine:
    level = sum(abs(pull.strength) >= step for step in _LEVELS)
    figure = signed(pull.strength)
    return HeatLine(
        visible(pull.piece.text),
        level if pull.strength > 0 else -level,
        figure if level else "",
        f"{figure} similarity from this word",
    )


def _pair(point: PointViewModel) -> tuple[str, str]:
    """What was chosen against what is expected, else against the first other tool."""
    names = point.toolset.names
    one = point.chosen_tool if point.chosen_tool in names else next(iter(names), "")
    requested = point.expected_tool if point.expected_tool in names and point.expected_tool != one else None
    other = requested or next((name for name in names if name != one), "")
    return str(one), other
