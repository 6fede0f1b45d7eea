"""Before against after, for any number of variants and models: shares with intervals, and what they mean in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.distribution import Effect, effect_of
from workbench.core.interval import Interval
from workbench.core.settling import SampleVerdict, trials_to_distinguish, verdict_of
from workbench.core.share import Share
from workbench.viewmodels.microscope.effect_words import share_words
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.result import Result
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import Tone

_SIGNS: dict[SampleVerdict, tuple[str, Tone]] = {
    "better": ("▲", "ok"),
    "worse": ("▼", "error"),
    "the same": ("=", "plain"),
    "cannot tell yet": ("?", "wait"),
}


@dataclass(frozen=True)
class SideBySideRow:
    """One way to ask. `change`, `verdict` and `more` are empty for the one the others are compared with."""

    title: str
    model: str
    samples: str
    leader: str
    share: float
    interval: Interval
    share_words: str
    share_figures: str = "–"
    change: str = ""
    change_figures: str = ""
    verdict: str = ""
    tone: Tone = "plain"
    more: str = ""
    missing: int = 0
    """How many more samples, on the side that has fewer, would settle it; 0 when it is settled or cannot be."""

    @property
    def spoken(self) -> str:
        """The row in a sentence, for a screen reader."""
        parts = (
            self.title,
            self.model,
            f"{self.samples} samples",
            self.share_words,
            self.verdict,
            self.change,
            self.more,
        )
        return ", ".join(part for part in (*parts, f"most frequent {self.leader}") if part)


def measured_words(point: PointViewModel) -> str:
    """What the shares are of."""
    return "As expected" if point.is_judged else "As recorded"


def baseline(results: Sequence[Result]) -> Result | None:
    """What the others are compared with: the request as it was, else the first."""
    with_samples = [result for result in results if result.distribution.trials]
    return next((result for result in with_samples if result.arm.is_as_it_was), next(iter(with_samples), None))


def side_by_side(results: Sequence[Result], point: PointViewModel) -> tuple[SideBySideRow, ...]:
    """A row for each result, in their order."""
    base = baseline(results)
    return tuple(_row(result, base, point) for result in results)


def _row(result: Result, base: Result | None, point: PointViewModel) -> SideBySideRow:
    found = result.distribution
    right = result.right(point)
    failed = f", {found.failures} failed" if found.failures else ""
    row = SideBySideRow(
        title=result.name,
        model=one_line(model_words(result.arm.model or result.model), 48),
        samples=f"{found.trials:,}{failed}" + (" …" if result.is_running else ""),
        leader=one_line(str(found.stacks[0].choice), 120) if found.stacks else "–",
        share=right.value,
        interval=right.interval(),
        share_words=share_words(right) if found.trials else "–",
        share_figures=_share_figures(right) if found.trials else "–",
    )
    if base is None or base is result or not found.trials:
        return row
    return _compared(row, right, base.right(point), point)


def _compared(row: SideBySideRow, right: Share, before: Share, point: PointViewModel) -> SideBySideRow:
    change = effect_of(before, right)
    verdict = verdict_of(right, before)
    sign, tone = _SIGNS[verdict]
    missing = _missing(right, before)
    words: str = verdict
    if not point.is_judged:  # more or less of what was chosen is neither good nor bad by itself
        words = {"better": "more often", "worse": "less often"}.get(verdict, verdict)
        tone = "plain" if verdict in ("better", "worse") else tone
    return SideBySideRow(
        **{
            **row.__dict__,
            "change": _change_words(change),
            "change_figures": _change_figures(change),
            "verdict": f"{sign} {words}",
            "tone": tone,
            "more": "exact" if change.is_exact else _more_words(missing),
            "missing": max(missing or (0, 0)),
        }
    )


def _share_figures(share: Share) -> str:
    if share.is_exact:
        return f"{share.value:.0%}".replace("%", " %")
    interval = share.interval()
    return f"{share.value:.0%} ({interval.low * 100:.0f}–{interval.high * 100:.0f} %)".replace("%", " %", 1)


def _change_words(change: Effect) -> str:
    points = f"{change.change * 100:+.0f} points"
    if change.is_exact:
        return points
    interval = change.interval
    return f"{points} (between {interval.low * 100:+.0f} and {interval.high * 100:+.0f})"


def _change_figures(change: Effect) -> str:
    points = f"{change.change * 100:+.0f}"
    if change.is_exact:
        return points
    interval = change.interval
    return f"{points} ({interval.low * 100:+.0f} to {interval.high * 100:+.0f})"


def _missing(right: Share, before: Share) -> tuple[int, int] | None:
    """How many more samples would settle it, here and before; None when no reasonable number would."""
    needed = trials_to_distinguish(right, before)
    if needed is None:
        return None
    here, there = (0 if each.is_exact else max(0, round(needed - each.trials)) for each in (right, before))
    return here, there


def _more_words(missing: tuple[int, int] | None) -> str:
    if missing is None:
        return "too close to call"
    here, before = missing
    if not here and not before:
        return "settled"
    return f"about {here:,} more of each" if here == before else f"about {here:,} more here, {before:,} more before"


def as_markdown(results: Sequence[Result], point: PointViewModel) -> str:
    """The table for a ticket or a chat."""
    lines = [
        f"Asked: {point.asked_words}",
        f"Recorded choice: {point.chosen_words}",
        f"Expected: {point.expected_words}",
        "",
        f"| Condition | Model | Samples | {measured_words(point)} | Change | Verdict | Most often |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in side_by_side(results, point):
        cells = (row.title, row.model, row.samples, row.share_words, row.change, row.verdict, f"`{row.leader}`")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
