"""Figures of several rounds: medians with spreads, ratios against a floor or a peer, and what was aimed for."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["met", "missed", "", "skipped", "failed"]


@dataclass(frozen=True)
class Samples:
    """One figure, once per round."""

    values: tuple[float, ...]
    unit: str = ""

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median, and the lowest and the highest where they differ."""
        middle, low, high = (number(value) for value in (self.median, min(self.values), max(self.values)))
        text = f"{middle} {self.unit}".rstrip()
        return text if low == high else f"{text} ({low}–{high})"

    def over(self, other: "Samples") -> "Samples":
        """Round by round: this one divided by the other."""
        return Samples(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)), "×")


@dataclass(frozen=True)
class Goal:
    """A bound for a median."""

    sign: Literal["≤", "≥"]
    bound: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {number(self.bound)} {self.unit}".rstrip()

    def verdict(self, samples: Samples) -> Verdict:
        """Whether the median keeps to it."""
        is_met = samples.median <= self.bound if self.sign == "≤" else samples.median >= self.bound
        return "met" if is_met else "missed"


@dataclass(frozen=True)
class Line:
    """One line of the table. `figure` is what the goal speaks about; the other cells are where it comes from.

    `others` is how many processors other programs kept busy while the row was measured.
    """

    row: str
    what: str
    ours: str = ""
    other: str = ""
    figure: str = ""
    goal: str = ""
    verdict: Verdict = ""
    others: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """As they are in the table."""
        return (self.row, self.what, self.ours, self.other, self.figure, self.goal, self.verdict, self.others)


def judged(row: str, what: str, figure: Samples, goal: Goal, *, ours: object = "", other: object = "") -> Line:
    """A line with a goal."""
    return Line(row, what, str(ours), str(other), str(figure), str(goal), goal.verdict(figure))


def failed(row: str, what: str, why: str) -> Line:
    """A line for a row that could not be measured."""
    return Line(row, what, figure=why.strip().splitlines()[-1].replace("|", "/"), verdict="failed")


def skipped(row: str, what: str, why: str) -> Line:
    """A line that says why there is nothing."""
    return Line(row, what, figure=why, verdict="skipped")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie; the nearest one there is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
