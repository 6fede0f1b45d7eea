"""Samples in the terminal: votes with their intervals, and what more would settle them; or that they are exact."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from workbench.app.microscope.ablations import Ablation, AblationPlan, Ablations
from workbench.cli.progress import TerminalProgress
from workbench.cli.terminal import Terminal
from workbench.core.distribution import Distribution, Effect
from workbench.core.share import EXACT
from workbench.core.visible_text import visible_line

BAR = 24
_CHOICE_CHARS = 100

T = TypeVar("T")


def counted(found: Distribution) -> str:
    """`12 samples`."""
    return f"{found.trials} sample{'' if found.trials == 1 else 's'}"


def show_distribution(found: Distribution, terminal: Terminal, *, indent: str = "  ") -> None:
    """One line a choice: its share as a bar, the count, the interval, the choice."""
    for stack in found.stacks:
        bar = "▇" * max(1, round(stack.share * BAR))
        share = f"{stack.share:4.0%}"
        if not found.is_exact:
            share += f" [{stack.interval.low:3.0%}–{stack.interval.high:4.0%}]"
        choice = visible_line(str(stack.choice), max_chars=_CHOICE_CHARS)
        terminal.say(f"{indent}{bar:<{BAR}} {stack.count:>4} {share}  {choice}")
    if found.failures:
        terminal.say(f"{indent}{found.failures} requests returned no answer", "warn")
    terminal.say(f"{indent}{_verdict(found)}", "dim")


def effect_words(effect: Effect) -> str:
    """A change of a share on one line."""
    if effect.is_exact:
        return f"{effect.before:.0%} → {effect.after:.0%}"
    sure = "clear" if effect.is_clear else "may be chance"
    interval = f"{effect.interval.low:+.0%} to {effect.interval.high:+.0%} at 95 % confidence"
    return f"{effect.before:.0%} → {effect.after:.0%} (a change of {effect.change:+.0%}, {interval}: {sure})"


async def sample_changes(ablations: Ablations, plan: AblationPlan, terminal: Terminal) -> tuple[Ablation, bool]:
    """Draw what is planned and show how far it is. After Ctrl-C it is what has come until then, and True."""
    with TerminalProgress(terminal, plan.samples) as progress:
        drawing = ablations.run(plan, lambda *_: progress.step())
        found, was_stopped = await until_stopped(drawing, lambda: ablations.ablation)
    if was_stopped:
        show_stop(progress, terminal)
    return found, was_stopped


def show_stop(progress: TerminalProgress, terminal: Terminal) -> None:
    """Say what became of the samples that came before Ctrl-C."""
    terminal.complain(f"Stopped. {progress.words} completed and saved.", "warn")


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
    if found.is_exact:
        return EXACT
    if found.is_settled:
        return "settled: more samples would hardly change which choice leads"
    if needed is None:
        return "too close to call: no reasonable number of samples would settle it"
    return f"not settled: about {needed - found.trials} more samples would be needed if the shares stay"
