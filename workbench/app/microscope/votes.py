"""A decision put many times: as it was, with variants, to other models. Nothing that is chosen is executed."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from workbench.app.clock import SystemClock
from workbench.app.costs.cost_estimate import CostEstimate
from workbench.app.microscope.decision import RecordedDecision
from workbench.app.microscope.sampling_store import KeptSampling, SampledArm, SamplingStore
from workbench.app.replay.replays import Replays, SampleRequest
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.runs import Runs
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.ids import RunId
from workbench.core.json_text import digest
from workbench.core.tool import Toolset
from workbench.core.variant import Offer, Variant, apply_variant, variant_between
from workbench.core.variant_lines import ChangeLine, change_lines
from workbench.engine.ports import Clock
from workbench.replay.sampling import Sample, Sampler, Sampling, in_order

EDITS = "the tools as they are now"
MOST_ARMS = 16
Heard = Callable[[int, Sample], None]
"""Hears the number of an arm in its plan, from 0, and each sample as it comes."""


class VotePlan(msgspec.Struct, frozen=True):
    """What would be sampled. Nothing has been sent."""

    decision: RecordedDecision
    arms: tuple[tuple[SampledArm, SampleRequest], ...]
    trials: int
    concurrency: int

    @property
    def samples(self) -> int:
        """How many samples it is."""
        return sum(question.trials for _, question in self.arms)

    @property
    def at_once(self) -> int:
        """How many ways to ask are sampled at the same time: where each is asked once, several."""
        return self.concurrency if all(question.is_exact for _, question in self.arms) else 1

    @property
    def estimate(self) -> CostEstimate:
        """What all of it would take."""
        total = self.arms[0][1].estimate
        for _, question in self.arms[1:]:
            total = total + question.estimate
        return total


class Votes:
    """Plans and draws samples, keeps what came, and goes on from any of it."""

    def __init__(self, runs: Runs, replays: Replays, store: SamplingStore, clock: Clock | None = None) -> None:
        self._runs = runs
        self._replays = replays
        self._store = store
        self._clock = clock or SystemClock()

    def plan(
        self, decision: RecordedDecision, arms: Sequence[SampledArm], *, trials: int, concurrency: int
    ) -> VotePlan:
        """Raises `UsageError` naming the arm that cannot be put."""
        if not 1 <= len(arms) <= MOST_ARMS:
            raise UsageError(f"{len(arms)} conditions were chosen", hint=f"Choose 1 to {MOST_ARMS}.")
        made = []
        for arm in arms:
            try:
                made.append((arm, self.question(decision, arm, trials=trials, concurrency=concurrency)))
            except WorkbenchError as error:
                raise UsageError(f"{arm.title}: {error.message}", hint=error.hint) from None
        return VotePlan(decision, tuple(made), trials, concurrency)

    def question(
        self, decision: RecordedDecision, arm: SampledArm, *, trials: int = 1, concurrency: int = 1
    ) -> SampleRequest:
        """The decision as this arm would put it; nothing is sent."""
        return self._replays.question(
            decision.recording,
            decision.point,
            trials=trials,
            concurrency=concurrency,
            variant=arm.variant,
            model=arm.model,
        )

    async def draw(
        self,
        plan: VotePlan,
        on_sample: Heard | None = None,
        kept: Callable[[int, KeptSampling], None] = lambda place, made: None,
    ) -> None:
        """Send it all, arm by arm, and keep what comes, also when it is cancelled or fails.

        `kept` is called for each arm that was written.
        Raises `UsageError` before anything is sent when a key is missing, `StoreError` when nothing can be kept.
        """
        samplers = [
            self._replays.sampler(question, None if on_sample is None else _hearer(on_sample, place))
            for place, (_, question) in enumerate(plan.arms)
        ]

        async def sample(place: int) -> None:
            (arm, question), sampler = plan.arms[place], samplers[place]
            was_stopped = True
            try:
                await sampler.draw(plan.trials, concurrency=plan.concurrency)
                was_stopped = False
            finally:
                if sampler.samples:
                    kept(place, self._keep(plan, arm, question, sampler, was_stopped=was_stopped))

        await in_order((partial(sample, place) for place in range(len(plan.arms))), plan.at_once)

    def go_on(
        self, decision: RecordedDecision, arm: SampledArm, sample: Sample, *, keeps_to_mocks: bool = False
    ) -> LiveRun:
        """Fork the run with this answer and go on from it. Tools are served from the recording until it differs, then
        by asking, or by mocks; never by themselves."""
        question = self.question(decision, arm)
        fork, changed = self._replays.fork(
            decision.recording,
            decision.point,
            variant=arm.variant,
            model=arm.model,
            answer=question.answer(sample),
        )
        return self._replays.launch(fork, changed, tools="mock" if keeps_to_mocks else "ask")

    def edits(self, decision: RecordedDecision) -> Variant | None:
        """What was changed in the project's tools since the run, as a variant; None when nothing was."""
        now = self._runs.toolset
        if self._runs.project.file.mcp:  # a server that is not running has not lost its tools
            now = Toolset([*now, *(tool for tool in decision.toolset if now.named(tool.name) is None)])
        kept = [now.named(tool.name) for tool in decision.toolset]
        new = [tool for tool in now if decision.toolset.named(tool.name) is None]
        after = msgspec.structs.replace(decision.offer, toolset=Toolset([*filter(None, kept), *new]))
        variant = variant_between("edits", decision.offer, after)
        return None if variant.is_empty else variant

    def offered(self, decision: RecordedDecision, arm: SampledArm) -> Offer:
        """What an arm offers; of a variant that does not fit anymore, what the run offered."""
        try:
            return apply_variant(arm.variant, decision.offer) if arm.variant is not None else decision.offer
        except WorkbenchError:
            return decision.offer

    def changes(self, decision: RecordedDecision, arm: SampledArm) -> tuple[ChangeLine, ...]:
        """What an arm changes of the run's offer, word by word; nothing where its variant does not fit anymore."""
        if arm.variant is None:
            return ()
        return change_lines(decision.offer, self.offered(decision, arm), renames=arm.variant.renames)

    def _keep(
        self, plan: VotePlan, arm: SampledArm, question: SampleRequest, sampler: Sampler, *, was_stopped: bool
    ) -> KeptSampling:
        return self._store.keep(
            kept_sampling(
                arm,
                question,
                sampler.sampling,
                at=self._clock.now(),
                concurrency=plan.concurrency,
                was_stopped=was_stopped,
            )
        )


def identity(question: SampleRequest) -> str:
    """Equal for questions that send the same request to the same model."""
    wire = question.put.wire
    return digest([question.spec, wire.wire_format, wire.path, wire.body_json])[:16]


def kept_sampling(
    arm: SampledArm, question: SampleRequest, sampling: Sampling, *, at: float, concurrency: int, was_stopped: bool
) -> KeptSampling:
    """A sampling as a `SamplingStore` keeps it."""
    return KeptSampling(
        sampling_id="",
        at=at,
        run_id=RunId(question.point.run_id),
        point=str(question.point.point),
        arm=arm,
        model=question.put.request.model,
        question=identity(question),
        changes=tuple(map(str, question.lines)),
        concurrency=concurrency,
        was_stopped=was_stopped,
        sampling=sampling,
    )


def _hearer(on_sample: Heard, place: int) -> Callable[[Sample], None]:
    return lambda sample: on_sample(place, sample)
