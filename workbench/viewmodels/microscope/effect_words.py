"""Effects in words and figures: a share, how much it moved, and how sure that is."""

from workbench.core.distribution import Distribution, Effect
from workbench.core.share import Share
from workbench.viewmodels.shared.plain import one_line

MINUS = "−"
_MOST_SAID = 3


def percent(share: float) -> str:
    """`70 %`."""
    return f"{share:.0%}".replace("%", " %")


def points(change: float) -> str:
    """A change of a share, in points: `+12`, `−40`, `0`."""
    whole = round(change * 100)
    return f"+{whole}" if whole > 0 else f"{MINUS}{-whole}" if whole < 0 else "0"


def effect_words(effect: Effect) -> str:
    """`100 % → 20 %: −80 points, surely between −97 and −41`."""
    moved = f"{percent(effect.before)} → {percent(effect.after)}: {points(effect.change)} points"
    if effect.is_exact:
        return moved
    interval = f"{points(effect.interval.low)} and {points(effect.interval.high)}"
    sure = f"at 95 % between {interval}" if effect.is_clear else f"between {interval}, so it may be chance"
    return f"{moved}, {sure}"


def votes_words(found: Distribution) -> str:
    """What was chosen how often: `18 × track_order, 2 × answer (of 20)`; of what is exact, `track_order`."""
    if found.is_exact and found.stacks:
        return one_line(found.stacks[0].choice.tools, 80)
    by_tools: dict[str, int] = {}
    for stack in found.stacks:
        by_tools[stack.choice.tools] = by_tools.get(stack.choice.tools, 0) + stack.count
    ordered = sorted(by_tools.items(), key=lambda pair: -pair[1])
    told = [f"{count} × {one_line(tools, 80)}" for tools, count in ordered[:_MOST_SAID]]
    told += [f"{len(ordered) - _MOST_SAID} others"] if len(ordered) > _MOST_SAID else []
    failed = f", {found.failures} without an answer" if found.failures else ""
    return f"{', '.join(told) or 'nothing'} (of {found.trials}{failed})"


def share_words(share: Share) -> str:
    """`90 % (between 70 % and 97 %)`; of an exact share, `100 %`."""
    if share.is_exact:
        return percent(share.value)
    interval = share.interval()
    return f"{percent(share.value)} (between {percent(interval.low)} and {percent(interval.high)})"
