"""Counterfactuals around one decision of a recorded run, each sampled by itself and compared with the decision as it
was. Nothing that is chosen is executed."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from workbench.app.costs.cost_estimate import CostEstimate
from workbench.app.replay.replays import Replays, SampleRequest
from workbench.core.ablation_change import AblationChange, ablation_changes
from workbench.core.choice import Choice
from workbench.core.confidence import mean_confidence
from workbench.core.distribution import Distribution, Effect, effect
from workbench.core.errors import UsageError
from workbench.core.message import UserMessage
from workbench.core.tool import Toolset
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recording import Recording
from workbench.replay.sampling import Sample, Sampling, in_order
from workbench.replay.setup_offer import offer_of

AblationProgress = Callable[[str, Sample], None]
"""Hears the name of the counterfactual (empty for the decision as it was) and each sample as it comes."""


class AblationPlan(msgspec.Struct, frozen=True):
    """What would be sampled, and what that takes. `chosen` are the tools that were called, `expected` is the tool
    that would have been right."""

    base: SampleRequest
    changes: tuple[tuple[AblationChange, SampleRequest], ...]
    chosen: tuple[str, ...]
    expected: str | None
    trials: int
    concurrency: int

    @property
    def samples(self) -> int:
        """How many samples it is, the decision as it was included."""
        return self.base.trials + sum(question.trials for _, question in self.changes)

    @property
    def at_once(self) -> int:
        """How many changes are sampled at the same time: of a model that is asked once for each, several."""
        return self.concurrency if self.base.is_exact else 1

    @property
    def estimate(self) -> CostEstimate:
        """The whole."""
        total = self.base.estimate
        for _, question in self.changes:
            total = total + question.estimate
        return total


class AblationRow(msgspec.Struct, frozen=True):
    """One counterfactual: how often each choice was made, and what that did to the choice that was made then."""

    change: AblationChange
    distribution: Distribution
    on_chosen: Effect
    on_expected: Effect | None = None
    failure: str = ""
    confidence: float | None = None
    """The mean of what the model itself said about how sure it was."""


class Ablation(msgspec.Struct, frozen=True):
    """Everything that was sampled. Rows are missing when it was stopped."""

    base: Distribution
    rows: tuple[AblationRow, ...]
    chosen: tuple[str, ...]
    expected: str | None = None
    failure: str = ""
    confidence: float | None = None

    @property
    def clear(self) -> tuple[AblationRow, ...]:
        """The rows whose effect is hardly by chance, the strongest first."""
        found = [row for row in self.rows if row.on_chosen.is_clear]
        return tuple(sorted(found, key=lambda row: -abs(row.on_chosen.change)))


class Ablations:
    """Plans and samples counterfactuals."""

    def __init__(self, replays: Replays) -> None:
        self._replays = replays
        self._ablation = Ablation(Distribution(), (), ())
        self._counts: dict[str, Callable[[], None]] = {}

    @property
    def ablation(self) -> Ablation:
        """What has come so far. It is counted when somebody asks: counting again for each of a thousand samples would
        take longer than drawing them."""
        for count in tuple(self._counts.values()):
            count()
        return self._ablation

    def plan(
        self,
        recording: Recording,
        point: ForkPoint | str,
        *,
        trials: int,
        concurrency: int = 4,
        expected: str | None = None,
        model: str | None = None,
        requested: Callable[[Toolset], Sequence[AblationChange]] | None = None,
    ) -> AblationPlan:
        """Every counterfactual that makes sense at this point, or those that `requested` makes for the tools that
        would be offered; nothing is sent yet.

        Raises `UsageError` when the model did not answer there, or the expected tool was not offered.
        """
        base = self._replays.question(recording, point, trials=trials, concurrency=concurrency, model=model)
        decision = base.point
        if decision.chosen is None:
            raise UsageError(f"the model did not answer at {decision.point}", hint="Choose a point with an answer.")
        offer = offer_of(self._replays.changed(recording, model=model).setup)
        if expected is not None and offer.toolset.named(expected) is None:
            raise UsageError(
                f"the tool {expected!r} was not offered", hint=f"Offered: {', '.join(offer.toolset.names)}."
            )
        chosen = decision.chosen
        changes = (
            requested(offer.toolset)
            if requested is not None
            else ablation_changes(
                offer,
                tuple(call.tool for call in chosen.calls or chosen.withheld),
                expected=expected,
                user_messages=sum(isinstance(message, UserMessage) for message in decision.messages),
            )
        )
        questions = tuple(
            (
                change,
                self._replays.question(
                    recording,
                    decision.point,
                    trials=trials,
                    concurrency=concurrency,
                    variant=change.variant,
                    model=model,
                    keep_messages=change.keep_messages,
                ),
            )
            for change in changes
        )
        return AblationPlan(base, questions, chosen.names, expected, trials, concurrency)

    async def run(
        self, plan: AblationPlan, progress: AblationProgress | None = None, *, base: Distribution | None = None
    ) -> Ablation:
        """Sample it all. A failure that would only come again ends it early; cancelling keeps what has come.

        `base` is how often each choice was made as it was, where that was sampled before: it is not sampled again.
        """
        self._ablation = Ablation(base or Distribution(), (), plan.chosen, plan.expected)
        if base is None:
            await self._draw(plan, plan.base, "", progress, self._take_base)

        async def sample(change: AblationChange, question: SampleRequest) -> None:
            if not self._ablation.failure:
                await self._draw(plan, question, change.name, progress, partial(self._take_row, plan, change))

        await in_order((partial(sample, *each) for each in plan.changes), plan.at_once)
        return self._ablation

    async def _draw(
        self,
        plan: AblationPlan,
        question: SampleRequest,
        name: str,
        progress: AblationProgress | None,
        take: Callable[[Sampling], None],
    ) -> None:
        """Sample one question; `take` gets what has come whenever somebody asks, and at the end, also a bad one."""
        listener = None if progress is None else lambda sample: progress(name, sample)
        sampler = self._replays.sampler(question, listener)

        def count() -> None:
            if sampler.samples:
                take(sampler.sampling)

        self._counts[name] = count
        try:
            await sampler.draw(plan.trials, concurrency=plan.concurrency)
        finally:
            count()
            del self._counts[name]

    def _take_base(self, sampling: Sampling) -> None:
        self._ablation = msgspec.structs.replace(
            self._ablation,
            base=sampling.distribution,
            failure=sampling.failure,
            confidence=_confidence(sampling),
        )

    def _take_row(self, plan: AblationPlan, change: AblationChange, sampling: Sampling) -> None:
        row = row_of(
            change,
            sampling.distribution,
            self._ablation.base,
            chosen=plan.chosen,
            expected=plan.expected,
            failure=sampling.failure,
            confidence=_confidence(sampling),
        )
        rows = {each.change.name: each for each in (*self._ablation.rows, row)}
        in_order_of_plan = tuple(rows[each.name] for each, _ in plan.changes if each.name in rows)
        failure = self._ablation.failure or sampling.failure
        self._ablation = msgspec.structs.replace(self._ablation, rows=in_order_of_plan, failure=failure)


def row_of(
    change: AblationChange,
    found: Distribution,
    base: Distribution,
    *,
    chosen: tuple[str, ...],
    expected: str | None,
    failure: str = "",
    confidence: float | None = None,
) -> AblationRow:
    """What a change did to the share of what was chosen then and of what would have been right; renamed tools count
    under their old names."""
    old_names = {new: old for old, new in change.variant.renames.items()}

    def names(choice: Choice) -> tuple[str, ...]:
        return choice.renamed(old_names).names

    return AblationRow(
        change,
        found,
        effect(base, found, lambda choice: names(choice) == chosen),
        effect(base, found, lambda choice: expected in names(choice)) if expected is not None else None,
        failure,
        confidence,
    )


def _confidence(sampling: Sampling) -> float | None:
    return mean_confidence([sample.response for sample in sampling.samples])
