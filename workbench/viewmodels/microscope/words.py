"""Which sentence of a description draws or repels the choice: each left out in turn."""

from collections.abc import Callable, Sequence

from workbench.app.microscope.ablations import Ablation, AblationPlan
from workbench.app.microscope.sentence_heat import Heat, heat_of
from workbench.core.ablation_change import MOST_SENTENCES, AblationChange
from workbench.core.sentence import sentences
from workbench.core.sentence_change import clause_changes, sentence_changes
from workbench.core.signal import Signal
from workbench.core.tool import Toolset
from workbench.viewmodels.microscope.ablation_series import AblationSeries
from workbench.viewmodels.microscope.heat_line import LONGEST, HeatLine, heat_lines, heat_title
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import clipped, one_line, visible

TITLE = "Leaving out sentences"
MEASURE = "Measure the sentences"
COLUMNS = ("Points", "Between (95 %)", "With → without", "Other choice", "Model's confidence", "Sentence")


class WordsHeat:
    """The heat of one tool's description at a time."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        self.tool = point.chosen_tool or point.expected_tool or next(iter(point.toolset.names), "")
        self.is_on_expected = False
        """Whether figures are about the expected tool, where there is one; else about what was chosen."""
        self.is_by_clause = False
        """Whether clauses are left out, and not whole sentences."""
        self.heat: Heat | None = None
        self.problem = ""
        self.changed: Signal[[]] = Signal()
        self._store = point.parts.heats
        self._look_at(self.tool)
        self.series = AblationSeries(point, TITLE, self._make_changes)
        self.series.changed.connect(self._on_series_changed)
        self.series.finished.connect(self._keep)

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools to look at: what was chosen and what is expected first."""
        first = (self.point.chosen_tool or "", self.point.expected_tool or "")
        return tuple(dict.fromkeys(name for name in (*first, *self.point.toolset.names) if self._offers(name)))

    def choose(self, tool: str) -> None:
        """Look at another tool's description."""
        self._look_at(tool)
        self.series.refresh()
        self.changed.emit()

    def _look_at(self, tool: str) -> None:
        self.tool = tool
        self.is_on_expected = tool == self.point.expected_tool
        found = self.point.toolset.named(tool)
        self.is_by_clause = found is not None and len(sentences(found.description)) == 1
        self.heat = self._store.latest(tool, found.description) if found is not None else None

    def cut_at_clauses(self, *, is_on: bool) -> None:
        """Leave out clauses, or sentences."""
        self.is_by_clause = is_on
        self.series.refresh()
        self.changed.emit()

    def count_expected(self, *, is_on: bool) -> None:
        """Let figures be about the expected tool, or about what was chosen."""
        self.is_on_expected = is_on
        self.changed.emit()

    @property
    def description(self) -> str:
        """The whole text."""
        found = self.point.toolset.named(self.tool)
        return found.description if found is not None else ""

    @property
    def lines(self) -> tuple[HeatLine, ...]:
        """The sentences, or clauses, with their heat; those that were not measured without a figure."""
        shown = self.heat
        known: dict[tuple[int, int], HeatLine] = {}
        if shown is not None:
            measured = heat_lines(shown, on_expected=self.is_on_expected)
            known = {
                (found.sentence.start, found.sentence.end): line
                for found, line in zip(shown.sentences, measured, strict=True)
            }
        lines = []
        for change in self._changes():
            sentence = change.sentence
            if sentence is not None:
                empty = HeatLine(visible(clipped(sentence.text.rstrip(), LONGEST)), 0, "?", "not measured yet")
                lines.append(known.get((sentence.start, sentence.end), empty))
        return tuple(lines)

    @property
    def title(self) -> str:
        """When and on what, or what to do."""
        more = f" (the first {MOST_SENTENCES})" if len(self._changes()) >= MOST_SENTENCES else ""
        if self.heat is not None and any(line.figure != "?" for line in self.lines):
            return f"{heat_title(self.heat, on_expected=self.is_on_expected)}, at {self.heat.point}{more}"
        if not self.description.strip():
            return f"{one_line(self.tool, 64)} has no description"
        return f"Not measured yet: “{MEASURE}” leaves out each in turn{more}"

    def table(self) -> tuple[tuple[str, ...], ...]:
        """By `COLUMNS`."""
        return tuple(
            (line.figure, line.between, line.shares, line.other, line.confidence, one_line(line.text, 300))
            for line in self.lines
        )

    async def start(self, stop: Callable[[], object] | None = None) -> None:
        """Sample every sentence."""
        await self.series.start(stop)

    def _make_changes(self, toolset: Toolset) -> Sequence[AblationChange]:
        found = toolset.named(self.tool)
        if found is None:
            return ()
        return clause_changes(found) if self.is_by_clause else sentence_changes(found)

    def _changes(self) -> Sequence[AblationChange]:
        return self._make_changes(self.point.toolset)

    def _offers(self, name: str) -> bool:
        return self.point.toolset.named(name) is not None

    def _on_series_changed(self) -> None:
        self.changed.emit()

    def _keep(self, plan: AblationPlan, ablation: Ablation, is_whole: bool) -> None:
        """What came is shown; only a whole heat takes the place of an older one."""
        heat = heat_of(plan, ablation, self.tool)
        if not heat.sentences:
            return
        self.heat = heat
        if is_whole:
            try:
                self._store.keep(heat)
                self.problem = ""
            except OSError as error:
                self.problem = f"Cannot save the heat: {error.strerror or error}"
        self.changed.emit()
