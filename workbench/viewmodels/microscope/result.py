"""The result of one question: all its samples, stacked, judged and in words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.app.microscope.sampling_store import KeptSampling, SampledArm
from workbench.app.microscope.votes import EDITS
from workbench.core.choice import Choice
from workbench.core.distribution import Distribution, Stack, distribution
from workbench.core.interval import Interval
from workbench.core.selection import Mistake
from workbench.core.share import EXACT, Share
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Variant
from workbench.replay.sampling import Sample
from workbench.viewmodels.microscope.effect_words import share_words
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import Tone


@dataclass(frozen=True)
class Vote:
    """One card: equal calls stacked. `verdict` is empty while it is not said what would be right."""

    meaning: str
    title: str
    said: str
    count: int
    share: float
    interval: Interval
    words: str
    verdict: str
    tone: Tone
    is_as_then: bool
    sample: Sample

    @property
    def spoken(self) -> str:
        """The whole card for a screen reader."""
        then = ", as recorded" if self.is_as_then else ""
        return ". ".join(part for part in (f"{self.title}{then}", self.words, self.verdict, self.said) if part)


@dataclass(eq=False)
class Result:
    """All samples that one question has, kept ones and fresh ones. Made again when something comes; only `name` changes
    with what stands beside it."""

    key: str
    """Equal for results of the same question, asked under the same name."""
    arm: SampledArm
    model: str
    offered: Toolset
    kept: tuple[KeptSampling, ...] = ()
    fresh: tuple[Sample, ...] = ()
    changes: tuple[str, ...] = ()
    is_running: bool = False
    is_exact: bool = False
    """Whether the model that is asked always answers the same."""
    name: str = "as it was"
    """What it is called beside the others; two of them never have the same name and model."""
    _renames: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """`shorter · local`."""
        return f"{self.name} · {one_line(model_words(self.arm.model), 60)}" if self.arm.model else self.name

    @property
    def at(self) -> float:
        """When it was asked last, in seconds since the epoch."""
        return max((one.at for one in self.kept), default=0.0) if not self.is_running else math.inf

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """In the order in which they came."""
        return (*(sample for one in self.kept for sample in one.sampling.samples), *self.fresh)

    @cached_property
    def distribution(self) -> Distribution:
        """How often each choice was made; a tool under another name counts under its own."""
        is_exact = self.is_exact or any(one.sampling.is_exact for one in self.kept)
        return distribution([self._choice(sample) for sample in self.samples], is_exact=is_exact)

    @property
    def failures(self) -> tuple[str, ...]:
        """Why samples brought no choice, each reason once, the most frequent first."""
        told: dict[str, int] = {}
        for sample in self.samples:
            if sample.response is None:
                told[sample.failure] = told.get(sample.failure, 0) + 1
        ordered = sorted(told.items(), key=lambda pair: -pair[1])
        return tuple(f"{count} × {one_line(words, 200)}" for words, count in ordered)

    @property
    def latency_ms(self) -> float:
        """How long an answer took on the average."""
        took = [sample.latency_ms for sample in self.samples if sample.response is not None]
        return sum(took) / len(took) if took else 0.0

    def right(self, point: PointViewModel) -> Share:
        """The share of samples that chose what is expected, or while nothing is, what was chosen then."""
        return self.distribution.share_where(lambda choice: self.is_right(choice, point))

    def is_right(self, choice: Choice, point: PointViewModel) -> bool:
        """Whether a choice counts as right."""
        if point.is_judged:
            return not self.mistakes(choice, point)
        return point.chosen is not None and choice.tools == point.chosen.tools

    def mistakes(self, choice: Choice, point: PointViewModel) -> tuple[Mistake, ...]:
        """What is wrong with it, by what is expected and by the tools that were offered here."""
        return point.mistakes_of(choice, self._toolset)

    def votes(self, point: PointViewModel) -> tuple[Vote, ...]:
        """The cards, the highest stack first."""
        return tuple(self._vote(stack, point) for stack in self.distribution.stacks)

    @property
    def settled_words(self) -> str:
        """Whether more samples would change which choice leads."""
        found = self.distribution
        if not found.stacks:
            return "No samples have returned an answer yet." if not self.samples else "No samples returned an answer."
        if found.is_exact:
            return EXACT
        needed = found.trials_needed
        if found.is_settled:
            return "Settled: more samples would hardly change which choice leads."
        if needed is None:
            return "Too close to call: no reasonable number of samples would settle which choice leads."
        more = figures.count(needed - found.trials, "more sample")
        return f"Not settled which choice leads: about {more} if the shares stay."

    def _vote(self, stack: Stack, point: PointViewModel) -> Vote:
        choice, found = stack.choice, self.distribution
        wrong = self.mistakes(choice, point)
        verdict, tone = "", "plain"
        if point.is_judged:
            verdict = "; ".join(one_line(str(mistake), 160) for mistake in wrong) or "as expected"
            tone = "error" if wrong else "ok"
        said = one_line(choice.text, 200) if choice.text.strip() else ""
        return Vote(
            meaning=choice.meaning,
            title=one_line(str(choice), 240),
            said=said,
            count=stack.count,
            share=stack.share,
            interval=stack.interval,
            words="exact"
            if found.is_exact
            else f"{stack.count} of {found.trials} · {share_words(Share(stack.count, found.trials))}",
            verdict=verdict,
            tone=tone,  # type: ignore[arg-type]
            is_as_then=point.chosen is not None and choice.meaning == point.chosen.meaning,
            sample=self._first(choice.meaning),
        )

    def _first(self, meaning: str) -> Sample:
        return next(one for one in self.samples if (made := self._choice(one)) is not None and made.meaning == meaning)

    def _choice(self, sample: Sample) -> Choice | None:
        choice = sample.choice
        if choice is None or not self._renames:
            return choice
        return choice.renamed({new: old for old, new in self._renames.items()})

    @cached_property
    def _toolset(self) -> Toolset:
        if not self._renames:
            return self.offered
        return Toolset([Tool({**tool.document, "name": self._old(tool.name)}) for tool in self.offered])

    def _old(self, name: str) -> str:
        return next((old for old, new in self._renames.items() if new == name), name)


def result_of(
    key: str, arm: SampledArm, model: str, offered: Toolset, kept: Iterable[KeptSampling] = (), **more: object
) -> Result:
    """A result; a variant's renames are undone in what was chosen, so that choices can be compared."""
    renames = arm.variant.renames if arm.variant is not None else {}
    return Result(key, arm, model, offered, tuple(kept), _renames=renames, **more)  # type: ignore[arg-type]


def name_results(results: Sequence[Result], edits: Variant | None) -> None:
    """Give every result its name. `edits` are those of now: what was called so before says when it was."""
    newest: dict[str, Result] = {}
    for result in results:
        known = newest.get(result.arm.title)
        if known is None or known.at <= result.at:
            newest[result.arm.title] = result
    for result in results:
        result.name = one_line(result.arm.name or "as it was", 64)
        if result.is_running:
            continue
        if result.arm.name == EDITS and result.arm.variant != edits:
            result.name = f"the tools as they were, {figures.clock_time(result.at)}"
        elif newest[result.arm.title] is not result:
            result.name = f"{result.name}, {figures.clock_time(result.at)}"
