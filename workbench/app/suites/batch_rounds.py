"""Sends the requests of all waiting trials to the model's batch API, one batch per round, and returns the answers."""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Literal, NamedTuple, TypeVar

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.core.json_text import digest
from workbench.engine.ports import Clock
from workbench.engine.retry import TRANSIENT
from workbench.providers.batch import BatchAnswer, BatchApi, BatchRequest
from workbench.store.batch_journal import Answered, BatchJournal, Ended, Planned, Sent

POLL_S = 30.0
"""The time between two checks of a batch, plus or minus half of it at random."""
QUIET_S = 0.2
"""A round is complete when every trial has waited this long."""
_SEARCHES = 3
"""How often to search for a batch whose ID was lost: a new one may not be listed at once."""
_KEPT_AT_ONCE = 500
"""How many answers are written to disk together."""
_ID_CHARS = 48
_FRAME_BYTES = 200
"""The most that can surround the body of a request."""
_PASSING = (*TRANSIENT, "cut_off")

R = TypeVar("R")
Told = Callable[[str], object]


class BatchRounds:
    """The batches of one suite run. Start with `begin`, end with `close`; the vendor continues without us."""

    def __init__(
        self, journal: BatchJournal, apis: Mapping[str, BatchApi], clock: Clock, told: Told = lambda words: None
    ) -> None:
        """`apis` by SPEC. `told` is called with the batches' progress."""
        self._journal = journal
        self._apis = apis
        self._clock = clock
        self._told = told
        self._trials = self._merging = 0
        self._is_over = False
        self._asked: dict[str, _Asked] = {}
        """The requests that trials wait for."""
        self._waiting: dict[str, None] = {}
        """Those that are in no batch yet, in order."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._round: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Continue the batches that an earlier program left under way."""
        for planned in tuple(self._journal.open.values()):
            self._start(planned, self._follow(planned))

    @contextmanager
    def trial(self) -> Iterator[None]:
        """A trial has started: the round is not complete before it waits or ends."""
        self._trials += 1
        try:
            yield
        finally:
            self._trials -= 1
            self._look()

    async def ask(self, spec: str, trial: Sequence[object], wire: WireRequest) -> bytes:
        """The body of the answer to a request of a trial; an earlier answer is returned again.

        Raises `ProviderFailure` when it failed; a repeated request goes into another batch.
        """
        request_id = self._next_id(trial, wire)
        found = self._journal.answer(request_id)
        if found is None:
            future = asyncio.get_running_loop().create_future()
            self._asked[request_id] = _Asked(spec, BatchRequest(request_id, wire), future)
            if not self._journal.is_pending(request_id):
                self._waiting[request_id] = None
            self._look()
            found = await future
        if found.failure:
            raise ProviderFailure(found.failure, kind=found.failure_kind)
        return found.body.encode()

    async def close(self) -> None:
        """Stop checking batches, and start no more."""
        self._is_over = True
        tasks = [*self._tasks, *([self._round] if self._round is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _next_id(self, trial: Sequence[object], wire: WireRequest) -> str:
        """The ID of this request, the first time or after its last failure."""
        ids = (digest([*trial, wire.path, wire.body_json, attempt])[:_ID_CHARS] for attempt in count())
        return next(each for each in ids if not self._journal.has_failed(each))

    # rounds

    def _look(self) -> None:
        """Start waiting for the end of the round again, since something has changed."""
        if self._round is not None:
            self._round.cancel()
        if self._is_over:
            return
        self._round = asyncio.get_running_loop().create_task(self._end_of_round(), name="round of a batch")
        self._round.add_done_callback(lambda task: self._fail_with(task, tuple(self._asked)))

    async def _end_of_round(self) -> None:
        await self._clock.sleep(QUIET_S)
        if self._merging or len(self._asked) < self._trials:
            return
        waiting, self._waiting = self._waiting, {}
        by_spec: dict[str, list[BatchRequest]] = {}
        for asked in (self._asked[each] for each in waiting if each in self._asked):
            by_spec.setdefault(asked.spec, []).append(asked.request)
        for spec, requests in by_spec.items():
            for chunk in _chunks(requests, self._apis[spec]):
                planned = _plan(spec, chunk, self._clock.now())
                self._journal.add(planned)
                self._start(planned, self._hand_over(planned, chunk))

    async def _hand_over(self, planned: Planned, requests: Sequence[BatchRequest]) -> None:
        while True:
            try:
                batch_id = await self._apis[planned.spec].submit(planned.label, requests)
            except ProviderFailure as failure:
                if failure.kind == "rate_limit":  # too much is under way; this one was not taken
                    await self._pause(failure)
                    continue
                if failure.status is not None and 400 <= failure.status < 500:
                    self._end(planned, "refused", failure)
                    return
                await self._pause(failure)  # it may have arrived anyway
            else:
                self._journal.add(Sent(planned.label, batch_id))
            break
        await self._follow(planned)

    # batches

    def _start(self, planned: Planned, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"batch {planned.label}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda task: self._fail_with(task, planned.requests))

    def _fail_with(self, task: "asyncio.Task[None]", requests: Iterable[str]) -> None:
        """A failure here fails the trials that wait for it; a batch stays under way for the next program."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            for request_id in requests:
                asked = self._asked.pop(request_id, None)
                if asked is not None and not asked.answer.done():
                    asked.answer.set_exception(error)

    async def _follow(self, planned: Planned) -> None:
        """Wait for a batch and hand out its answers; requests that the vendor never got go into another one."""
        batch_id = self._journal.batch_ids.get(planned.label) or await self._found(planned)
        if not batch_id:
            self._journal.add(Ended(planned.label, "lost"))
            self._waiting.update(dict.fromkeys(each for each in planned.requests if each in self._asked))
            self._look()
            return
        refused = await self._over(planned, batch_id)
        if refused is not None:
            self._end(planned, "refused", refused)
            return
        self._merging += 1
        try:
            while not await self._merge(planned, batch_id):
                await self._pause()
        finally:
            self._merging -= 1
        left = ProviderFailure("The provider's batch has no answer to this request.", kind="server")
        self._end(planned, "merged", left)
        self._look()

    async def _found(self, planned: Planned) -> str:
        """The id of a batch whose id was lost; empty when the vendor never got it."""
        api = self._apis[planned.spec]
        for search in range(_SEARCHES):
            if search:
                await self._pause()
            ids = await self._patiently(lambda: api.candidates(planned.label, planned.at, len(planned.requests)))
            for batch_id in ids:
                if batch_id not in self._journal.batch_ids.values() and await self._is_it(planned, batch_id):
                    self._journal.add(Sent(planned.label, batch_id))
                    return batch_id
        return ""

    async def _is_it(self, planned: Planned, batch_id: str) -> bool:
        """Whether these are our requests. A vendor that keeps our label has already confirmed it."""
        api = self._apis[planned.spec]
        if api.keeps_label:
            return True
        await self._over(planned, batch_id)

        async def first() -> BatchAnswer | None:
            async for answer in api.answers(batch_id):
                return answer
            return None

        answer = await self._patiently(first)
        return answer is not None and answer.request_id in planned.requests

    async def _over(self, planned: Planned, batch_id: str) -> ProviderFailure | None:
        """Wait until a batch is over; return why it was refused as a whole, if it was."""
        said = ""
        while True:
            state = await self._patiently(lambda: self._apis[planned.spec].state(batch_id))
            if state.word != said:
                said = state.word
                self._told(f"batch {batch_id}: {len(planned.requests)} requests, {said}")
            if state.is_over:
                return state.failure
            await self._pause()

    async def _merge(self, planned: Planned, batch_id: str) -> bool:
        """Read the missing answers; False when reading was interrupted."""
        wanted = {each for each in planned.requests if not self._journal.is_answered(each)}
        new: list[Answered] = []
        is_whole = True
        try:
            async for answer in self._apis[planned.spec].answers(batch_id):
                if answer.request_id in wanted:
                    wanted.discard(answer.request_id)
                    new.append(_kept(answer))
                if len(new) >= _KEPT_AT_ONCE:
                    self._keep(new)
                    new = []
        except ProviderFailure as failure:
            if failure.kind not in _PASSING:
                raise
            is_whole = not wanted
        self._keep(new)
        return is_whole

    def _end(self, planned: Planned, how: Literal["merged", "refused"], failure: ProviderFailure) -> None:
        """A batch is over: unanswered requests have failed."""
        left = [each for each in planned.requests if not self._journal.is_answered(each)]
        self._keep([Answered(each, failure=failure.message, failure_kind=failure.kind) for each in left])
        self._journal.add(Ended(planned.label, how))

    def _keep(self, answers: Sequence[Answered]) -> None:
        """Answers are on disk before a trial gets them."""
        if answers:
            self._journal.add(*answers)
        for answer in answers:
            asked = self._asked.pop(answer.request, None)
            if asked is not None and not asked.answer.done():
                asked.answer.set_result(answer)

    async def _patiently(self, act: Callable[[], Awaitable[R]]) -> R:
        """Retry while the vendor cannot be reached: the batch continues meanwhile."""
        while True:
            try:
                return await act()
            except ProviderFailure as failure:
                if failure.kind not in _PASSING:
                    raise
                await self._pause(failure)

    async def _pause(self, failure: ProviderFailure | None = None) -> None:
        if failure is not None:
            self._told(f"{failure.message} Trying again.")
        await self._clock.sleep(POLL_S * random.uniform(0.5, 1.5))


class _Asked(NamedTuple):
    spec: str
    request: BatchRequest
    answer: "asyncio.Future[Answered]"


def _plan(spec: str, requests: Sequence[BatchRequest], now: float) -> Planned:
    return Planned(f"workbench-{uuid.uuid4().hex}", spec, now, tuple(one.request_id for one in requests))


def _chunks(requests: Iterable[BatchRequest], api: BatchApi) -> Iterator[list[BatchRequest]]:
    """As many at a time as the vendor takes."""
    chunk: list[BatchRequest] = []
    size = 0
    for one in requests:
        own = len(one.wire.body_json.encode()) + _FRAME_BYTES
        if chunk and (len(chunk) == api.most_requests or size + own > api.most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += own
    if chunk:
        yield chunk


def _kept(answer: BatchAnswer) -> Answered:
    if answer.failure is not None:
        return Answered(answer.request_id, failure=answer.failure.message, failure_kind=answer.failure.kind)
    return Answered(answer.request_id, answer.body.decode(errors="replace"))
