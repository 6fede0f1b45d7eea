"""Sentences with their heat, ready to be painted: a tint, a figure, and words. The tint never stands alone."""

from dataclasses import dataclass

from workbench.app.microscope.sentence_heat import Heat, SentenceHeat
from workbench.core.distribution import Effect
from workbench.viewmodels.microscope.effect_words import effect_words, percent, points
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import clipped, one_line, visible

LONGEST = 2_000
"""Characters of one sentence that are shown."""
_STEPS = (0.05, 0.25, 0.6)


@dataclass(frozen=True)
class HeatLine:
    """`level` is from −3 (keeps the choice away) over 0 to 3 (draws it); `figure` are points, `≈` where it may be
    chance, `?` where it was not measured; `between` is its interval, `shares` with the sentence and without it, `other`
    are the points on the other choice."""

    text: str
    level: int
    figure: str
    words: str
    between: str = ""
    shares: str = ""
    other: str = ""
    confidence: str = ""

    @property
    def token(self) -> str:
        """The name of the color of its ground; empty for none."""
        return "" if not self.level else f"heat_{'more' if self.level > 0 else 'less'}_{abs(self.level)}"


def heat_lines(heat: Heat, *, on_expected: bool) -> tuple[HeatLine, ...]:
    """A line for each sentence: what having it does to the share of the expected tool, or of what was chosen."""
    return tuple(_line(found, heat, on_expected=on_expected) for found in heat.sentences)


def heat_title(heat: Heat, *, on_expected: bool) -> str:
    """When it was measured, on what, and how often."""
    on = heat.expected if on_expected and heat.expected else " + ".join(heat.chosen) or "no call"
    when = heat.at.astimezone().strftime("%Y-%m-%d %H:%M")
    sure = "exact for this request" if heat.base.is_exact else f"{figures.count(heat.trials, 'sample')} each"
    return f"Heat from {when}, {sure}, on calls of {one_line(on, 64)}"


def level_of(effect: Effect) -> int:
    """How hot, from what leaving the sentence out did."""
    pull = -effect.change
    level = sum(abs(pull) >= step for step in _STEPS)
    return level if pull > 0 else -level


def _line(found: SentenceHeat, heat: Heat, *, on_expected: bool) -> HeatLine:
    effect, other = found.on_chosen, found.on_expected
    if on_expected and found.on_expected is not None:
        effect, other = found.on_expected, found.on_chosen
    sure = "" if effect.is_clear or not effect.change else "≈"
    confidence = ""
    if found.confidence is not None and heat.confidence is not None:
        confidence = f"{percent(heat.confidence)} → {percent(found.confidence)}"
    return HeatLine(
        text=visible(clipped(found.sentence.text.rstrip(), LONGEST)),
        level=level_of(effect),
        figure=f"{sure}{points(-effect.change)}",
        words=f"without it {effect_words(effect)}",
        between="exact" if effect.is_exact else f"{points(-effect.interval.high)} to {points(-effect.interval.low)}",
        shares=f"{percent(effect.before)} → {percent(effect.after)}",
        other=points(-other.change) if other is not None else "",
        confidence=confidence,
    )
