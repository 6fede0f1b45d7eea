"""How often each choice was made at one point: equal choices stacked, with how certain the counts are."""

from collections.abc import Callable, Sequence

import msgspec

from workbench.core.choice import Choice
from workbench.core.interval import Interval, trials_to_lead
from workbench.core.share import Share, change


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
    """Stacks, the highest first. `failures` are requests that brought no choice; they count nowhere else. `is_exact`
    says that the model always answers the same, so that one sample is all there is to know."""

    stacks: tuple[Stack, ...] = ()
    trials: int = 0
    failures: int = 0
    is_exact: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether more samples would hardly change which choice leads."""
        return bool(self.stacks) and self.trials_needed == self.trials

    @property
    def trials_needed(self) -> int | None:
        """How many samples in total would show which choice leads, if the shares stay the same; None: too close to
        call.
        """
        if not self.stacks:
            return None
        if self.is_exact:
            return self.trials
        second = self.stacks[1].count if len(self.stacks) > 1 else 0
        return trials_to_lead(self.stacks[0].count, second, self.trials)

    def share_where(self, holds: Callable[[Choice], bool]) -> Share:
        """The share of the samples that chose something for which this holds."""
        return Share(self.count_where(holds), self.trials, self.is_exact)

    def count_where(self, holds: Callable[[Choice], bool]) -> int:
        """How many samples chose something for which this holds."""
        return sum(stack.count for stack in self.stacks if holds(stack.choice))


class Effect(msgspec.Struct, frozen=True):
    """How a share changed. `interval` is of the change; when zero is outside it, chance is an unlikely cause.
    `is_exact` says that chance plays no part."""

    before: float
    after: float
    interval: Interval
    is_exact: bool = False

    @property
    def change(self) -> float:
        """The share after less the share before."""
        return self.after - self.before

    @property
    def is_clear(self) -> bool:
        """Whether chance alone is an unlikely explanation."""
        return 0.0 not in self.interval


def distribution(
    choices: Sequence[Choice | None],
    *,
    by: Callable[[Choice], str] = lambda choice: choice.meaning,
    is_exact: bool = False,
) -> Distribution:
    """The stacks of these choices; None stands for a request that failed. `by` says what counts as equal."""
    stacked: dict[str, list[int]] = {}
    first: dict[str, Choice] = {}
    for number, choice in enumerate(choices, 1):
        if choice is not None:
            stacked.setdefault(by(choice), []).append(number)
            first.setdefault(by(choice), choice)
    trials = sum(map(len, stacked.values()))
    is_exact = is_exact and len(stacked) <= 1  # despite what is claimed of the model: it did not always answer the same
    stacks = []
    for key, numbers in stacked.items():
        share = Share(len(numbers), trials, is_exact)
        stacks.append(Stack(first[key], tuple(numbers), share.value, share.interval()))
    stacks.sort(key=lambda stack: (-stack.count, stack.numbers[0]))
    return Distribution(tuple(stacks), trials, len(choices) - trials, is_exact)


def effect(before: Distribution, after: Distribution, holds: Callable[[Choice], bool]) -> Effect:
    """The change in the share of choices for which `holds` is true."""
    return effect_of(before.share_where(holds), after.share_where(holds))


def effect_of(before: Share, after: Share) -> Effect:
    """The change from one share to the other."""
    return Effect(before.value, after.value, change(after, before), is_exact=before.is_exact and after.is_exact)
