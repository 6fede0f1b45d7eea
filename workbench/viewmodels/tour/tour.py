"""The guided tour, step by step: a step is done when the runs show it, not when a button was pressed."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from workbench.app.parts import HasProject
from workbench.app.tour import tour
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.core.trace import Trace, fold
from workbench.viewmodels.shared.plain import one_line

StepName = Literal["run", "approve", "right", "break", "why", "end"]
_ORDER: tuple[StepName, ...] = ("run", "approve", "right", "break", "why", "end")
_PROMPTS: dict[StepName, str] = {
    "run": tour.WEATHER,
    "approve": tour.MAIL,
    "right": tour.TIME,
    "break": tour.TIME,
    "why": tour.TIME,
}


@dataclass(frozen=True)
class TourCard:
    """The contents of the strip: the current step, what to do, and the button that does it."""

    number: int
    of: int
    title: str
    words: str
    button: str
    can_compare: bool = False


class TourViewModel:
    """One tour through the weather desk. `runs` are those of the question that is asked three times, in order."""

    def __init__(
        self, parts: HasProject, read_again: Callable[[], Coroutine[Any, Any, None]], approval_keys: Callable[[], str]
    ) -> None:
        """`read_again` reads the project's files again and updates the window; `approval_keys` go to an approval."""
        self.changed: Signal[[]] = Signal()
        self.step: StepName | None = None
        self.runs: list[RunId] = []
        self.is_waiting = False
        """A call of the tour's run waits for the person."""
        self._parts = parts
        self._read_again = read_again
        self._approval_keys = approval_keys
        self._choices: list[str] = []
        self._says = ""

    @property
    def is_offered(self) -> bool:
        """Whether the tour can be taken in this project."""
        return self.step is None and tour.fits(self._parts.project)

    @property
    def is_on(self) -> bool:
        """Whether the tour is under way."""
        return self.step is not None

    @property
    def prompt(self) -> str:
        """The message of this step."""
        return _PROMPTS.get(self.step, "") if self.step is not None else ""

    @property
    def card(self) -> TourCard | None:
        """The current card; None when the tour is off."""
        if self.step is None:
            return None
        title, words, button = self._shown(self.step)
        words = f"{self._says} {words}".strip()
        number = _ORDER.index(self.step) + 1
        return TourCard(number, len(_ORDER), title, words, button, self.step in ("why", "end") and len(self.runs) > 1)

    async def start(self) -> None:
        """Begin at the first step. A description left changed by an earlier tour is restored first."""
        self.runs, self._choices, self._says = [], [], ""
        if tour.is_broken(self._parts.project):
            await self._fix()
        self._go("run")

    async def end(self) -> None:
        """Leave the tour, and undo its changes."""
        if self.step is not None and tour.is_broken(self._parts.project):
            await self._fix()
        self.step, self.is_waiting = None, False
        self.changed.emit()

    def leave(self) -> None:
        """The window closes during the tour: undo its changes."""
        if self.step is not None and tour.is_broken(self._parts.project):
            tour.fix_description(self._parts.project)

    async def prepare(self) -> None:
        """Prepare this step before its message is sent. Raises `UsageError` or `StoreError`."""
        if self.step == "break" and not tour.is_broken(self._parts.project):
            tour.break_description(self._parts.project)
            await self._read_again()
        elif self.step == "why":
            await self._fix()

    def ask(self) -> None:
        """A call of the tour's run waits for the person."""
        if self.is_on and not self.is_waiting:
            self.is_waiting = True
            self.changed.emit()

    def take_run(self, run_id: RunId, events: Iterable[RunEvent]) -> None:
        """A run of the tour has ended: continue if it shows this step's point, else say what happened."""
        trace = fold(events)
        said = trace.turns[0].started.message.text if trace.turns else ""
        if self.step is None or said != self.prompt or run_id in self.runs:
            return
        self.is_waiting = False
        match self.step:
            case "run":
                self._after_weather(trace)
            case "approve":
                self._after_mail(trace)
            case "right" | "break" | "why":
                self._after_time(run_id, trace)
            case "end":
                pass

    def _after_weather(self, trace: Trace) -> None:
        done = [call for call in trace.calls() if call.outcome == "ok"]
        if not done:
            self._say("No tool was called.")
            return
        many = "two tools at once" if len(done) > 1 else "a tool"
        self._go("approve", f"The model called {many} and got real answers. The trace on the right shows when.")

    def _after_mail(self, trace: Trace) -> None:
        asked = [call for call in trace.calls() if call.asked is not None and call.settled is not None]
        if not asked:
            self._say("The model did not try to send it.")
            return
        words = "It was “sent” to a folder in this project." if asked[0].outcome == "ok" else "It was not sent."
        self._go("right", words)

    def _after_time(self, run_id: RunId, trace: Trace) -> None:
        choice = next((call.tool for call in trace.calls()), "")
        self.runs.append(run_id)
        self._choices.append(choice)
        shown = one_line(choice, 60) or "no tool"
        if self.step == "right":
            if choice == tour.TOOL:
                self._go("break", f"It chose {shown}: right.")
            else:
                self._go("break", f"It chose {shown}, not {tour.TOOL}; this model already gets it wrong.")
        elif self.step == "break":
            if choice == self._choices[0]:
                self._go("why", f"It still chose {shown}, despite the overlap.")
            else:
                self._go("why", f"It chose {shown}: wrong.")
        else:
            verdict = "right again" if choice == tour.TOOL else "still not right"
            self._go("end", f"It chose {shown}: {verdict}.")

    def _shown(self, step: StepName) -> tuple[str, str, str]:
        match step:
            case "run":
                return "Watch a model use tools", "The message asks about two cities.", "Run it"
            case "approve" if self.is_waiting:
                go = f"Press {keys} to go to it" if (keys := self._approval_keys()) else "Go to it"
                words = f"The card shows all that would be sent. {go}, then A to approve, E to edit or R to reject."
                return "You decide", words, ""
            case "approve":
                return "Approve what is sensitive", "Email is never sent without your approval.", "Ask for an email"
            case "right":
                return "See it choose", "Ask for the time; one tool is made for that.", "Ask for the time"
            case "break":
                words = f"Now let {tour.EDITED} claim the time too: “{tour.OVERLAPPING}” Nothing else changes."
                return "Break it", words, "Break it and ask again"
            case "why":
                words = f"The description of {tour.EDITED} says “time”, so two tools now seem to fit. Put it back."
                return "Find out why, and fix it", words, "Fix it and ask again"
            case "end":
                words = "You saw a wrong choice, its cause, and the fix. Now try your own tools: drop a file here."
                return "That's the workbench", words, "Finish"

    async def _fix(self) -> None:
        if tour.is_broken(self._parts.project):
            tour.fix_description(self._parts.project)
            await self._read_again()

    def _go(self, step: StepName, says: str = "") -> None:
        self.step, self._says = step, says
        self.changed.emit()

    def _say(self, words: str) -> None:
        self._says = words
        self.changed.emit()
