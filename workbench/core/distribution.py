"""How often each choice was made at one point: equal choices stacked, with how sure the counts make us."""

from collections.abc import Callable, Sequence

import msgspec

from workbench.core.choice import Choice
from workbench.core.interval import Interval, difference, trials_to_lead, wilson


class Stack(msgspec.Struct, frozen=True):
    """Equal choices. `numbers` are the samples they came from, counted from 1."""

    choice: Choice
    numbers: tuple[int, ...]
    share: float
    interval: Interval

    @property
    def count(self) -> int:
        """How many."""
        return len(self.numbers)


class Distribution(msgspec.Struct, frozen=True):
    """Stacks, the highest first. `failures` are requests that brought no choice; they count nowhere else."""

    stacks: tuple[Stack, ...] = ()
    trials: int = 0
    failures: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether more samples would hardly change which choice leads."""
        return bool(self.stacks) and self.trials_needed == self.trials

    @property
    def trials_needed(self) -> int | None:
        """How many samples in all would settle which choice leads, if the shares stay; None: too close to call."""
        if not self.stacks:
            return None
        second = self.stacks[1].count if len(self.stacks) > 1 else 0
        return trials_to_lead(self.stacks[0].count, second, self.trials)

    def count_where(self, holds: Callable[[Choice], bool]) -> int:
        """How many samples chose something for which this holds."""
        return sum(stack.count for stack in self.stacks if holds(stack.choice))


class Effect(msgspec.Struct, frozen=True):
    """How a share changed. `interval` is of the change; when zero is outside it, it is hardly by chance."""

    before: float
    after: float
    interval: Interval

    @property
    def change(self) -> float:
        """The share after less the share before."""
        return self.after - self.before

    @property
    def is_clear(self) -> bool:
        """Whether chance alone would hardly explain it."""
        return 0.0 not in self.interval


def distribution(
    choices: Sequence[Choice | None], *, by: Callable[[Choice], str] = lambda choice: choice.meaning
) -> Distribution:
    """The stacks of these choices; None stands for a request that failed. `by` says what counts as equal."""
    stacked: dict[str, list[int]] = {}
    first: dict[str, Choice] = {}
    for number, choice in enumerate(choices, 1):
        if choice is not None:
            stacked.setdefault(by(choice), []).append(number)
            first.setdefault(by(choice), choice)
    trials = sum(map(len, stacked.values()))
    stacks = [
        Stack(first[key], tuple(numbers), len(numbers) / trials, wilson(len(numbers), trials))
        for key, numbers in stacked.items()
    ]
    stacks.sort(key=lambda stack: (-stack.count, stack.numbers[0]))
    return Distribution(tuple(stacks), trials, len(choices) - trials)


def effect(before: Distribution, after: Distribution, holds: Callable[[Choice], bool]) -> Effect:
    """What changed in the share of choices for which `holds` is true."""
    had, has = before.count_where(holds), after.count_where(holds)
    return Effect(
        before=had / before.trials if before.trials else 0.0,
        after=has / after.trials if after.trials else 0.0,
        interval=difference(has, after.trials, had, before.trials),
    )
