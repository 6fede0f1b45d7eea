"""Carries out calls that were cleared: claims each once, runs it within its limits, and settles it."""

import asyncio
from collections.abc import Callable
from typing import assert_never

import msgspec

from workbench.core.argument_glob import fit_wholly
from workbench.core.errors import ExecutorUnavailable, MalformedJson, StoreError, ToolError
from workbench.core.event import CallOutcome, ToolCallProposed, ToolStarted
from workbench.core.json_text import JsonValue, parse_strict
from workbench.core.problem import Problem
from workbench.core.server_question import Asked, Reply
from workbench.core.tool import Tool
from workbench.core.tool_progress import MOST_CHARS
from workbench.engine.call_recorder import CallRecorder
from workbench.engine.call_services import CallServices
from workbench.engine.decider import Cleared, Decider
from workbench.engine.pacer import Pacer
from workbench.engine.ports import Clock, ExecutionOrder, ExecutionResult, Executor
from workbench.engine.recorder import Recorder
from workbench.engine.results import (
    CallFailure,
    changes_remark,
    edit_remark,
    error_text,
    misfit_remark,
    misfit_result,
    result_text,
)
from workbench.engine.server_questions import ServerQuestions
from workbench.engine.setup import RunSetup
from workbench.engine.working_time import WorkingTime

_GRACE_S = 45.0
"""Executors enforce the limit themselves and know which part of the time is the call's own (importing a module is
not); ours is the safety net behind them."""
_FIRST_REPORTS, _REPORT_S, _REPORT_SHARE = 5, 0.5, 0.1
"""The first reports of a call are kept as they come; then one each half second, or each tenth of the time so far,
so that an hour leaves about a hundred."""


class _Broken(msgspec.Struct, frozen=True):
    """An attempt that gave no result."""

    failure: CallFailure
    output: str = ""


class _Reports:
    """Passes on a call's progress reports: short, and not too often."""

    def __init__(self, on_report: Callable[[str], None], clock: Clock) -> None:
        self._on_report = on_report
        self._clock = clock
        self._begun = clock.now()
        self._reported = 0
        self._next_at = 0.0

    def take(self, text: str) -> None:
        now = self._clock.now()
        if self._reported < _FIRST_REPORTS or now >= self._next_at:
            self._reported += 1
            self._next_at = now + max(_REPORT_S, (now - self._begun) * _REPORT_SHARE)
            self._on_report(text[:MOST_CHARS])


class Execution:
    """Runs at most `limits.concurrency` calls at the same time."""

    def __init__(
        self, setup: RunSetup, recorder: Recorder, call_recorder: CallRecorder, decider: Decider, services: CallServices
    ) -> None:
        self._setup = setup
        self._recorder = recorder
        self._call_recorder = call_recorder
        self._decider = decider
        self._gate = services.gate
        self._checker = services.checker
        self._clock = recorder.clock
        self._pacer = services.pacer or Pacer(recorder.clock)
        self._grants = services.grants
        self._questions = ServerQuestions(setup, recorder, services.approver, services.provider)
        self._slots = asyncio.Semaphore(max(1, setup.limits.concurrency))

    async def carry_out(self, call: ToolCallProposed, cleared: Cleared, seconds_left: float) -> bool:
        """Run and settle the call. False: nothing was done, because what would run is no longer what was decided
        about, and it must be decided again."""
        if not await self._in_time(call):
            return True
        async with self._slots:
            if not await self._decider.still_holds(call, cleared):
                return False
            if not await self._may_start(call, cleared):
                return True
            await self._keep_grant(call, cleared)
            started = self._call_recorder.record_start(call, cleared.executor.name, cleared.fit.text)
            limit = min(self._setup.limits.tool_seconds, max(0.001, seconds_left))
            identity = cleared.identity
            reports = _Reports(lambda text: self._call_recorder.record_report(call, text), self._clock)
            run_id, tool, arguments = self._recorder.run_id, identity.tool, identity.arguments
            order = ExecutionOrder(run_id, call.call_id, tool, arguments, limit, reports.take)
            await self._run(call, cleared, order, started)
        return True

    async def _in_time(self, call: ToolCallProposed) -> bool:
        """Wait until the tool may be called again. False: it was settled, because its limit says not to wait."""
        limit = self._setup.handling.rate_for(call.tool)
        if limit is None:
            return True
        often = f"at most {limit.per_minute} calls of {call.tool} a minute"
        wait_s = self._pacer.wait_s(call.tool, limit)
        if wait_s is None:
            self._call_recorder.fail(call, CallFailure("rate_limited", f"There may be {often}. This call did not run."))
            return False
        if wait_s > 0:
            self._call_recorder.record_note(call, f"Waiting {wait_s:.1f} s: {often}.")
            await self._clock.sleep(wait_s)
        return True

    async def _run(self, call: ToolCallProposed, cleared: Cleared, order: ExecutionOrder, started: ToolStarted) -> None:
        tool = order.tool
        attempts = 1
        while True:
            done = await self._attempt(call, cleared.executor, order)
            kind = done.failure.kind if isinstance(done, _Broken) else "error" if done.is_error else ""
            handler = self._setup.handling.on_error_of(tool.name, kind)
            if not kind or attempts > handler.retry or not handler.may_retry(tool):
                break
            self._call_recorder.record_note(
                call, f"Attempt {attempts} failed ({kind}); trying again in {handler.wait_s:g} s."
            )
            await self._clock.sleep(handler.wait_s)
            attempts += 1
        remark = _remark(cleared)
        if isinstance(done, _Broken):
            self._call_recorder.fail(
                call, done.failure, started=started, output=done.output, remark=remark, attempts=attempts
            )
        else:
            await self._settle_with(call, tool, done, started, remark, attempts)

    async def _attempt(
        self, call: ToolCallProposed, executor: Executor, order: ExecutionOrder
    ) -> "ExecutionResult | _Broken":
        try:
            async with asyncio.timeout(order.time_limit_s + _GRACE_S) as limit:
                working = WorkingTime(limit)

                async def ask(server: str, asked: Asked) -> Reply:
                    with working.stopped():
                        return await self._questions.put(call, server, asked)

                return await executor.execute(msgspec.structs.replace(order, ask=ask))
        except ToolError as error:
            return _Broken(CallFailure(error.kind, error.message, hint=error.hint), error.output)
        except ExecutorUnavailable as error:
            message = f"This tool cannot run at the moment: {error.message}"
            return _Broken(CallFailure("unavailable", message), str(error))
        except TimeoutError:
            message = f"No result after {order.time_limit_s:g} s. The call may have taken effect."
            return _Broken(CallFailure("timeout", message))

    async def _may_start(self, call: ToolCallProposed, cleared: Cleared) -> bool:
        """Claim the call. What cannot be recorded does not run."""
        settle = self._call_recorder.settle
        try:
            answer = await self._gate.claim(self._recorder.run_id, cleared.approval)
        except StoreError as error:
            text = error_text("not_recorded", f"This call could not be recorded, so it did not run: {error.message}")
            settle(call, "error", text, error_kind="not_recorded")
            return False
        match answer:
            case "claimed":
                return True
            case "again":
                text = error_text("already_started", "This call was started before; it is not run a second time.")
                settle(call, "unknown", text, error_kind="already_started")
            case "expired":
                text = error_text("expired", "The decision came too late. This call did not run.")
                settle(call, "expired", text, error_kind="expired")
            case "refused":
                text = error_text("not_approved", "The decision about this call does not count. It did not run.")
                settle(call, "rejected", text, error_kind="not_approved")
            case _:
                assert_never(answer)
        return False

    async def _keep_grant(self, call: ToolCallProposed, cleared: Cleared) -> None:
        request = cleared.request
        if request is None or request.scope == "once":
            return
        text = "The permission could not be saved: this run saves no permissions."
        if request.binds == "patterns" and not fit_wholly(request.patterns, cleared.identity.arguments):
            text = "The permission was not saved: its patterns do not match the approved call."
        elif self._grants is not None:
            try:
                grant = await self._grants.add(request, cleared.identity, call_id=call.call_id, by=cleared.approval.by)
            except StoreError as error:
                text = f"The permission could not be saved: {error.message}"
            else:
                text = f"Granted: {grant}. It ends with any change of the tool, and when it is revoked."
        self._call_recorder.record_note(call, text)

    async def _settle_with(
        self,
        call: ToolCallProposed,
        tool: Tool,
        result: ExecutionResult,
        started: ToolStarted,
        remark: str,
        attempts: int,
    ) -> None:
        text = result_text(result.value)
        problems = () if result.is_error else await self._misfits(tool, result.value)
        if problems and self._setup.handling.strict_results:
            self._call_recorder.fail(
                call,
                misfit_result(problems),
                started=started,
                output=result.output,
                remark=remark,
                whole=text,
                result_problems=problems,
                attempts=attempts,
            )
            return
        outcome: CallOutcome = "mocked" if result.is_mocked else "error" if result.is_error else "ok"
        handler = self._setup.handling.on_error_of(tool.name, "error")
        remarks = [remark, misfit_remark(problems) if problems else "", handler.advice if result.is_error else ""]
        reply = handler.reply if result.is_error else None
        self._call_recorder.settle(
            call,
            outcome,
            text if reply is None else reply,
            is_error=result.is_error,
            error_kind="error" if result.is_error else "",
            started=started,
            output=result.output,
            remark=" ".join(text for text in remarks if text),
            whole=text,
            result_problems=problems,
            attempts=attempts,
            attachments=result.attachments if reply is None else (),
        )

    async def _misfits(self, tool: Tool, value: JsonValue) -> tuple[Problem, ...]:
        """Where the result does not fit what the tool promises; text may hold JSON."""
        if tool.output_schema is None:
            return ()
        if isinstance(value, str):
            try:
                parsed = parse_strict(value)
            except MalformedJson:
                parsed = value
            if not await self._checker.check(tool.output_schema, parsed):
                return ()
        return await self._checker.check(tool.output_schema, value)


def _remark(cleared: Cleared) -> str:
    """What the model reads about arguments that are not the ones it gave."""
    arguments = cleared.identity.arguments
    match cleared.edit:
        case "note":
            return edit_remark(arguments)
        case "edited":
            return ""
        case None:
            return changes_remark(cleared.fit.changes, arguments)
        case _:
            assert_never(cleared.edit)
