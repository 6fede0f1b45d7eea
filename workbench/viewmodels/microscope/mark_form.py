"""Marking a decision as wrong, with what would have been right: checked while the user types."""

from collections.abc import Callable

from workbench.core.argument_mistake import argument_mistakes
from workbench.core.choice import ChosenCall
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, parse_strict_object, pretty
from workbench.core.mark import Mark
from workbench.core.selection import ExpectedCall
from workbench.core.signal import Signal
from workbench.viewmodels.microscope.marks import MarkList
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import one_line

NO_CALL = ""
"""The tool that stands for: no call would have been right."""


class MarkForm:
    """The draft of a mark. Its expectation applies to the point at once, saved or not."""

    def __init__(self, point: PointViewModel, marks: MarkList) -> None:
        self.point = point
        self.marks = marks
        self.tool: str | None = None
        """The tool that is expected, `NO_CALL`, or None while nothing is chosen."""
        self.arguments = ""
        """The expected arguments as typed; empty: any."""
        self.is_exact = False
        self.note = ""
        self.problem = ""
        """Why the arguments cannot be expected, or nothing."""
        self.warnings: tuple[str, ...] = ()
        """How the arguments violate the tool's parameters."""
        self.changed: Signal[[]] = Signal()
        self._suggested = ""
        """The arguments that the form itself filled in."""
        self.take_kept()
        point.changed.connect(self._take_expected)

    @property
    def tools(self) -> tuple[tuple[str, str], ...]:
        """What can be expected, by name, with a label: the tools that were offered, then those that
        routing left out or that are there only now."""
        offered = self.point.decision.offered
        known = dict.fromkeys((*self.point.toolset.names, *self.point.parts.toolset.names))
        now = [name for name in known if name not in offered]
        return (
            *((name, one_line(name, 64)) for name in offered),
            *((name, f"{one_line(name, 64)} (was not offered)") for name in now),
        )

    @property
    def mark(self) -> Mark | None:
        """The saved mark of this decision."""
        return self.marks.of_decision(self.point.run_id, str(self.point.point))

    @property
    def expected(self) -> ExpectedCall | None:
        """The call that is expected; None: no call."""
        if not self.tool:
            return None
        return ExpectedCall(self.tool, self._parsed(), self.is_exact and bool(self.arguments.strip()))

    @property
    def can_keep(self) -> bool:
        """Whether there is something unsaved."""
        return self.tool is not None and not self.problem and not self._is_kept

    @property
    def state_words(self) -> str:
        """The state of the mark, in a sentence."""
        mark = self.mark
        if mark is None:
            return "Not marked. A mark is saved next to the run, with everything a test case needs."
        if self._is_kept:
            return "✗ Marked as wrong. The mark is saved next to the run."
        return f"✗ Marked as wrong: {one_line(mark.words, 200)}. Your changes here are not saved yet."

    def choose(self, tool: str | None) -> None:
        """Expect that tool, `NO_CALL`, or leave it open. Where it is the tool that was called, its arguments are what
        was wrong: they are written down, to be fixed."""
        if tool != self.tool:
            self.tool = tool
            if self.arguments == self._suggested:
                self.arguments = self._suggested = self._chosen_arguments() if tool else ""
            self._judge()

    def write_arguments(self, text: str) -> None:
        """Expect these arguments; empty: any."""
        if text != self.arguments:
            self.arguments = text
            self._judge()

    def be_exact(self, *, is_on: bool) -> None:
        """Set whether further arguments count as wrong."""
        self.is_exact = is_on
        self._judge()

    def write_note(self, text: str) -> None:
        """Set the note."""
        self.note = text
        self.changed.emit()

    def take_kept(self) -> None:
        """Show the saved mark."""
        mark = self.mark
        if mark is not None:
            self.point.call = mark.call
            self.tool = mark.expected.tool if mark.expected is not None else NO_CALL
            wanted = mark.expected.arguments if mark.expected is not None else None
            self.arguments = pretty(wanted) if wanted is not None else ""
            self.is_exact = mark.expected is not None and mark.expected.exactly
            self.note = mark.note
            self._suggested = ""
        self._judge()

    def keep(self) -> Callable[[], None]:
        """Save the mark; the returned function undoes that. Raises `StoreError`."""
        _, undo = self.marks.store.make(
            self.point.decision, self.expected, call=self.point.call, note=self.note.strip()
        )
        return self._undoable(undo)

    def remove(self) -> Callable[[], None]:
        """Remove the mark; the expectation becomes open."""
        mark = self.mark
        if mark is None:
            return lambda: None
        undo = self._undoable(self.marks.store.remove(mark))
        self.tool, self.arguments, self.note, self._suggested = None, "", "", ""
        self._judge()
        return undo

    def _undoable(self, undo: Callable[[], None]) -> Callable[[], None]:
        undone = self.marks.undoable(undo)

        def both() -> None:
            undone()
            self.take_kept()

        self.changed.emit()
        return both

    @property
    def _is_kept(self) -> bool:
        mark = self.mark
        return (
            mark is not None
            and self.tool is not None
            and (mark.expected, mark.note, mark.call) == (self.expected, self.note.strip(), self.point.call)
        )

    def _chosen_arguments(self) -> str:
        """The arguments of the call that is looked at, if it is one of the expected tool."""
        chosen = self.point.chosen
        place = max(self.point.call, 1) - 1
        call = chosen.calls[place] if chosen is not None and place < len(chosen.calls) else None
        if call is None or call.tool != self.tool:
            return ""
        return call.arguments_json if call.arguments is None else pretty(call.arguments)

    def _take_expected(self) -> None:
        """Take an expectation that was set elsewhere."""
        point = self.point
        if point.is_judged and not self.problem and (self.tool is None or point.expected != self.expected):
            expected = point.expected
            self.tool = expected.tool if expected is not None else NO_CALL
            wanted = expected.arguments if expected is not None else None
            self.arguments = pretty(wanted) if wanted is not None else ""
            self.is_exact = expected is not None and expected.exactly
            self.changed.emit()

    def _judge(self) -> None:
        self.problem, self.warnings = "", ()
        text = self.arguments.strip()
        if self.tool and text:
            try:
                parse_strict_object(text)
            except MalformedJson as error:
                self.problem = one_line(f"The expected arguments are not a JSON object: {error}", 300)
            else:
                tool = self.point.toolset.named(self.tool) or self.point.parts.toolset.named(self.tool)
                wrong = argument_mistakes(ChosenCall(self.tool, text), tool)
                self.warnings = tuple(one_line(f"{each.kind}: {each.message}", 200) for each in wrong)
        if self.tool is None:
            if self.point.is_judged:
                self.point.expect_nothing()
        elif not self.problem and (not self.point.is_judged or self.point.expected != self.expected):
            self.point.expect(self.expected)
        self.changed.emit()

    def _parsed(self) -> JsonObject | None:
        text = self.arguments.strip()
        if not text or self.problem:
            return None
        try:
            return parse_strict_object(text)
        except MalformedJson:
            return None
