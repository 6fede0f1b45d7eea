"""Resampling: one request sent many times, and what was chosen each time. Nothing that is chosen is executed."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator

import msgspec

from workbench.core.choice import Choice, choice_of
from workbench.core.distribution import Distribution, distribution
from workbench.core.errors import FailureKind, ProviderFailure, UsageError, with_advice
from workbench.core.exchange import ModelResponse, Usage, WireRequest
from workbench.core.failure_advice import advice_for
from workbench.engine.ports import Clock, Exact, Provider
from workbench.engine.retry import TRANSIENT, wait_before_retry
from workbench.engine.turns import Turns

MOST_CONCURRENT = 64


class Sample(msgspec.Struct, frozen=True):
    """One time the request was sent: the response, or why there was none. `number` counts from 1."""

    number: int
    response: ModelResponse | None = None
    failure: str = ""
    failure_kind: FailureKind | None = None
    latency_ms: float = 0.0

    @property
    def choice(self) -> Choice | None:
        """What was chosen; None when nothing came."""
        return choice_of(self.response) if self.response is not None else None

    @property
    def is_final(self) -> bool:
        """Whether the failure would only repeat: no further sample makes sense."""
        return self.failure_kind is not None and self.failure_kind not in (*TRANSIENT, "cut_off", "malformed")


class Sampling(msgspec.Struct, frozen=True):
    """All samples of one point, in the order of their numbers; fewer than requested when it was stopped or failed.
    `is_exact`: the model always answers the same."""

    samples: tuple[Sample, ...]
    wanted: int
    took_s: float = 0.0
    is_exact: bool = False

    @property
    def distribution(self) -> Distribution:
        """How often each choice was made."""
        return distribution([sample.choice for sample in self.samples], is_exact=self.is_exact)

    @property
    def usage(self) -> Usage:
        """Tokens of all answers, where the provider counted them."""
        total = Usage()
        for sample in self.samples:
            if sample.response is not None and sample.response.usage is not None:
                total = total + sample.response.usage
        return total

    @property
    def failure(self) -> str:
        """The failure that ended it, or nothing."""
        return next((sample.failure for sample in self.samples if sample.is_final), "")


async def in_order(jobs: Iterable[Callable[[], Awaitable[object]]], at_once: int) -> None:
    """Do the jobs in their order, at most `at_once` at the same time. The first failure ends the others and is
    raised."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job()

    tasks = [asyncio.create_task(work(), name=f"job {number + 1}") for number in range(at_once)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def trials_for(provider: Provider, requested: int) -> int:
    """How many samples make sense: one of a model that always answers the same."""
    return min(1, requested) if isinstance(provider, Exact) else requested


class Sampler:
    """Sends one request many times. What has arrived is always in `samples`, even after a cancellation."""

    def __init__(
        self,
        provider: Provider,
        wire: WireRequest,
        *,
        clock: Clock,
        turns: Turns | None = None,
        jitter: Callable[[], float] = random.random,
        listener: Callable[[Sample], None] | None = None,
    ) -> None:
        """`listener` gets each sample as it arrives, in any order."""
        self._provider = provider
        self._wire = wire
        self._clock = clock
        self._turns = turns or Turns()
        self._jitter = jitter
        self._listener = listener
        self._begun = clock.now()
        self._wanted = 0
        self._is_over = False
        self.samples: dict[int, Sample] = {}

    async def draw(self, trials: int, *, concurrency: int = 4) -> Sampling:
        """`trials` samples, at most `concurrency` at the same time; one of a model that always answers the same.

        A failure that would only repeat ends it early. Cancelling ends it; `sampling` then holds what has arrived.
        Raises `UsageError` for numbers out of range.
        """
        if trials < 1 or not 1 <= concurrency <= MOST_CONCURRENT:
            raise UsageError(
                f"{trials} trials, {concurrency} at a time, are not possible",
                hint=f"At least one trial, and 1 to {MOST_CONCURRENT} at a time.",
            )
        trials = trials_for(self._provider, trials)
        self._begun, self._wanted = self._clock.now(), trials
        numbers = iter(range(1, trials + 1))
        async with asyncio.TaskGroup() as group:
            for worker in range(min(concurrency, trials)):
                group.create_task(self._work(numbers), name=f"sampling {worker + 1}")
        return self.sampling

    @property
    def sampling(self) -> Sampling:
        """What has arrived so far."""
        samples = tuple(sample for _, sample in sorted(self.samples.items()))
        took_s = self._clock.now() - self._begun
        return Sampling(samples, self._wanted, took_s, is_exact=isinstance(self._provider, Exact))

    async def _work(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            if self._is_over:
                return
            sample = await self._sample(number)
            self.samples[number] = sample
            self._is_over = self._is_over or sample.is_final
            if self._listener is not None:
                self._listener(sample)

    async def _sample(self, number: int) -> Sample:
        await self._turns.wait()
        begun = self._clock.now()
        attempt = 0
        while True:
            attempt += 1
            try:
                response = await self._answer()
            except ProviderFailure as failure:
                wait_s = wait_before_retry(failure, attempt=attempt, jitter=self._jitter())
                if wait_s is None:
                    said = with_advice(failure.message, failure.hint or advice_for(failure))
                    return Sample(number, None, said, failure.kind, (self._clock.now() - begun) * 1000)
                await self._clock.sleep(wait_s)
            else:
                return Sample(number, response, latency_ms=(self._clock.now() - begun) * 1000)

    async def _answer(self) -> ModelResponse:
        response: ModelResponse | None = None
        async for item in self._provider.stream(self._wire):
            if isinstance(item, ModelResponse):
                response = item
        if response is None:
            raise ProviderFailure("The answer was cut off: the stream ended without a response.", kind="cut_off")
        return response
