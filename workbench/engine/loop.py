"""One run: turns and rounds until there is a reason to stop.

Every step is chosen from the folded log alone. A run that was interrupted is therefore resumed by the same
code that started it: it looks at what is recorded and does what comes next.
"""

import asyncio
from typing import assert_never

import msgspec

from workbench.core.errors import ProviderFailure, WorkbenchError
from workbench.core.event import (
    EndedBy,
    LimitReached,
    RoundStarted,
    RunFinished,
    RunOutcome,
    ToolCallProposed,
    ToolsRouted,
    TurnStarted,
)
from workbench.core.ids import ROOT_SPAN, call_id_for, call_span, round_span, routing_span, turn_span
from workbench.core.limit import LimitName, Spent, exceeded
from workbench.core.message import UserMessage
from workbench.core.routing.routed import Routed
from workbench.core.run_totals import RunTotals
from workbench.core.trace import RoundSpan, TurnSpan
from workbench.engine.ask import Asker
from workbench.engine.dispatch import Dispatcher, RunStopped
from workbench.engine.ports import Provider, Router
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.engine.situation import situation_of


class _Ending(msgspec.Struct, frozen=True):
    outcome: RunOutcome
    ended_by: EndedBy
    message: str = ""
    hint: str = ""


_ANSWERED = _Ending("answered", "answer")
_BEGUN_TOGETHER = 16
"""How many calls of a round begin in one turn of the loop, so that a thousand do not hold up a window."""
_BUG = "This is a bug of the workbench. Send the message again, and report it with the log if it comes back."


class Loop:
    """Drives one run from its first message, or from where its log ends, to `run.finished`."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        *,
        provider: Provider,
        asker: Asker,
        dispatcher: Dispatcher,
        router: Router | None = None,
    ) -> None:
        """Without a `router` every tool is offered in every round."""
        self._setup = setup
        self._recorder = recorder
        self._provider = provider
        self._asker = asker
        self._dispatcher = dispatcher
        self._router = router

    async def run(self, prompts: tuple[UserMessage, ...] = ()) -> RunFinished:
        """Work until the run ends and return its last event.

        `prompts` are the user messages still to be sent. Cancelling the task is Stop: every open call is settled, the
        end is recorded, and the cancellation continues.
        """
        try:
            ending = await self._drive(prompts)
        except asyncio.CancelledError:
            self._settle_leftovers("The run was stopped.")
            self._finish(_Ending("cancelled", "stop", "Stopped."))
            raise
        except BaseExceptionGroup as group:
            ending = self._ending_of(group)
        except (RunStopped, WorkbenchError) as error:
            ending = _ending_after(error)
        except Exception as error:
            # A bug of ours: the log still gets its end, and the supervisor gets the exception.
            self._settle_leftovers("Workbench error.")
            self._finish(_Ending("failed", "error", f"Internal error: {type(error).__name__}", _BUG))
            raise
        self._settle_leftovers("The run ended.")
        return self._finish(ending)

    async def _drive(self, prompts: tuple[UserMessage, ...]) -> _Ending:
        trace = self._recorder.trace
        if trace.started is None:
            self._recorder.add(self._setup.start_event(self._recorder.stamp(ROOT_SPAN), self._provider.name))
        waiting = list(prompts)
        if trace.turns:
            ending = await self._work_through(trace.turns[-1])
            if ending.ended_by != "answer":
                return ending
        ending = _ANSWERED
        while waiting:
            number = len(trace.turns) + 1
            self._recorder.add(
                TurnStarted(**self._recorder.stamp(turn_span(number)), turn=number, message=waiting.pop(0))
            )
            ending = await self._work_through(trace.turns[-1])
            if ending.ended_by != "answer":
                break
        return ending

    async def _work_through(self, turn: TurnSpan) -> _Ending:
        while True:
            current = turn.rounds[-1] if turn.rounds else None
            if current is None or _is_done(current):
                if current is not None and (self._setup.by_hand or not _continues(current)):
                    return _ending_of_response(current)
                if (limit := exceeded(self._setup.limits, self._spent(turn))) is not None:
                    return self._limit_reached(limit)
                number = len(turn.rounds) + 1
                self._asker.resolved(number)  # a choice that cannot be sent is refused before anything happens
                self._recorder.add(
                    RoundStarted(
                        **self._recorder.stamp(round_span(turn.number, number)), turn=turn.number, round=number
                    )
                )
                continue
            if current.response is None:
                await self._route(turn, current)
                routed = turn.routed_at(current.number)
                await self._asker.hold(turn.number, current, routed)
                try:
                    async with asyncio.timeout(self._seconds_left()):
                        await self._asker.ask(turn.number, current, routed)
                except TimeoutError:
                    return self._limit_reached("seconds")
            self._propose(turn, current)
            if current.response is not None and current.response.response.may_run_calls:
                await self._dispatch_open_calls(current, turn.routed_at(current.number))
            else:
                self._refuse_unfinished(current)

    async def _route(self, turn: TurnSpan, current: RoundSpan) -> None:
        """Let the router choose the tools of this round, where it is to and has not yet."""
        plan, setup = self._setup.routing, self._setup
        if plan is None or self._router is None or setup.by_hand or not setup.toolset or current.requests:
            return
        known = turn.routed_at(current.number)
        if current.routed is not None or (known is not None and not plan.each_round):
            return
        chosen = setup.tool_choice.for_round(current.number).only
        situation = situation_of(self._recorder.trace, turn, setup.toolset, setup.history, chosen, setup.spec)
        routed = await self._router.route(plan, situation)
        span = routing_span(turn.number, current.number)
        self._recorder.add(
            ToolsRouted(**self._recorder.stamp(span), turn=turn.number, round=current.number, routed=routed)
        )

    def _propose(self, turn: TurnSpan, current: RoundSpan) -> None:
        assert current.response is not None
        for index, part in enumerate(current.response.response.calls):
            if index < len(current.calls):
                continue
            self._recorder.add(
                ToolCallProposed(
                    **self._recorder.stamp(call_span(turn.number, current.number, index)),
                    call_id=call_id_for(self._recorder.run_id, turn.number, current.number, index),
                    wire_call_id=part.wire_call_id,
                    index=index,
                    tool=part.tool,
                    arguments_json=part.arguments_json,
                )
            )

    async def _dispatch_open_calls(self, current: RoundSpan, routed: Routed | None) -> None:
        """Run all open calls of the round at the same time; each settles itself."""
        offered = self._asker.offered(current, routed)
        allowed = self._allowed_calls(current)
        seconds_left = self._seconds_left()
        if allowed and len(current.calls) == 1:  # the commonest round needs no task of its own
            await self._dispatcher.dispatch(current.calls[0].proposed, offered, seconds_left=seconds_left)
            return
        async with asyncio.TaskGroup() as group:
            for position, call in enumerate(current.calls):
                if position and position % _BEGUN_TOGETHER == 0:
                    await asyncio.sleep(0)
                if call.settled is not None:
                    continue
                if position >= allowed:
                    self._dispatcher.settle_as_cancelled(call.proposed, self._why_not_allowed(position))
                    continue
                group.create_task(
                    self._dispatcher.dispatch(call.proposed, offered, seconds_left=seconds_left),
                    name=f"call {call.call_id}",
                )

    def _allowed_calls(self, current: RoundSpan) -> int:
        """How many of this round's calls may run: the rest of the call limit, and one where only one was asked for."""
        before = sum(len(other.calls) for other in self._recorder.trace.rounds() if other is not current)
        allowed = max(0, self._setup.limits.calls - before)
        if not self._setup.parallel_calls and not self._provider.choice_support(self._setup.model).parallel_off:
            allowed = min(allowed, 1)
        return allowed

    def _why_not_allowed(self, position: int) -> str:
        if not self._setup.parallel_calls and position >= 1:
            return "One call at a time was asked for; propose this call again if it is still needed."
        return f"The limit of {self._setup.limits.calls} calls was reached."

    def _refuse_unfinished(self, current: RoundSpan) -> None:
        is_whole = current.response is not None and current.response.response.is_whole
        why = "The answer did not end as a success." if is_whole else "The answer was cut off before it was complete."
        for call in current.calls:
            self._dispatcher.settle_as_cancelled(call.proposed, why)

    def _settle_leftovers(self, reason: str) -> None:
        for call in self._recorder.trace.calls():
            self._dispatcher.settle_as_cancelled(call.proposed, reason)

    def _spent(self, turn: TurnSpan) -> Spent:
        trace = self._recorder.trace
        return Spent(
            rounds=len(turn.rounds),
            calls=sum(1 for _ in trace.calls()),
            seconds=self._seconds_spent(),
            tokens=trace.usage.total_tokens,
        )

    def _seconds_spent(self) -> float:
        started = self._recorder.trace.started
        if started is None:
            return 0.0
        return self._recorder.now() - started.at - self._recorder.trace.waiting_s - self._asker.held_s

    def _seconds_left(self) -> float:
        return max(0.001, self._setup.limits.seconds - self._seconds_spent())

    def _limit_reached(self, limit: LimitName) -> _Ending:
        value = float(getattr(self._setup.limits, limit))
        self._recorder.add(LimitReached(**self._recorder.stamp(ROOT_SPAN), limit=limit, value=value))
        return _Ending(
            "limit", "limit", f"The limit of {value:g} {limit} was reached.", f"Raise limits.{limit} to go on."
        )

    def _ending_of(self, group: BaseExceptionGroup[BaseException]) -> _Ending:
        """The ending for what came out of the parallel calls: as out of a single one, or a bug."""
        known, others = group.split((RunStopped, WorkbenchError))
        if others is not None or known is None:
            self._settle_leftovers("Workbench error.")
            self._finish(_Ending("failed", "error", "Internal error while running tools.", _BUG))
            raise group
        first: BaseException = known.subgroup(RunStopped) or known
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        assert isinstance(first, RunStopped | WorkbenchError)
        return _ending_after(first)

    def _finish(self, ending: _Ending) -> RunFinished:
        trace = self._recorder.trace
        if trace.finished is not None:
            return trace.finished
        rounds = list(trace.rounds())
        started_at = trace.started.at if trace.started else self._recorder.now()
        totals = RunTotals(
            turns=len(trace.turns),
            rounds=len(rounds),
            requests=sum(len(current.requests) for current in rounds),
            calls=sum(len(current.calls) for current in rounds),
            usage=trace.usage,
            duration_ms=(self._recorder.now() - started_at - trace.closed_s) * 1000,
            tool_ms=sum(current.tool_ms for current in rounds),
            saved_ms=sum(current.saved_ms for current in rounds),
            waiting_ms=(trace.waiting_s + self._asker.held_s) * 1000,
        )
        return self._recorder.add(
            RunFinished(
                **self._recorder.stamp(ROOT_SPAN),
                outcome=ending.outcome,
                ended_by=ending.ended_by,
                text=trace.answer,
                message=ending.message,
                hint=ending.hint,
                totals=totals,
            )
        )


def _is_done(current: RoundSpan) -> bool:
    response = current.response
    return (
        response is not None
        and len(current.calls) == len(response.response.calls)
        and all(call.settled is not None for call in current.calls)
    )


def _continues(current: RoundSpan) -> bool:
    """Whether another round follows: calls were made and the response was whole, or the vendor paused."""
    if current.response is None:
        return True
    response = current.response.response
    return response.may_run_calls and (bool(current.calls) or response.stop_reason == "paused")


def _ending_of_response(current: RoundSpan) -> _Ending:
    assert current.response is not None
    response = current.response.response
    match response.stop_reason:
        case "length":
            return _Ending(
                "failed",
                "provider",
                "The answer was cut off at the model's output limit.",
                "Raise request.max_output_tokens.",
            )
        case "filtered":
            return _Ending(
                "failed",
                "provider",
                "The answer was cut off by the provider's content filter.",
                "Change the message, or choose another model.",
            )
        case "other" if response.calls or not response.message.text:
            return _Ending(
                "failed",
                "provider",
                f"The answer ended with {response.raw_stop_reason!r}, which is not a success. Nothing in it was run.",
                "Send the message again.",
            )
        case "answered" | "tool_calls" | "refused" | "paused" | "other":
            return _ANSWERED
        case _:
            assert_never(response.stop_reason)


def _ending_after(error: RunStopped | WorkbenchError) -> _Ending:
    match error:
        case RunStopped():
            reason = f" Reason: {error.note}" if error.note else ""
            return _Ending("cancelled", "rejection", f"The run was stopped by a rejection.{reason}")
        case ProviderFailure():
            return _Ending("failed", "provider", error.message, error.hint)
        case WorkbenchError():
            return _Ending("failed", "error", error.message, error.hint)
