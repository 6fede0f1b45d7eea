"""Expected against chosen: what kind of mis-selection is it? One taxonomy, used everywhere."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from workbench.core.argument_mistake import ArgumentMistakeKind, argument_mistakes
from workbench.core.choice import Choice, ChosenCall
from workbench.core.json_text import JsonObject
from workbench.core.tool import Toolset
from workbench.core.visible_text import visible_line

MistakeKind = Literal[
    "wrong tool",
    "missed call",
    "needless call",
    "unknown tool",
    "wrong count",
    "wrong order",
    "repeated call",
    "asked instead of called",
    ArgumentMistakeKind,
]


class ExpectedCall(msgspec.Struct, frozen=True):
    """A call that would be right. None: any arguments are; `exactly`: these arguments and no others."""

    tool: str
    arguments: JsonObject | None = None
    exactly: bool = False


class Expectation(msgspec.Struct, frozen=True):
    """What would be right at a point: these calls, in this order if `in_order`; no call at all when there are none."""

    calls: tuple[ExpectedCall, ...] = ()
    in_order: bool = False


class Mistake(msgspec.Struct, frozen=True):
    """One thing that is wrong. `call` is the place of the chosen call it is about, from 0; None: of a missing one."""

    kind: MistakeKind
    message: str
    call: int | None = None
    path: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


def mistakes(expectation: Expectation, choice: Choice, toolset: Toolset) -> tuple[Mistake, ...]:
    """Everything that is wrong with a choice; empty when it is right. `toolset` is what was offered."""
    return tuple(_Comparison(expectation, choice, toolset).found())


class _Comparison:
    def __init__(self, expectation: Expectation, choice: Choice, toolset: Toolset) -> None:
        self._expectation = expectation
        self._choice = choice
        self._toolset = toolset
        self._pairs: dict[int, int] = {}
        """Expected place → chosen place."""
        self._left = list(range(len(choice.calls)))

    def found(self) -> Iterator[Mistake]:
        expected, chosen = self._expectation.calls, self._choice.calls
        if expected and not chosen:
            yield from self._nothing_called()
            return
        self._match()
        yield from self._repeated()
        missing = [place for place in range(len(expected)) if place not in self._pairs]
        while missing and self._left:
            yield self._in_place_of(self._left.pop(0), expected[missing.pop(0)])
        for place in missing:
            yield self._missed(expected[place])
        for number in self._left:
            yield self._too_much(number)
        if self._expectation.in_order and not missing and self._is_out_of_order():
            wanted = ", then ".join(call.tool for call in expected)
            yield Mistake("wrong order", f"{wanted} was expected", call=min(self._pairs.values()))
        for place, number in sorted(self._pairs.items(), key=lambda pair: pair[1]):
            yield from self._arguments(number, expected[place])

    def _nothing_called(self) -> Iterator[Mistake]:
        if self._choice.asks_back:
            wanted = ", ".join(call.tool for call in self._expectation.calls)
            yield Mistake("asked instead of called", f"{wanted} was expected, but a question was asked")
            return
        how = "" if self._choice.kind == "answer" else f" (the answer was {self._choice.kind})"
        if self._choice.withheld:
            how = f" (it was not sure enough and withheld {visible_line(' + '.join(map(str, self._choice.withheld)))})"
        for call in self._expectation.calls:
            yield Mistake("missed call", f"{call.tool} was not called{how}")

    def _match(self) -> None:
        """Give each expected call the chosen one of its tool whose arguments are nearest."""
        for place, wanted in enumerate(self._expectation.calls):
            same = [number for number in self._left if self._choice.calls[number].tool == wanted.tool]
            if same:
                best = min(same, key=lambda number: (self._wrong(number, wanted), number))
                self._pairs[place] = best
                self._left.remove(best)

    def _repeated(self) -> Iterator[Mistake]:
        """Calls that were made before, word for word, and not wanted again."""
        chosen = self._choice.calls
        for number in tuple(self._left):
            if any(other.meaning == chosen[number].meaning for other in chosen[:number]) or any(
                chosen[pair].meaning == chosen[number].meaning for pair in self._pairs.values()
            ):
                self._left.remove(number)
                yield Mistake("repeated call", f"{self._call_text(number)} was already made", call=number)

    def _in_place_of(self, number: int, wanted: ExpectedCall) -> Mistake:
        name = self._choice.calls[number].tool
        if self._toolset.named(name) is None:
            message = f"{visible_line(name)} does not exist; {wanted.tool} was expected"
            return Mistake("unknown tool", message, call=number)
        return Mistake("wrong tool", f"{visible_line(name)} instead of {wanted.tool}", call=number)

    def _missed(self, wanted: ExpectedCall) -> Mistake:
        if self._is_matched(wanted.tool):
            return Mistake("wrong count", f"{wanted.tool} was called too few times")
        return Mistake("missed call", f"{wanted.tool} was not called")

    def _too_much(self, number: int) -> Mistake:
        name = self._choice.calls[number].tool
        if self._toolset.named(name) is None:
            return Mistake("unknown tool", f"{visible_line(name)} does not exist", call=number)
        if self._is_matched(name):
            return Mistake("wrong count", f"{self._call_text(number)} is one call of {name} too many", call=number)
        return Mistake("needless call", f"{self._call_text(number)} was not expected", call=number)

    def _is_matched(self, tool: str) -> bool:
        return any(self._choice.calls[number].tool == tool for number in self._pairs.values())

    def _is_out_of_order(self) -> bool:
        order = [self._pairs[place] for place in sorted(self._pairs)]
        return order != sorted(order)

    def _arguments(self, number: int, wanted: ExpectedCall) -> Iterator[Mistake]:
        call = self._choice.calls[number]
        for wrong in argument_mistakes(call, self._toolset.named(call.tool), wanted.arguments, exactly=wanted.exactly):
            yield Mistake(wrong.kind, f"{call.tool}: {wrong.message}", call=number, path=wrong.path)

    def _wrong(self, number: int, wanted: ExpectedCall) -> int:
        return sum(1 for _ in self._arguments(number, wanted))

    def _call_text(self, number: int) -> str:
        call: ChosenCall = self._choice.calls[number]
        return visible_line(str(call), max_chars=80)
