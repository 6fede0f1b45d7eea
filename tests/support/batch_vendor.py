"""A vendor's batch API that lives in this process, and can be made to die, or to lose an answer, at any step."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.providers.batch import BatchAnswer, BatchRequest, BatchState


@dataclass
class StoredBatch:
    """One batch, as the vendor has it."""

    label: str
    requests: tuple[BatchRequest, ...]
    looks_left: int = 1
    """How often it is still in progress when somebody looks."""


@dataclass
class BatchVendor:
    """See `providers.batch.BatchApi`. `step` is called before and after each effect; what it raises is what happens."""

    answer: Callable[[BatchRequest], BatchAnswer]
    step: Callable[[str], None] = lambda what: None
    keeps_label: bool = True
    most_requests: int = 50_000
    most_bytes: int = 200_000_000
    batches: dict[str, StoredBatch] = field(default_factory=dict)
    refusal: ProviderFailure | None = None
    """Why the next batch is not taken."""

    @property
    def received(self) -> list[str]:
        """The ids of all requests that ever came."""
        return [one.request_id for batch in self.batches.values() for one in batch.requests]

    def whole(self, wire: WireRequest) -> WireRequest:
        return wire

    async def submit(self, label: str, requests: Sequence[BatchRequest]) -> str:
        self.step("before submit")
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        batch_id = f"batch-{len(self.batches) + 1}"
        self.batches[batch_id] = StoredBatch(label, tuple(requests))
        self.step("after submit")
        return batch_id

    async def candidates(self, label: str, since: float, count: int) -> tuple[str, ...]:
        self.step("list")
        if self.keeps_label:
            return tuple(key for key, batch in self.batches.items() if batch.label == label)
        return tuple(key for key, batch in self.batches.items() if len(batch.requests) == count)

    async def state(self, batch_id: str) -> BatchState:
        self.step("look")
        batch = self.batches[batch_id]
        batch.looks_left -= 1
        return BatchState(batch.looks_left < 0, "in_progress" if batch.looks_left >= 0 else "completed")

    async def answers(self, batch_id: str) -> AsyncIterator[BatchAnswer]:
        for request in reversed(self.batches[batch_id].requests):
            self.step("read")
            yield self.answer(request)
