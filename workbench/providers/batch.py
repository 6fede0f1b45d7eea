"""Many requests at once, answered within a day, for half the price: what a vendor's batch API is asked."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest

if TYPE_CHECKING:
    from workbench.providers.batch_http import BatchHttp


class BatchRequest(msgspec.Struct, frozen=True):
    """One request. `request_id` is ours: at most 64 letters, digits, _ and -, and it says nothing about its content."""

    request_id: str
    wire: WireRequest


class BatchAnswer(msgspec.Struct, frozen=True):
    """The result of one request: the body of the answer, or why there is none."""

    request_id: str
    body: bytes = b""
    failure: ProviderFailure | None = None


class BatchState(msgspec.Struct, frozen=True):
    """How far a batch is, in the vendor's own word. `failure`: it was refused as a whole."""

    is_over: bool
    word: str
    failure: ProviderFailure | None = None


class BatchApi(Protocol):
    """A vendor's batch API. Everything raises `ProviderFailure`; one with a status below 500 means that nothing was
    begun.
    """

    most_requests: int
    most_bytes: int
    keeps_label: bool
    """Whether a batch can be found by its label."""

    def whole(self, wire: WireRequest) -> WireRequest:
        """The same request for an answer in one piece. Pure."""
        ...

    async def submit(self, label: str, requests: Sequence[BatchRequest]) -> str:
        """Begin a batch of requests to one model; the vendor's id of it. `label` is kept with it where that is
        possible."""
        ...

    async def candidates(self, label: str, since: float, count: int) -> tuple[str, ...]:
        """The ids of batches that may be the one of this label, of this many requests, begun after that time: for when
        the answer to `submit` was lost. Their answers show which one it is."""
        ...

    async def state(self, batch_id: str) -> BatchState:
        """How far it is."""
        ...

    def answers(self, batch_id: str) -> AsyncIterator[BatchAnswer]:
        """The result of the requests of a batch that is over, in any order."""
        ...


MakeBatches = Callable[["BatchHttp"], BatchApi]
