"""What if: small changes around the decision, in groups, each with its effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.ablation_change import AblationChange, AblationKind, ablation_changes
from workbench.core.interval import Interval
from workbench.core.message import UserMessage
from workbench.core.share import Share
from workbench.core.tool import Toolset
from workbench.viewmodels.microscope.ablation_series import AblationSeries, ShownAblation
from workbench.viewmodels.microscope.effect_words import effect_words, percent, votes_words
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

TITLE = "Trying changes"
GROUPS: tuple[tuple[str, frozenset[AblationKind]], ...] = (
    ("Without a tool", frozenset({"drop tool"})),
    ("Descriptions", frozenset({"blank description", "swap descriptions"})),
    ("Names and places", frozenset({"rename tool", "move tool"})),
    ("Forced: see the arguments", frozenset({"force tool"})),
    ("The conversation", frozenset({"cut history", "drop instructions"})),
)


_TICKED: frozenset[AblationKind] = frozenset({"drop tool", "blank description", "swap descriptions"})
"""The most telling ones are preselected; the rest are a click away."""


@dataclass(frozen=True)
class Bar:
    """A share as it is painted, and in words."""

    share: float
    interval: Interval
    tone: Tone
    words: str


class WhatIf:
    """The counterfactuals of a decision. Shares are of the expected choice, or of the recorded one if none is set."""

    def __init__(self, point: PointViewModel) -> None:
        self.point = point
        self.series = AblationSeries(point, TITLE, self._make_changes, lambda change: change.kind in _TICKED)

    def _make_changes(self, toolset: Toolset) -> Sequence[AblationChange]:
        """Every change except single sentences, which have their own panel."""
        point = self.point
        expected = point.expected_tool
        found = ablation_changes(
            point.decision.offer,
            point.chosen_tools,
            expected=expected if expected is not None and toolset.named(expected) is not None else None,
            user_messages=sum(isinstance(message, UserMessage) for message in point.decision.messages),
        )
        return [change for change in found if change.kind != "drop sentence"]

    @property
    def groups(self) -> tuple[tuple[str, tuple[ShownAblation, ...]], ...]:
        """The rows in groups; empty groups are left out."""
        made = ((title, tuple(row for row in self.series.rows if row.change.kind in kinds)) for title, kinds in GROUPS)
        return tuple((title, rows) for title, rows in made if rows)

    @property
    def counted(self) -> str:
        """What the shares count."""
        point = self.point
        if point.expected_tool is not None:
            return f"calls of {one_line(point.expected_tool, 64)}, the expected choice"
        chosen = " + ".join(point.chosen_tools)
        return f"{one_line(chosen, 120)}, as recorded" if chosen else "answers without a call, as recorded"

    @property
    def base_words(self) -> str:
        """How often each choice was made in the original."""
        base = self.series.base
        return f"As it was: {votes_words(base)}" if base is not None else "As it was: not sampled yet"

    def votes(self, row: ShownAblation) -> str:
        """How often each choice was made under a change, and other effects."""
        if row.is_running and row.found is None:
            return "asking…"
        if row.found is None:
            return ""
        arguments = ""
        if row.change.kind == "force tool" and row.found.distribution.stacks:
            arguments = f" · {one_line(str(row.found.distribution.stacks[0].choice), 160)}"
        failure = f" · {one_line(row.found.failure, 120)}" if row.found.failure else ""
        own = f" · stated confidence {percent(row.found.confidence)}" if row.found.confidence is not None else ""
        return f"{votes_words(row.found.distribution)}{arguments}{own}{failure}"

    def markdown(self) -> str:
        """All results, as a table."""
        lines = ["| Change | Chosen | " + self.counted.replace("|", "\\|") + " |", "|---|---|---|"]
        for row in self.series.rows:
            bar = bar_of(row)
            if bar is not None:
                cells = (row.change.name, self.votes(row), bar.words)
                lines.append("| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |")
        return "\n".join(lines) + "\n"


def title_of(row: ShownAblation) -> str:
    """A change in few words."""
    change = row.change
    if change.kind == "swap descriptions":
        return f"{' ⇄ '.join(one_line(name, 64) for name in change.variant.tools)} (descriptions)"
    return one_line(change.name, 160)


def bar_of(row: ShownAblation) -> Bar | None:
    """The result of a change, about what is expected where that is said, else about what was chosen; None while nothing
    has come."""
    found = row.found
    if found is None or not found.distribution.trials:
        return None
    effect = found.on_expected if found.on_expected is not None else found.on_chosen
    trials, is_exact = found.distribution.trials, found.distribution.is_exact
    tone: Tone = "plain"
    if effect.is_clear:
        tone = "ok" if (effect.change > 0) == (found.on_expected is not None) else "error"
    return Bar(effect.after, Share(effect.after * trials, trials, is_exact).interval(), tone, effect_words(effect))
