"""Grading: is the path that a model took the one that was expected?

A tool that is reached after harmless reads counts as reached, and what was called on the way is counted apart. A call
that changes something, and was not wanted, is wrong at any point.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, Literal

import msgspec

from workbench.core.argument_mistake import ARGUMENT_KINDS, argument_mistakes
from workbench.core.choice import Choice, ChosenCall
from workbench.core.selection import Expectation, ExpectedCall, Mistake, MistakeKind, mistakes
from workbench.core.suite.case import ASKS_BACK, NO_CALL, Case, Expected, WantedCall
from workbench.core.suite.matcher import Fits, argument_faults
from workbench.core.suite.path import TurnPath
from workbench.core.tool import Toolset

WITHHELD: Final = "withheld"
NOT_OFFERED: Final = "not offered"
NOT_REACHED: Final = "turn not reached"
"""These are kinds, and also what was chosen."""
GradeKind = Literal[MistakeKind, "withheld", "not offered", "answered instead of asking", "limit", "turn not reached"]


class Grade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The result of a trial. `is_right` is about the tools, `has_right_arguments` about their arguments (None where
    nothing was expected of that, or the tools were wrong).

    `is_direct`: the first call was wanted already. `kind` says what is wrong with the tools, `chosen` what was chosen
    in place of `expected`, and `turn`, counted from 1, where: the first wrong turn, or else the last one. `extra_calls`
    were not needed and did no harm; `reads` are the tools that were called before the first wanted one.
    """

    is_right: bool
    expected: str
    chosen: str
    kind: GradeKind | Literal[""] = ""
    is_direct: bool = False
    has_right_arguments: bool | None = None
    turn: int = 1
    fits_schemas: bool = True
    extra_calls: int = 0
    reads: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


class Rules(msgspec.Struct, frozen=True):
    """What grading has to know besides the case: the tools there were, by the names the project has for them, and those
    that do no harm."""

    offered: Toolset
    harmless: Collection[str] = frozenset()

    def is_harmless(self, tool: str) -> bool:
        """Whether calling this tool on the way changes nothing."""
        found = self.offered.named(tool)
        return tool in self.harmless or (found is not None and found.is_read_only)


def grade(case: Case, paths: Sequence[TurnPath], rules: Rules, fits: Fits) -> Grade:
    """The grade of a trial; every turn has to be right. A turn that was never reached is wrong."""
    grades = []
    for number, turn in enumerate(case.turns):
        if number < len(paths):
            grades.append(grade_turn(turn.expected, paths[number], rules, fits))
        else:
            grades.append(Grade(is_right=False, expected=turn.expected.label, chosen=NOT_REACHED, kind=NOT_REACHED))
    if len(grades) == 1:
        return grades[0]
    number, wrong = next(
        ((number, each) for number, each in enumerate(grades, 1) if not each.is_right), (len(grades), None)
    )
    judged = [each.has_right_arguments for each in grades if each.has_right_arguments is not None]
    return Grade(
        is_right=wrong is None,
        expected=case.label if wrong is None else wrong.expected,
        chosen=case.label if wrong is None else wrong.chosen,
        kind=wrong.kind if wrong is not None else "",
        turn=number,
        is_direct=all(each.is_direct for each in grades),
        has_right_arguments=all(judged) if judged and wrong is None else None,
        fits_schemas=all(each.fits_schemas for each in grades),
        extra_calls=sum(each.extra_calls for each in grades),
        reads=tuple(tool for each in grades for tool in each.reads),
        mistakes=tuple(mistake for each in grades for mistake in each.mistakes),
    )


def judged_calls(
    expected: Expected, calls: Sequence[ChosenCall], fits: Fits
) -> Iterator[tuple[WantedCall, ChosenCall, list[Mistake]]]:
    """Each call whose arguments are expected, the one among `calls` that comes nearest to it, and what is wrong there.
    A call counts once; where a tool that is as good was called, there is none."""
    left = list(calls)
    for wanted in expected.calls:
        for _ in range(wanted.at_least if wanted.arguments is not None or wanted.exactly else 0):
            same = [(call, _argument_faults(call, wanted, fits)) for call in left if call.tool == wanted.tool]
            if same:
                best, faults = min(same, key=lambda pair: len(pair[1]))
                left.remove(best)
                yield wanted, best, faults


def _argument_faults(call: ChosenCall, wanted: WantedCall, fits: Fits) -> list[Mistake]:
    given = call.arguments
    if given is None:
        return [Mistake("malformed JSON", f"{call.tool}: the arguments are not one JSON object")]
    found = argument_faults(wanted.arguments or {}, given, fits, exactly=wanted.exactly)
    return [Mistake(fault.kind, f"{call.tool}: {fault.message}", path=fault.path) for fault in found]


def grade_turn(expected: Expected, path: TurnPath, rules: Rules, fits: Fits) -> Grade:
    """The grade of one turn."""
    return _TurnGrading(expected, path, rules, fits).grade()


class _TurnGrading:
    def __init__(self, expected: Expected, path: TurnPath, rules: Rules, fits: Fits) -> None:
        self._expected = expected
        self._path = path
        self._rules = rules
        self._fits = fits
        self._wanted = {call.tool for call in expected.calls} | set(expected.also_ok)
        self._detours = [call for call in path.calls if self._is_detour(call)]
        self._decisive = [call for call in path.calls if not self._is_detour(call)]

    def _is_detour(self, call: ChosenCall) -> bool:
        is_known = call.tool not in self._wanted and call.tool not in self._expected.never
        return is_known and self._rules.is_harmless(call.tool)

    def grade(self) -> Grade:
        never = next((call for call in self._decisive if call.tool in self._expected.never), None)
        if never is not None:
            wrong = Mistake("needless call", f"{never.tool} must not be called here")
            return self._wrong("needless call", never.tool, wrong)
        if self._expected.asks_back:
            return self._asked_back()
        if not self._expected.calls:
            return self._nothing_called()
        return self._calls()

    def _nothing_called(self) -> Grade:
        called = self._path.calls
        if not called:
            return self._right(NO_CALL, is_direct=True)
        first = called[0].tool
        kind: GradeKind = "needless call" if self._rules.offered.named(first) is not None else "unknown tool"
        return self._wrong(kind, self._name(first), Mistake("needless call", f"{first} was called"))

    def _asked_back(self) -> Grade:
        if self._decisive:
            first = self._decisive[0].tool
            return self._wrong("needless call", self._name(first), Mistake("needless call", f"{first} was called"))
        last = self._path.last
        if last.asks_back:
            return self._right(ASKS_BACK, is_direct=not self._detours)
        return self._wrong("answered instead of asking", WITHHELD if last.kind == WITHHELD else NO_CALL)

    def _calls(self) -> Grade:
        found = min((self._against(calls) for calls in self._alternatives()), key=len)
        if not found:
            return self._reached()
        chosen, kind = self._what_went_wrong(found)
        return self._wrong(kind, chosen, *found)

    def _alternatives(self) -> Iterator[tuple[WantedCall, ...]]:
        """The expected calls, and the same with each tool that is as good in place of the first."""
        first, *rest = self._expected.calls
        yield self._expected.calls
        for tool in self._expected.also_ok:
            yield (WantedCall(tool, at_least=first.at_least, at_most=first.at_most), *rest)

    def _against(self, calls: tuple[WantedCall, ...]) -> list[Mistake]:
        wanted = tuple(ExpectedCall(call.tool) for call in calls for _ in range(call.at_least))
        choice = Choice("calls", tuple(self._counted(calls))) if self._decisive else self._path.last
        found = mistakes(Expectation(wanted, self._expected.in_order), choice, self._rules.offered)
        return [mistake for mistake in found if mistake.kind not in ARGUMENT_KINDS]

    def _counted(self, calls: tuple[WantedCall, ...]) -> Iterator[ChosenCall]:
        """The decisive calls, less those that may be made more often than they have to, and harmless repetitions."""
        room = {call.tool: call.at_most - call.at_least for call in calls}
        needed = {call.tool: sum(other.at_least for other in calls if other.tool == call.tool) for call in calls}
        for call in self._decisive:
            if call.tool in needed:
                if needed[call.tool] > 0:
                    needed[call.tool] -= 1
                elif room[call.tool] > 0:
                    room[call.tool] -= 1
                    continue
                elif self._rules.is_harmless(call.tool):
                    continue
            yield call

    def _what_went_wrong(self, found: list[Mistake]) -> tuple[str, GradeKind]:
        """What was chosen, and the kind of the first mistake, with the kinds that are our own."""
        missing = next((call.tool for call in self._expected.calls if not self._is_called(call.tool)), None)
        withheld = [call.tool for choice in self._path.choices for call in choice.withheld]
        if missing is not None and self._path.routed is not None and missing not in self._path.routed:
            return NOT_OFFERED, NOT_OFFERED  # whatever was called instead, the model had no choice
        stray = next((call.tool for call in self._decisive if call.tool not in self._wanted), None)
        if stray is not None:
            return self._name(stray), next((m.kind for m in found if m.call is not None), found[0].kind)
        if missing is not None and self._rules.offered.named(missing) is None:
            return NOT_OFFERED, NOT_OFFERED
        if missing is not None and (missing in withheld or (withheld and not self._path.calls)):
            return WITHHELD, WITHHELD
        if self._decisive:
            return " + ".join(dict.fromkeys(call.tool for call in self._decisive)), found[0].kind
        if self._detours:
            return self._detours[0].tool, "limit" if self._path.is_cut else "wrong tool"
        last = self._path.last
        return (ASKS_BACK if last.asks_back else NO_CALL if last.kind == "answer" else last.kind), found[0].kind

    def _is_called(self, tool: str) -> bool:
        return any(call.tool == tool for call in self._decisive)

    def _reached(self) -> Grade:
        calls = self._path.calls
        found = [faults for _, _, faults in judged_calls(self._expected, calls, self._fits)]
        return self._right(
            self._expected.label,
            is_direct=not calls or calls[0].tool in self._wanted,
            has_right_arguments=not any(found) if found else None,
            mistakes=tuple(fault for faults in found for fault in faults),
        )

    def _right(
        self,
        chosen: str,
        *,
        is_direct: bool,
        has_right_arguments: bool | None = None,
        mistakes: tuple[Mistake, ...] = (),
    ) -> Grade:
        return Grade(
            is_right=True,
            expected=self._expected.label,
            chosen=chosen,
            is_direct=is_direct,
            has_right_arguments=has_right_arguments,
            fits_schemas=self._fits_schemas(),
            extra_calls=self._extra(),
            reads=self._reads(),
            mistakes=mistakes,
        )

    def _wrong(self, kind: GradeKind, chosen: str, *found: Mistake) -> Grade:
        return Grade(
            is_right=False,
            expected=self._expected.label,
            chosen=chosen,
            kind=kind,
            fits_schemas=self._fits_schemas(),
            extra_calls=len(self._detours),
            mistakes=found,
        )

    def _name(self, tool: str) -> str:
        return tool if self._rules.offered.named(tool) is not None else f"unknown: {tool}"

    def _fits_schemas(self) -> bool:
        return not any(argument_mistakes(call, self._rules.offered.named(call.tool)) for call in self._path.calls)

    def _extra(self) -> int:
        needed = sum(call.at_least for call in self._expected.calls)
        return len(self._detours) + max(0, len(self._decisive) - needed)

    def _reads(self) -> tuple[str, ...]:
        """What was called before the first wanted call."""
        before: list[str] = []
        for call in self._path.calls:
            if call.tool in self._wanted:
                break
            before.append(call.tool)
        return tuple(before)
