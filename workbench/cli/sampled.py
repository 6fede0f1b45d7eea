"""Samples in the terminal: votes with their intervals, and what more would settle them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from workbench.cli.terminal import Terminal
from workbench.core.distribution import Distribution, Effect
from workbench.core.visible_text import visible_line

BAR = 24
_CHOICE_CHARS = 100

T = TypeVar("T")


def show_distribution(found: Distribution, terminal: Terminal, *, indent: str = "  ") -> None:
    """One line a choice: its share as a bar, the count, the interval, the choice."""
    for stack in found.stacks:
        bar = "▇" * max(1, round(stack.share * BAR))
        share = f"{stack.share:4.0%} [{stack.interval.low:3.0%}–{stack.interval.high:4.0%}]"
        choice = visible_line(str(stack.choice), max_chars=_CHOICE_CHARS)
        terminal.say(f"{indent}{bar:<{BAR}} {stack.count:>4} {share}  {choice}")
    if found.failures:
        terminal.say(f"{indent}{found.failures} requests brought no answer", "warn")
    terminal.say(f"{indent}{_verdict(found)}", "dim")


def effect_words(effect: Effect) -> str:
    """A change of a share on one line."""
    sure = "clear" if effect.is_clear else "may be chance"
    interval = f"{effect.interval.low:+.0%} to {effect.interval.high:+.0%} at 95 % confidence"
    return f"{effect.before:.0%} → {effect.after:.0%} (a change of {effect.change:+.0%}, {interval}: {sure})"


async def until_stopped(work: Awaitable[T], stopped: Callable[[], T]) -> tuple[T, bool]:
    """The result of `work`, or after Ctrl-C what has come until then; and whether it was stopped."""
    try:
        return await work, False
    except asyncio.CancelledError:
        return stopped(), True


def _verdict(found: Distribution) -> str:
    needed = found.trials_needed
    if not found.stacks:
        return "nothing was chosen"
    if found.is_settled:
        return "settled: more samples would hardly change which choice leads"
    if needed is None:
        return "too close to call: no reasonable number of samples would settle it"
    return f"not settled: about {needed - found.trials} more samples would be needed if the shares stay"
