"""Ask the model once: resolve the tool choice, send, stream, and try again where that makes sense."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import aclosing

from workbench.core.errors import ProviderFailure, UsageError
from workbench.core.event import NoteAdded, RequestFailed, ResponseReceived
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.failure_advice import advice_for
from workbench.core.ids import SpanPath, request_span
from workbench.core.routing.applied import resolve_routed, with_loaded
from workbench.core.routing.routed import Routed
from workbench.core.shared_bodies import SharedBodies
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ResolvedChoice, check_choice
from workbench.core.trace import RoundSpan
from workbench.engine.ports import Clock, Pauser, Provider
from workbench.engine.recorder import FRAME_S, Recorder
from workbench.engine.retry import wait_before_retry
from workbench.engine.setup import RunSetup, sent_event

_YIELD_EVERY_S = 0.002
"""A fast stream must not starve the window that shares the event loop."""


class Asker:
    """Gets the response of a round from the provider."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        *,
        provider: Provider,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        pauser: Pauser | None = None,
        bodies: SharedBodies | None = None,
    ) -> None:
        """`bodies` are those that were sent before, in other runs as well."""
        self._setup = setup
        self._recorder = recorder
        self._provider = provider
        self._clock = clock
        self._jitter = jitter
        self._pauser = pauser
        self._bodies = bodies or SharedBodies()
        self._is_flush_due = False
        self.held_s = 0.0
        """Seconds in which requests were held back for a person to look at."""

    def resolved(self, round_number: int, routed: Routed | None = None) -> ResolvedChoice:
        """What will be sent for the requested tool choice; raises `UsageError` where that is not possible."""
        choice = self._setup.tool_choice.for_round(round_number)
        check_choice(choice, self._setup.toolset)
        support = self._provider.choice_support(self._setup.model)
        resolved = resolve_routed(choice, self._setup.toolset, routed, support, self._setup.routing)
        if resolved.emulation and not self._setup.may_emulate:
            raise UsageError(
                f"the tool choice {choice} is refused: {support.why}", hint="Allow emulation, or use auto."
            )
        return resolved

    async def hold(self, turn: int, round_span: RoundSpan, routed: Routed | None = None) -> None:
        """Let the person who steps through the run look at the next request of this round before it is sent."""
        if self._pauser is None:
            return
        wire = self._provider.encode(self._request(self.resolved(round_span.number, routed), routed))
        span = request_span(turn, round_span.number, len(round_span.requests) + 1)
        begun = self._recorder.now()
        try:
            await self._pauser.before_request(self._recorder.run_id, span, wire)
        finally:
            self.held_s += self._recorder.now() - begun

    async def ask(self, turn: int, round_span: RoundSpan, routed: Routed | None = None) -> ModelResponse:
        """The response of this round, whose tools `routed` chose, if anything did.

        Raises the last `ProviderFailure` when no attempt succeeded.
        """
        resolved = self.resolved(round_span.number, routed)
        request = self._request(resolved, routed)
        wire = self._provider.encode(request)
        attempt = len(round_span.requests)
        first = attempt + 1
        while True:
            attempt += 1
            span = request_span(turn, round_span.number, attempt)
            stamp = self._recorder.stamp(span)
            self._recorder.add(sent_event(stamp, attempt, request, wire, resolved, self._bodies))
            begun = time.perf_counter()
            try:
                return await self._stream(wire, span, attempt)
            except ProviderFailure as failure:
                wait_s = wait_before_retry(failure, attempt=attempt - first + 1, jitter=self._jitter())
                failure.hint = failure.hint or advice_for(failure)
                self._record_failed(span, attempt, failure, wait_s, (time.perf_counter() - begun) * 1000)
                if wait_s is None:
                    raise
                await self._clock.sleep(wait_s)

    def offered(self, round_span: RoundSpan, routed: Routed | None = None) -> Toolset:
        """The tools that were offered when this round was asked."""
        names: Collection[str] = round_span.requests[-1].sent.offered if round_span.requests else ()
        if routed is not None and self._setup.routing is not None and self._setup.routing.narrow == "allowed-tools":
            names = set(names) & set(routed.offered)
        return Toolset([tool for tool in with_loaded(self._setup.toolset, routed) if tool.name in names])

    def _request(self, resolved: ResolvedChoice, routed: Routed | None) -> ModelRequest:
        return self._setup.request(self._recorder.messages, resolved, routed, self._setup.settings)

    async def _stream(self, wire: WireRequest, span: SpanPath, attempt: int) -> ModelResponse:
        begun = yielded = time.perf_counter()
        first_delta_ms: float | None = None
        stream = self._provider.stream(wire)
        async with aclosing(stream if isinstance(stream, AsyncGenerator) else _as_generator(stream)) as items:
            async for item in items:
                now = time.perf_counter()
                if isinstance(item, ModelResponse):
                    self._recorder.add(
                        ResponseReceived(
                            **self._recorder.stamp(span),
                            attempt=attempt,
                            response=item,
                            latency_ms=(now - begun) * 1000,
                            first_delta_ms=first_delta_ms,
                        )
                    )
                    for remark in item.remarks:
                        self._recorder.add(NoteAdded(**self._recorder.stamp(span), text=remark, by="workbench"))
                    return item
                if first_delta_ms is None:
                    first_delta_ms = (now - begun) * 1000
                self._recorder.add_delta(span, item)
                if self._recorder.has_waiting and not self._is_flush_due:
                    self._is_flush_due = True
                    asyncio.get_running_loop().call_later(FRAME_S, self._flush)
                if now - yielded > _YIELD_EVERY_S:
                    await asyncio.sleep(0)
                    yielded = time.perf_counter()
        raise ProviderFailure("The answer was cut off: the stream ended without a response.", kind="cut_off")

    def _flush(self) -> None:
        self._is_flush_due = False
        self._recorder.flush()

    def _record_failed(
        self, span: SpanPath, attempt: int, failure: ProviderFailure, wait_s: float | None, latency_ms: float
    ) -> None:
        self._recorder.add(
            RequestFailed(
                **self._recorder.stamp(span),
                attempt=attempt,
                failure=failure.kind,
                message=failure.message,
                status=failure.status,
                code=failure.code,
                hint=failure.hint,
                partial_text=failure.partial_text,
                retry_in_s=wait_s,
                latency_ms=latency_ms,
                retry_after_s=failure.retry_after_s,
            )
        )


async def _as_generator(items: AsyncIterator[StreamItem]) -> AsyncGenerator[StreamItem, None]:
    """An iterator that can be closed for certain, whatever kind the adapter returned."""
    try:
        async for item in items:
            yield item
    finally:
        close = getattr(items, "aclose", None)
        if close is not None:
            await close()
