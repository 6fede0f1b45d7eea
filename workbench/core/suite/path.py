"""The path a model took in a turn: its choice in each round, by the names the project has for its tools."""

from collections.abc import Collection, Mapping

import msgspec

from workbench.core.choice import Choice, ChosenCall, choice_of
from workbench.core.trace import Trace


class TurnPath(msgspec.Struct, frozen=True):
    """The choices of one turn in order. `is_cut`: a limit ended it before the model was done. `routed` are the tools
    that a router left to some round of it; None: all."""

    choices: tuple[Choice, ...] = ()
    is_cut: bool = False
    routed: Collection[str] | None = None

    @property
    def calls(self) -> tuple[ChosenCall, ...]:
        """All calls in order."""
        return tuple(call for choice in self.choices for call in choice.calls)

    @property
    def last(self) -> Choice:
        """What it came to."""
        return self.choices[-1] if self.choices else Choice("cut off")


def paths_of(trace: Trace, *, renames: Mapping[str, str] | None = None) -> tuple[TurnPath, ...]:
    """The path of each turn of a run. `renames` (the project's name → the name that was offered) are undone."""
    own = {new: old for old, new in (renames or {}).items()}
    is_cut = bool(trace.limits)
    found = []
    for turn in trace.turns:
        answers = (current.response for current in turn.rounds)
        choices = tuple(choice_of(answer.response).renamed(own) for answer in answers if answer is not None)
        offered = {own.get(name, name) for each in turn.rounds for ask in each.requests for name in ask.sent.offered}
        is_routed = any(each.routed is not None for each in turn.rounds)
        found.append(TurnPath(choices, is_cut and turn is trace.turns[-1], offered if is_routed else None))
    return tuple(found)
