"""The path a model took in a turn: its choice in each round, by the names the project has for its tools."""

from collections.abc import Mapping

import msgspec

from workbench.core.choice import Choice, ChosenCall, choice_of
from workbench.core.trace import Trace


class TurnPath(msgspec.Struct, frozen=True):
    """The choices of one turn in order. `is_cut`: a limit ended it before the model was done."""

    choices: tuple[Choice, ...] = ()
    is_cut: bool = False

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
        found.append(TurnPath(choices, is_cut and turn is trace.turns[-1]))
    return tuple(found)
