"""The card of one call that waits for a person: what it shows, and every way to decide."""

from collections.abc import Callable
from functools import cached_property
from typing import Literal, Protocol, assert_never

from workbench.core.approval import RUNS, Decision, ModelSees, Question
from workbench.core.errors import MalformedJson
from workbench.core.grant import GrantRequest
from workbench.core.ids import CallId
from workbench.core.json_text import parse_strict_object
from workbench.core.prepared_failure import FailureName, prepared_failure
from workbench.core.problem import Problem
from workbench.core.schema import cheap_part, check_arguments
from workbench.core.signal import Signal
from workbench.viewmodels.approvals.argument_line import (
    ArgumentLine,
    argument_lines,
    change_lines,
    missing_lines,
    what_differs,
)
from workbench.viewmodels.approvals.grant_choice import GrantChoice
from workbench.viewmodels.approvals.question_card import Questions
from workbench.viewmodels.shared.json_node import indented
from workbench.viewmodels.shared.plain import one_line

Mode = Literal["look", "edit", "reject", "mock"]
BY = "person"
EXTEND_S = 300.0


class Desk(Protocol):
    """Where questions wait; `app.approval_desk.ApprovalDesk`."""

    @property
    def server_questions(self) -> Questions:
        """What servers ask in the middle of calls."""
        ...

    @property
    def pending(self) -> tuple[Question, ...]:
        """All questions that wait, oldest first."""
        ...

    def answer(self, call_id: CallId, shown_hash: str, decision: Decision) -> bool:
        """False when the question no longer waits."""
        ...

    def extend(self, call_id: CallId, seconds: float) -> bool:
        """Give a question that expires more time; False when it does not wait or never expires."""
        ...

    def hold(
        self,
        call_id: CallId,
        shown_hash: str,
        decision: Decision,
        *,
        seconds: float,
        on_counted: Callable[[bool], None],
    ) -> bool:
        """Decide in this many seconds, unless it is undone; `on_counted` is told whether it counted."""
        ...

    def take_back(self, call_id: CallId) -> bool:
        """End a held approval; False when none is held."""
        ...

    def held_until(self, call_id: CallId) -> float | None:
        """When a held approval will be given, in seconds since the epoch."""
        ...

    @property
    def changed(self) -> Signal[[]]:
        """`pending` has changed."""
        ...


class ApprovalCard:
    """One question. A card decides once; whatever it decides is about exactly what it showed."""

    def __init__(
        self,
        question: Question,
        desk: Desk,
        sources: Callable[[], tuple[tuple[str, str], ...]] = tuple,
        *,
        approved_before: Callable[[], str | None] = lambda: None,
        is_own: bool = False,
        undo_s: float = 0.0,
    ) -> None:
        """`sources` and `approved_before`, the arguments the person approved last for this tool, are found when the
        card is looked at: few of a thousand are. `is_own` says that the tool's document is the project's own and no
        server's. `undo_s` is how long an approval of a call that acts on the
        world can be undone."""
        self.question = question
        self.grant = GrantChoice(question.arguments_json)
        self.model_sees: ModelSees = "note"
        self.is_own = is_own
        self.mode: Mode = "mock" if question.wants == "result" else "look"
        self.draft = ""
        self.draft_problems: tuple[Problem, ...] = ()
        self.is_open = True
        self.place, self.total = 1, 1
        self._is_held = False
        self.changed: Signal[[]] = Signal()
        self.approved: Signal[[str]] = Signal()
        """The call may run with these arguments."""
        self.read_only_asked: Signal[[]] = Signal()
        """The person wants to decide about all calls that only read."""
        self._desk = desk
        self._find_sources = sources
        self._find_approved_before = approved_before
        self._undo_s = undo_s if self._acts_outside else 0.0

    @cached_property
    def _sources(self) -> tuple[tuple[str, str], ...]:
        return self._find_sources()

    @cached_property
    def _approved_before(self) -> str | None:
        return self._find_approved_before()

    @property
    def tool(self) -> str:
        """The tool's name, as it is shown."""
        return one_line(self.question.tool.name, 80)

    @property
    def lines(self) -> tuple[ArgumentLine, ...]:
        """The arguments as they will run."""
        return argument_lines(self.question.arguments_json, self._sources)

    @property
    def defaults(self) -> tuple[ArgumentLine, ...]:
        """What the model left to the defaults."""
        return missing_lines(self.question.arguments_json, self.question.tool.input_schema)

    @property
    def caption(self) -> str:
        """What is asked, and which of how many this is."""
        wanted = "needs your result" if self.question.wants == "result" else "needs approval"
        words = "approved, not started yet" if self.is_held else wanted
        return f"{words} · {self.place} of {self.total}" if self.total else words

    @property
    def effect(self) -> str:
        """What the tool's author says about its effects. A hint, and worded as one."""
        tool = self.question.tool
        if tool.is_read_only:
            return "says it only reads"
        if tool.hint("destructiveHint"):
            return "says it may destroy data"
        return "says it reaches the outside world" if tool.hint("openWorldHint") else ""

    @property
    def explanation(self) -> str:
        """Why the person is asked, and what happens if nothing is done."""
        if self.question.wants == "result":
            return "No executor runs this tool: what you enter is its result."
        undo = f" You have {self._undo_s:g} s to undo after approving (Esc)." if self._undo_s else ""
        return f"Nothing runs before you decide. Rule: {self.question.rule}.{undo}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the person should know before deciding, such as having rejected the same call before."""
        return self.question.remarks

    @property
    def changes(self) -> tuple[str, ...]:
        """What the project's sanitizers did to the arguments, a line each."""
        return change_lines(self.question.changes)

    @property
    def comparison(self) -> str:
        """Which arguments are not those of the last approved call of this tool; empty when none was approved."""
        if self._approved_before is None:
            return ""
        differing = what_differs(self._approved_before, self.question.arguments_json)
        return f"differs from the last approved call: {differing}" if differing else "same as the last approved call"

    @property
    def held_until(self) -> float | None:
        """When an approval that can still be undone will be given; None when there is none."""
        return self._desk.held_until(self.question.call_id) if self._is_held else None

    @property
    def is_held(self) -> bool:
        """Whether the person has approved and can still take it back. Nothing has run."""
        return self._is_held and self.is_open

    @property
    def only_reads(self) -> bool:
        """Whether the project itself says that the tool only reads. A server's word does not count."""
        return self.is_own and self.question.tool.is_read_only and self.question.wants == "decision"

    @property
    def can_expire(self) -> bool:
        """Whether the question waits for a limited time only."""
        return self.question.expires_at is not None

    def time_left(self, now: float) -> str:
        """The countdown at `now` (seconds since the epoch), and what happens at its end; empty without one."""
        if self.question.expires_at is None:
            return ""
        minutes, seconds = divmod(max(0, round(self.question.expires_at - now)), 60)
        return f"{minutes}:{seconds:02d} left. If it expires, the call does not run and the model is told so."

    @property
    def can_submit(self) -> bool:
        """Whether the draft may be sent as it stands."""
        return self.is_open and not self.draft_problems and not (self.mode == "edit" and self.grant.problems)

    @property
    def can_approve(self) -> bool:
        """Whether the call may be approved as it is, with the permission that was chosen."""
        return self.is_open and not self.is_held and not self.grant.problems

    def start(self, mode: Mode) -> None:
        """Open the edit, reject or mock box, or go back to looking."""
        if not self.is_open or self.is_held or mode == self.mode:
            return
        self.mode = mode
        self.draft = indented(self.question.arguments_json) if mode == "edit" else ""
        self.draft_problems = ()
        self.grant.be_about(self.question.arguments_json)
        if mode == "edit":
            self._check()
        self.changed.emit()

    def write(self, draft: str) -> None:
        """The text in the open box is now this."""
        self.draft = draft
        before = self.draft_problems, self.grant.patterns
        self._check()
        if (self.draft_problems, self.grant.patterns) != before:
            self.changed.emit()

    def cancel(self) -> None:
        """Close the open box; what was typed is gone."""
        self.start("mock" if self.question.wants == "result" else "look")

    def approve(self) -> bool:
        """Run the call with exactly the arguments shown."""
        if self.question.wants == "result" or self.mode != "look" or not self.can_approve:
            return False
        return self._answer(Decision("approve", BY, grant=self.grant.request))

    def take_back(self) -> bool:
        """Undo an approval whose call has not started; False when it is too late."""
        if not self._is_held or not self._desk.take_back(self.question.call_id):
            return False
        self._is_held = False
        self.changed.emit()
        return True

    def allow(self, request: GrantRequest) -> None:
        """Let the approval hold for as long as this, once it is given."""
        if not self.is_held and self.grant.choose(request):
            self.changed.emit()

    def write_pattern(self, argument: str, glob: str) -> None:
        """The glob that an argument of a later call has to fit."""
        if not self.is_held:
            self.grant.write(argument, glob)
            self.changed.emit()

    def show_model(self, model_sees: ModelSees) -> None:
        """What the model shall be shown of an edit."""
        if model_sees != self.model_sees:
            self.model_sees = model_sees
            self.changed.emit()

    def fail(self, name: FailureName) -> bool:
        """Run nothing and answer with a prepared failure."""
        failure = prepared_failure(name)
        return self._answer(
            Decision(
                "mock", BY, note=f"fail with: {failure.label}", result_text=failure.text, is_error=failure.is_error
            )
        )

    def extend(self) -> bool:
        """Wait some minutes more; False when the question no longer waits."""
        return self.is_open and self._desk.extend(self.question.call_id, EXTEND_S)

    def take(self, question: Question) -> None:
        """The same question, with more time."""
        if question != self.question:
            self.question = question
            self.changed.emit()

    def submit(self) -> bool:
        """Send what is in the open box; False while it does not fit."""
        match self.mode:
            case "edit" if self.can_submit:
                return self._answer(
                    Decision(
                        "edit", BY, arguments_json=self.draft, grant=self.grant.request, model_sees=self.model_sees
                    )
                )
            case "reject":
                return self._answer(Decision("reject", BY, note=self.draft.strip()))
            case "mock":
                return self._answer(Decision("mock", BY, result_text=self.draft))
            case "edit" | "look":
                return False
            case _:
                assert_never(self.mode)

    def stop_run(self) -> bool:
        """Reject the call and end the whole run."""
        return self._answer(Decision("stop", BY, note=self.draft.strip()))

    def withdraw(self) -> None:
        """The question no longer waits."""
        if self.is_open:
            self.is_open = False
            self.changed.emit()

    def stand(self, place: int, total: int) -> None:
        """This is card `place` of `total` now; 0 where that is not told."""
        if (place, total) != (self.place, self.total):
            self.place, self.total = place, total
            self.changed.emit()

    @property
    def _acts_outside(self) -> bool:
        """Whether a call could do what cannot be undone. A server's word that its tool only reads is no answer."""
        tool = self.question.tool
        if tool.is_read_only and self.is_own:
            return False
        return not self.is_own or bool(tool.hint("destructiveHint") or tool.hint("openWorldHint"))

    def _answer(self, decision: Decision) -> bool:
        if not self.is_open or self.is_held:
            return False
        call_id, shown = self.question.call_id, self.question.shown_hash
        if self._undo_s and decision.kind in RUNS:
            self._is_held = self._desk.hold(
                call_id,
                shown,
                decision,
                seconds=self._undo_s,
                on_counted=lambda counted: self._decided(decision, counted),
            )
            if not self._is_held:
                self._decided(decision, counted=False)
            self.changed.emit()
            return self._is_held
        self.is_open = False
        counted = self._desk.answer(call_id, shown, decision)
        self._decided(decision, counted)
        return counted

    def _decided(self, decision: Decision, counted: bool) -> None:
        self.is_open = self._is_held = False
        if counted and decision.kind in RUNS:
            self.approved.emit(decision.arguments_json or self.question.arguments_json)
        self.changed.emit()

    def _check(self) -> None:
        if self.mode != "edit":
            return
        try:
            arguments = parse_strict_object(self.draft)
        except MalformedJson as error:
            self.draft_problems = (Problem("", str(error), "json"),)
        else:
            # The rest is left to the run's checker process: where an edit does not fit, the run asks again.
            self.draft_problems = check_arguments(cheap_part(self.question.tool.input_schema), arguments)
            self.grant.be_about(self.draft)
