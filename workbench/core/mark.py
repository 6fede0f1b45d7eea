"""A mark: a person's judgment that a model's decision was wrong, and what would have been right. The seed of a case."""

import msgspec

from workbench.core.choice import Choice
from workbench.core.ids import RunId
from workbench.core.json_text import compact
from workbench.core.selection import Expectation, ExpectedCall
from workbench.core.visible_text import visible_line

FORMAT = 1
_SHOWN_CHARS = 80


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One mark, complete in itself: a suite can make a case of it alone.

    `point` is the decision, written `turn-1/round-2`; `chosen` is what was chosen there. `call` is the number of the
    call the mark is about, from 1; 0: the decision as a whole. `expected` is the call that would have been right in
    its place, None: no call at all.
    """

    format: int = FORMAT
    mark_id: str
    at: float
    run_id: RunId
    point: str
    chosen: Choice | None = None
    call: int = 0
    expected: ExpectedCall | None = None
    note: str = ""

    @property
    def span(self) -> str:
        """The path of what is marked: of the call, or of the round."""
        return f"{self.point}/call-{self.call}" if self.call else self.point

    @property
    def expectation(self) -> Expectation:
        """Expected choice at the point: what is expected here in addition to the calls that are not marked."""
        return expectation_of(self.chosen, self.call, self.expected)

    @property
    def words(self) -> str:
        """`look was expected, touch was chosen`."""
        return f"{expected_words(self.expected)} was expected, {self._chosen_words} was chosen"

    @property
    def _chosen_words(self) -> str:
        calls = self.chosen.calls if self.chosen is not None else ()
        if 0 < self.call <= len(calls):
            return visible_line(calls[self.call - 1].tool, max_chars=_SHOWN_CHARS)
        return visible_line(self.chosen.tools, max_chars=_SHOWN_CHARS) if self.chosen is not None else "nothing"


def expectation_of(chosen: Choice | None, call: int, expected: ExpectedCall | None) -> Expectation:
    """The expectation for a whole decision when one of its calls, or with 0 all of it, should have been `expected`.

    The other calls are expected as they were, with any arguments.
    """
    wanted = (expected,) if expected is not None else ()
    if chosen is None or not call:
        return Expectation(wanted)
    others = tuple(ExpectedCall(other.tool) for place, other in enumerate(chosen.calls, 1) if place != call)
    return Expectation((*others[: call - 1], *wanted, *others[call - 1 :]))


def expected_words(expected: ExpectedCall | None) -> str:
    """`look`, `look({"at":"gate"})`, or `no call`."""
    if expected is None:
        return "no call"
    arguments = "" if expected.arguments is None else f"({compact(expected.arguments)})"
    return visible_line(f"{expected.tool}{arguments}", max_chars=_SHOWN_CHARS)
