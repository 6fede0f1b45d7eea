"""Trials whose models are asked through batch APIs: each arm's provider, with its requests handed to the rounds."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.suites.arm import Arm
from workbench.app.suites.batch_rounds import BatchRounds, Told
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Clock, Provider
from workbench.engine.setup import RunSetup
from workbench.providers.adapter import WireAdapter
from workbench.providers.batch import BatchApi
from workbench.store.batch_journal import BatchJournal
from workbench.store.redaction import Redactor

PRICE_SHARE = Decimal("0.5")
"""What a request in a batch costs of what it costs by itself, with both vendors."""
AT_ONCE = 5_000
"""So many trials are under way together: a round of all of them is one batch."""
_PATIENCE_S = 60 * 24 * 3600.0
"""A round may take a day, and a computer may be off for a week."""


class Batching:
    """The batch side of one suite run."""

    def __init__(
        self,
        folder: Path,
        redactor: Redactor,
        arms: Sequence[Arm],
        providers: ProviderRegistry,
        clock: Clock,
        told: Told,
    ) -> None:
        """Raises `UsageError` for an arm whose model has no batch API."""
        self._models = {arm.setup.spec: providers.batching(providers.target(arm.setup.spec)) for arm in arms}
        apis = {spec: api for spec, (_, api) in self._models.items()}
        self._folder = folder
        self._rounds = BatchRounds(BatchJournal(folder, redactor), apis, clock, told)

    def begin(self) -> None:
        """Go on with batches that are under way."""
        self._rounds.begin()

    def trial(self) -> AbstractContextManager[None]:
        """A trial is under way."""
        return self._rounds.trial()

    def setup(self, setup: RunSetup) -> RunSetup:
        """The same, with time for batches."""
        return msgspec.structs.replace(setup, limits=msgspec.structs.replace(setup.limits, seconds=_PATIENCE_S))

    def provider(self, arm: Arm, case: str, number: int) -> Provider:
        """What a trial asks."""
        adapter, api = self._models[arm.setup.spec]
        return _Batched(adapter, api, self._rounds, arm.setup.spec, (case, arm.arm.key, number))

    async def close(self) -> None:
        """Stop looking at batches; the vendor's work goes on."""
        await self._rounds.close()


class _Batched:
    """See `engine.ports.Provider`."""

    def __init__(
        self, adapter: WireAdapter, api: BatchApi, rounds: BatchRounds, spec: str, trial: tuple[str, str, int]
    ) -> None:
        self._adapter = adapter
        self._api = api
        self._rounds = rounds
        self._spec = spec
        self._trial = trial

    @property
    def name(self) -> str:
        return self._adapter.name

    def choice_support(self, model: str) -> ChoiceSupport:
        return self._adapter.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        """For an answer in one piece, as a batch gives it."""
        return self._api.whole(self._adapter.encode(request))

    async def stream(self, wire: WireRequest) -> AsyncGenerator[StreamItem, None]:
        yield self._adapter.read(await self._rounds.ask(self._spec, self._trial, wire))

    async def close(self) -> None:
        """The rounds belong to all trials."""
