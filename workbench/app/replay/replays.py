"""Everything that can be done with a recorded run of an open project: play back, rerun, fork, sample."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from workbench import __version__
from workbench.app.clock import SystemClock
from workbench.app.costs.answer_times import AnswerTimes
from workbench.app.costs.cost_estimate import CostEstimate, estimate, local_estimate
from workbench.app.costs.prices import Prices
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.replay.forked_run import ForkedRun
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.runs import Runs
from workbench.app.variants.variants import VariantStore
from workbench.checking.process import ProcessChecker
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import RunEvent
from workbench.core.exchange import WireRequest
from workbench.core.log import Listener
from workbench.core.sealed_thinking import SealedThinking
from workbench.core.variant import Variant, apply_variant
from workbench.core.variant_lines import ChangeLine, change_lines
from workbench.engine.ports import Clock, Exact, Provider
from workbench.engine.setup import RunSetup
from workbench.providers.catalog import make_provider
from workbench.providers.registry import thinking_of, wire_of_format
from workbench.providers.scripted import Script, ScriptedAdapter
from workbench.replay.decision_point import DecisionPoint, PutQuestion, decision_point, put
from workbench.replay.fork import ChosenAnswer, Fork, make_fork, wire_format_of
from workbench.replay.fork_point import ForkPoint, parse_point
from workbench.replay.fork_tools import ForkTools
from workbench.replay.playback import Playback
from workbench.replay.recording import Recording
from workbench.replay.rerun import Rerun, rerun
from workbench.replay.sampling import Sample, Sampler, trials_for
from workbench.replay.setup_offer import offer_of, with_offer
from workbench.replay.thinking import KeepThinking


class Changed(msgspec.Struct, frozen=True):
    """A recorded run's setup with a variant and a model: the setup, its changes, and the provider."""

    setup: RunSetup
    provider: Provider
    lines: tuple[ChangeLine, ...]
    renames: dict[str, str]


class SampleRequest(msgspec.Struct, frozen=True):
    """A decision point ready for sampling, with what that would cost."""

    point: DecisionPoint
    put: PutQuestion
    spec: str
    provider: Provider
    estimate: CostEstimate
    lines: tuple[ChangeLine, ...] = ()
    renames: dict[str, str] = {}
    trials: int = 1
    """How many samples make sense: only one for a model that always answers the same."""

    @property
    def is_exact(self) -> bool:
        """Whether the model always answers the same."""
        return isinstance(self.provider, Exact)

    def answer(self, sample: Sample) -> ChosenAnswer:
        """A sample as the answer that a fork continues from. Raises `UsageError` when it has none."""
        if sample.response is None:
            raise UsageError(f"sample {sample.number} returned no answer", hint="Choose another one.")
        return ChosenAnswer(self.put.sent(self.point), sample.response)


class Replays:
    """Replays the runs of a session. Release it with `close`."""

    def __init__(self, runs: Runs, providers: ProviderRegistry, prices: Prices, *, clock: Clock | None = None) -> None:
        self._runs = runs
        self._providers = providers
        self._prices = prices
        self._clock = clock or SystemClock()
        self._checker = ProcessChecker()
        self._encoders: list[Provider] = []
        self._times = AnswerTimes()
        self.variants = VariantStore(runs.project.folder)

    def events(self, run: str) -> tuple[RunEvent, ...]:
        """The events of the run with this ID, ID prefix, or `last`."""
        return tuple(self._runs.load(self._runs.find(run)))

    def recording(self, run: str) -> Recording:
        """The run, arranged for answering from it."""
        return Recording(self.events(run))

    def playable(self, run: str) -> tuple[Playback, str]:
        """The run for playback, and what cannot be played back, in words.

        For a damaged run, or one that a newer program recorded, it is the part before the first unreadable event.
        Raises `UsageError` when there is none.
        """
        events, trouble = self._readable(run)
        return Playback(events, self._clock), f"Only the readable part is shown: {trouble}." if trouble else ""

    def _readable(self, run: str) -> tuple[list[RunEvent], str]:
        events, trouble = self._runs.readable(self._runs.find(run))
        if not events:
            raise UsageError(f"this run cannot be played back: {trouble}", hint="Update the workbench.")
        return events, trouble

    async def rerun(self, run: str | Sequence[RunEvent]) -> Rerun:
        """Rerun the run over its own recording, and compare both; nothing is executed, sent, or stored.

        `run` is its ID, or its events if they were already read.
        """
        events = self.events(run) if isinstance(run, str) else tuple(run)
        project = self._runs.project
        return await rerun(
            events,
            encoder=self._encoder(Recording(events)),
            checker=self._checker,
            handling=project.handling,
            is_inside=project.is_inside,
        )

    def changed(
        self,
        recording: Recording,
        *,
        variant: Variant | str | None = None,
        model: str | None = None,
        base_url: str = "",
    ) -> Changed:
        """The setup of a recorded run with a variant, a model, or both; raises `UsageError` where they do not fit.

        `base_url` is the address of another server; only an address given here receives the vendor's key.
        """
        project, started = self._runs.project, recording.started
        setup = msgspec.structs.replace(
            RunSetup.from_started(started, project.policy, project.handling),
            max_output_tokens=started.max_output_tokens or project.file.request.max_output_tokens,
            program_version=__version__,
            variant=None,
        )
        before = after = offer_of(setup)
        requested = self.variants.load(variant) if isinstance(variant, str) else variant
        if requested is not None:
            after = apply_variant(requested, before)
        if model is not None:
            after = msgspec.structs.replace(after, model=model)
        if not after.model:
            raise UsageError("this run does not record its model's name", hint="Name one with --model SPEC.")
        target = self._providers.target(after.model, base_url=base_url)
        after = msgspec.structs.replace(after, model=target.spec)
        renames = requested.renames if requested is not None else {}
        return Changed(
            with_offer(setup, after, model=target.model, variant=requested.name if requested is not None else None),
            self._providers.provider(target),
            change_lines(before, after, renames=renames),
            renames,
        )

    def fork(
        self,
        recording: Recording,
        point: ForkPoint | str,
        *,
        variant: Variant | str | None = None,
        model: str | None = None,
        keep: KeepThinking | None = None,
        message: str | None = None,
        answer: ChosenAnswer | None = None,
        base_url: str = "",
    ) -> tuple[Fork, Changed]:
        """A fork ready to launch, and what it changes; nothing is sent yet."""
        at = parse_point(point, recording) if isinstance(point, str) else point
        changed = self.changed(recording, variant=variant, model=model, base_url=base_url)
        fork = make_fork(recording, at, changed.setup, to=_thinking(changed), keep=keep, message=message, answer=answer)
        return fork, changed

    def launch(
        self, fork: Fork, changed: Changed, *, tools: ForkTools = "ask", listener: Listener | None = None
    ) -> LiveRun:
        """Start a fork. Raises `UsageError` when its model needs a missing key."""
        self._check_key(changed.setup.spec)
        start = ForkedRun(fork, provider=changed.provider.name, tools=tools, renames=changed.renames)
        return self._runs.launch(start, changed.provider, listener=listener)

    def question(
        self,
        recording: Recording,
        point: ForkPoint | str,
        *,
        trials: int,
        concurrency: int = 4,
        variant: Variant | str | None = None,
        model: str | None = None,
        keep: KeepThinking | None = None,
        keep_messages: int | None = None,
        base_url: str = "",
    ) -> SampleRequest:
        """A decision point ready for sampling. Nothing is sent; `estimate` says what sampling would cost."""
        at = parse_point(point, recording) if isinstance(point, str) else point
        changed = self.changed(recording, variant=variant, model=model, base_url=base_url)
        decision = decision_point(recording, at)
        if keep_messages is not None:
            decision = decision.cut(keep_messages)
        question = put(decision, recording, changed.setup, changed.provider, to=_thinking(changed), keep=keep)
        trials = trials_for(changed.provider, trials)
        return SampleRequest(
            decision,
            question,
            changed.setup.spec,
            changed.provider,
            self._estimate(changed, recording, decision.point, question.wire, trials=trials, concurrency=concurrency),
            changed.lines,
            changed.renames,
            trials,
        )

    def sampler(self, question: SampleRequest, listener: Callable[[Sample], None] | None = None) -> Sampler:
        """The sampler. Raises `UsageError` when the model needs a missing key."""
        self._check_key(question.spec)

        def on_sample(sample: Sample) -> None:
            if sample.response is not None:
                self._times.record(question.spec, sample.latency_ms / 1000)
            if listener is not None:
                listener(sample)

        return Sampler(
            question.provider, question.put.wire, clock=self._clock, turns=self._runs.turns, listener=on_sample
        )

    async def close(self) -> None:
        """End what was started here."""
        await self._checker.close()
        await asyncio.gather(*(encoder.close() for encoder in self._encoders))

    def _estimate(
        self,
        changed: Changed,
        recording: Recording,
        point: ForkPoint,
        wire: WireRequest,
        *,
        trials: int,
        concurrency: int,
    ) -> CostEstimate:
        """Based on measurements made here, else in the recording if the model is the same."""
        setup, provider = changed.setup, changed.provider
        if isinstance(provider, Exact):
            return local_estimate(provider.effort(wire), trials=trials)
        seconds = self._times.mean(setup.spec)
        if seconds is None and setup.model == recording.started.model:
            took = [each.received.latency_ms for each in recording.attempts.values() if each.received is not None]
            seconds = sum(took) / len(took) / 1000 if took else None
        return estimate(
            wire,
            recording,
            point,
            trials=trials,
            concurrency=concurrency,
            seconds_each=seconds,
            price=self._prices.list.price_for(setup.spec, setup.model, provider.name),
        )

    def _check_key(self, spec: str) -> None:
        providers = self._providers
        providers.check_key(providers.target(spec))

    def _encoder(self, recording: Recording) -> Provider:
        """The provider that writes the run's requests: its own if it still exists, else one of the same format."""
        started = recording.started
        wires = [attempt.sent.wire_format for attempt in recording.attempts.values()]
        try:
            own = self._providers.provider(self._providers.target(started.spec))
            if not wires or wire_format_of(own, started.model) == wires[0]:
                return own
        except WorkbenchError:
            pass
        if not wires or wires[0] == "scripted":
            return ScriptedAdapter(Script(()))
        wire = wire_of_format(wires[0])
        if wire is None and wires[0] != "local":
            raise UsageError(
                f"this run was recorded over {wires[0]!r}, which this program does not support",
                hint="You can still play it back, compare it, and inspect it.",
            )
        self._encoders.append(make_provider(wire.id if wire is not None else wires[0]))
        return self._encoders[-1]


def _thinking(changed: Changed) -> SealedThinking:
    """What the target wire allows for thinking."""
    return thinking_of(wire_format_of(changed.provider, changed.setup.model))
