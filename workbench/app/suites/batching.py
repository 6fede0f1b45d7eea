"""Trials whose models are asked through batch APIs: each arm's provider, with its requests handed to the rounds."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.suites.arm import Arm
from workbench.app.suites.batch_rounds import BatchRounds, Told
from workbench.app.suites.trial_asking import Asks
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.suite.case import Case
from workbench.core.suite.trial import Trial
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Clock, Provider
from workbench.engine.setup import RunSetup
from workbench.providers.adapter import WireAdapter
from workbench.providers.batch import BatchApi
from workbench.store.batch_journal import BatchJournal
from workbench.store.redaction import Redactor

AT_ONCE = 5_000
"""How many trials run together: a round of all of them is one batch."""
_PATIENCE_S = 60 * 24 * 3600.0
"""A round may take a day, and a computer may be off for a week."""


class Batching:
    """See `trial_asking.Asks`: the batch side of one suite run. `here` makes the trials, with answers of batches."""

    at_once: int | None = AT_ONCE

    def __init__(
        self,
        here: Asks,
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
        self._here = here
        self._rounds = BatchRounds(BatchJournal(folder, redactor), apis, clock, told)

    def begin(self) -> None:
        """Go on with batches that are under way."""
        self._rounds.begin()

    async def ask(self, arm: Arm, case: Case, number: int) -> Trial:
        """See `Asks`."""
        with self._rounds.trial():
            batched = msgspec.structs.replace(
                arm, setup=_patient(arm.setup), provider=self._provider(arm, case.key, number)
            )
            return await self._here.ask(batched, case, number)

    def _provider(self, arm: Arm, case: str, number: int) -> Provider:
        """What a trial asks."""
        adapter, api = self._models[arm.setup.spec]
        return _Batched(adapter, api, self._rounds, arm.setup.spec, (case, arm.arm.key, number))

    async def close(self) -> None:
        """Stop looking at batches; the vendor's work goes on."""
        await self._rounds.close()


def _patient(setup: RunSetup) -> RunSetup:
    """The same, with time for batches."""
    return msgspec.structs.replace(setup, limits=msgspec.structs.replace(setup.limits, seconds=_PATIENCE_S))


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
