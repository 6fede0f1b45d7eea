"""The decision under the microscope: what was asked, what was chosen, what would have been right.

Every panel of the page gets the same one and listens to `changed` when the person expects something else, or what is
compared with it changes.
"""

from typing import TYPE_CHECKING, Protocol

from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.decision import RecordedDecision, call_number, decision_at
from workbench.app.parts import HasHeats, HasHistory, HasModels, HasProject, HasRuns, HasTextOverlaps, HasTools
from workbench.core.choice import Choice
from workbench.core.ids import RunId
from workbench.core.mark import Mark, expectation_of, expected_words
from workbench.core.selection import Expectation, ExpectedCall, Mistake, mistakes
from workbench.core.signal import Signal
from workbench.core.suite.grade import NOT_OFFERED
from workbench.core.tool import Toolset
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recording import Recording
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress

if TYPE_CHECKING:
    from workbench.app.replay.replays import Replays


class DecisionParts(HasProject, HasTools, HasModels, HasRuns, HasHistory, HasTextOverlaps, HasHeats, Protocol):
    """What a decision is looked at with."""


class PointViewModel:
    """One decision. `changed` is emitted when `expected`, `is_judged`, `model` or the project's tools change."""

    def __init__(
        self, parts: DecisionParts, replays: "Replays", run_id: RunId, place: str, mark: Mark | None = None
    ) -> None:
        """`place` is a point or the path of a call or round. Raises `UsageError` where there is no decision.

        Reads the run and what was sampled before, so that the panels need not: make it in another thread.
        """
        self.parts = parts
        self.replays = replays
        self.decision: RecordedDecision = decision_at(replays, run_id, place)
        self.ablations = AblationStore(parts.store.folder, parts.redactor)
        """What was sampled before."""
        self.ablations.read(run_id)
        self.call = call_number(place)
        """The number of the call that is looked at, 0 for the decision as a whole."""
        self.changed: Signal[[]] = Signal()
        self.work_begun: Signal[[Progress]] = Signal()
        """Something long is sampled."""
        self.is_judged = False
        """Whether the person said what would have been right; else `expected` says nothing."""
        self.expected: ExpectedCall | None = None
        """The call that would have been right in place of the one looked at; None: no call."""
        self.model: str | None = None
        """The SPEC of the model that panels ask; None: the one that was asked then."""
        if mark is not None:
            self.take_mark(mark)

    @property
    def run_id(self) -> RunId:
        """The recorded run."""
        return self.decision.run_id

    @property
    def recording(self) -> Recording:
        """Its log, arranged."""
        return self.decision.recording

    @property
    def point(self) -> ForkPoint:
        """In front of the round in which it was decided; as text it is what the command line takes."""
        return self.decision.point

    @property
    def toolset(self) -> Toolset:
        """The tools of the run then."""
        return self.decision.toolset

    @property
    def was_not_offered(self) -> bool:
        """Whether routing left out the tool that would have been right, so that the model had no choice."""
        tool = self.expected_tool
        return tool in self.toolset.names and tool not in self.decision.offered

    @property
    def request_text(self) -> str:
        """What the person had asked last."""
        return self.decision.request_text

    @property
    def chosen(self) -> Choice | None:
        """What was chosen; None when the model did not answer."""
        return self.decision.chosen

    @property
    def chosen_tools(self) -> tuple[str, ...]:
        """The names of the tools that were called."""
        return tuple(call.tool for call in self.chosen.calls) if self.chosen is not None else ()

    @property
    def chosen_tool(self) -> str | None:
        """The tool of the call that is looked at, or the first that was called; None when there was no call."""
        tools = self.chosen_tools
        return tools[self.call - 1] if 0 < self.call <= len(tools) else next(iter(tools), None)

    @property
    def expected_tool(self) -> str | None:
        """The tool that would have been right; None when that is not said, or when no call would have been."""
        return self.expected.tool if self.is_judged and self.expected is not None else None

    @property
    def expectation(self) -> Expectation | None:
        """Expected choice at the point, whole; None when that is not said."""
        return expectation_of(self.chosen, self.call, self.expected) if self.is_judged else None

    def mistakes_of(self, choice: Choice, toolset: Toolset | None = None) -> tuple[Mistake, ...]:
        """What is wrong with a choice made here; nothing while it is not said what would be right. `toolset` is what
        was offered, where that was something else."""
        expectation = self.expectation
        return mistakes(expectation, choice, toolset or self.toolset) if expectation is not None else ()

    def expect(self, expected: ExpectedCall | None) -> None:
        """Say what would have been right; None: no call."""
        self.is_judged, self.expected = True, expected
        self.changed.emit()

    def expect_nothing(self) -> None:
        """Leave it open again what would have been right."""
        self.is_judged, self.expected = False, None
        self.changed.emit()

    def take_mark(self, mark: Mark) -> None:
        """Expect what a mark says."""
        self.call = mark.call
        self.expect(mark.expected)

    def choose_model(self, spec: str | None) -> None:
        """Ask another model from now on; None: the recorded one."""
        if spec != self.model:
            self.model = spec
            self.changed.emit()

    # in words

    @property
    def asked_words(self) -> str:
        """What the person asked, on one line."""
        return one_line(self.request_text, 300) or "no text"

    @property
    def chosen_words(self) -> str:
        """What was chosen, on one line."""
        return one_line(str(self.chosen), 300) if self.chosen is not None else "no answer came"

    @property
    def expected_words(self) -> str:
        """Expected choice, on one line."""
        return expected_words(self.expected) if self.is_judged else "not set yet"

    @property
    def verdict_words(self) -> str:
        """What was wrong with the recorded choice, in the words of the taxonomy; empty when nothing is said."""
        if not self.is_judged or self.chosen is None:
            return ""
        if self.was_not_offered and self.decision.routed is not None:
            return f"{NOT_OFFERED}: {self.decision.routed.selector} left {self.expected_tool} out"
        found = self.mistakes_of(self.chosen)
        return "; ".join(one_line(str(mistake), 160) for mistake in found) or "as expected"
