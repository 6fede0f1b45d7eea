"""One call: check → decide → execute → settle. Whatever happens, it is settled exactly once."""

import asyncio

import msgspec

from workbench.core.approval import Decision, Question, Rule, Wanted, shown_hash
from workbench.core.errors import ExecutorUnavailable, MalformedJson, StoreError, ToolError
from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    CallOutcome,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolStarted,
)
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.core.problem import Problem
from workbench.core.tool import Tool, Toolset
from workbench.engine.ports import Approver, Checker, ExecutionOrder, ExecutionResult, Executor, Executors, Gate
from workbench.engine.recorder import Recorder
from workbench.engine.results import (
    clip_result,
    error_text,
    invalid_arguments_text,
    malformed_json_text,
    rejected_text,
    result_text,
    unknown_tool_text,
)
from workbench.engine.setup import RunSetup


class RunStopped(Exception):
    """A decision ended the whole run; `note` is the person's reason."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class _Cleared(msgspec.Struct, frozen=True):
    """A call that may run: these arguments, this executor, and the hash of what was shown."""

    arguments: JsonObject
    arguments_json: str
    executor: Executor
    shown_hash: str


class Dispatcher:
    """Takes the proposed calls of a round from check to result."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        *,
        executors: Executors,
        approver: Approver,
        gate: Gate,
        checker: Checker,
    ) -> None:
        self._setup = setup
        self._recorder = recorder
        self._executors = executors
        self._approver = approver
        self._gate = gate
        self._checker = checker
        self._slots = asyncio.Semaphore(max(1, setup.limits.concurrency))

    async def dispatch(self, call: ToolCallProposed, offered: Toolset, *, seconds_left: float) -> None:
        """Settle `call`. Raises `RunStopped` when the person ends the run, after settling."""
        try:
            await self._take_through(call, offered, seconds_left)
        except asyncio.CancelledError:
            self.settle_as_cancelled(call)
            raise

    def settle_as_cancelled(self, call: ToolCallProposed, reason: str = "The run was stopped.") -> None:
        """Close a call that will not be continued: `unknown` once it has started, `cancelled` before."""
        span = self._recorder.trace.call(call.call_id)
        if span is None or span.settled is not None:
            return
        if span.started is not None:
            self._settle(
                call,
                "unknown",
                error_text("interrupted", f"{reason} This call had started; whether it took effect is unknown."),
                error_kind="interrupted",
            )
        else:
            self._settle(call, "cancelled", error_text("cancelled", f"{reason} This call did not run."))

    async def _take_through(self, call: ToolCallProposed, offered: Toolset, seconds_left: float) -> None:
        tool = offered.named(call.tool)
        if tool is None:
            self._checked(call, is_known=False)
            self._settle(call, "invalid", unknown_tool_text(call.tool, offered.names), error_kind="unknown_tool")
            return
        arguments = await self._checked_arguments(call, tool)
        if arguments is None:
            return
        cleared = await self._decided(call, tool, arguments)
        if cleared is not None:
            await self._execute(call, tool, cleared, seconds_left)

    async def _checked_arguments(self, call: ToolCallProposed, tool: Tool) -> JsonObject | None:
        try:
            arguments = parse_arguments(call.arguments_json)
        except MalformedJson as error:
            self._checked(call, problems=(Problem("", str(error), "json"),))
            self._settle(call, "invalid", malformed_json_text(str(error)), error_kind="malformed_json")
            return None
        problems = await self._checker.check(tool.input_schema, arguments)
        self._checked(call, problems=problems)
        if problems:
            self._settle(call, "invalid", invalid_arguments_text(problems), error_kind="invalid_arguments")
            return None
        return arguments

    async def _decided(self, call: ToolCallProposed, tool: Tool, arguments: JsonObject) -> _Cleared | None:
        """What may run, or None when the decision settled the call."""
        rule = self._setup.policy.rule_for(tool, arguments)
        executor = self._executors.executor_for(tool)
        if rule.action == "deny":
            self._given(call, Decision("reject", by="policy"), rule)
            self._settle(call, "rejected", rejected_text(f"the rule “{rule}” forbids it."), error_kind="rejected")
            return None
        if rule.action == "allow" and executor is not None:
            text = call.arguments_json
            mark = shown_hash(call.call_id, tool, executor.name, text)
            self._given(call, Decision("approve", by="policy"), rule, mark)
            return _Cleared(arguments, text, executor, mark)
        return await self._asked(call, tool, arguments, rule, executor)

    async def _asked(
        self, call: ToolCallProposed, tool: Tool, arguments: JsonObject, rule: Rule, executor: Executor | None
    ) -> _Cleared | None:
        text = call.arguments_json
        problems: tuple[Problem, ...] = ()
        wants: Wanted = "decision" if executor is not None else "result"
        while True:
            mark = shown_hash(call.call_id, tool, executor.name if executor else "", text)
            self._recorder.add(
                ApprovalAsked(
                    **self._recorder.stamp(call.span),
                    call_id=call.call_id,
                    rule=str(rule),
                    wants=wants,
                    shown_hash=mark,
                )
            )
            decision = await self._approver.decide(Question(call.call_id, tool, text, str(rule), wants, mark, problems))
            self._given(call, decision, rule, mark)
            match decision.kind:
                case "approve" if executor is not None:
                    return _Cleared(arguments, text, executor, mark)
                case "edit" if executor is not None:
                    text = decision.arguments_json if decision.arguments_json is not None else text
                    edited = await self._checked_edit(text, tool)
                    if not isinstance(edited, tuple):
                        # The hash that runs is the hash of the edited text the person has just confirmed.
                        return _Cleared(edited, text, executor, shown_hash(call.call_id, tool, executor.name, text))
                    problems = edited
                case _:
                    self._settle_by_decision(call, decision, can_run=executor is not None)
                    return None

    async def _checked_edit(self, text: str, tool: Tool) -> JsonObject | tuple[Problem, ...]:
        try:
            arguments = parse_arguments(text)
        except MalformedJson as error:
            return (Problem("", str(error), "json"),)
        return await self._checker.check(tool.input_schema, arguments) or arguments

    def _settle_by_decision(self, call: ToolCallProposed, decision: Decision, *, can_run: bool) -> None:
        match decision.kind:
            case "mock":
                self._settle(call, "mocked", decision.result_text or "", is_error=False)
            case "expire" if not can_run:
                text = error_text("no_executor", "Nothing runs this tool yet, and nobody was there to give its result.")
                self._settle(call, "error", text, error_kind="no_executor")
            case "expire":
                text = error_text("expired", "Nobody decided in time. This call did not run.")
                self._settle(call, "expired", text, error_kind="expired")
            case "stop":
                self._settle(call, "rejected", rejected_text(decision.note), error_kind="rejected")
                raise RunStopped(decision.note)
            case _:
                # An approval where nothing could run, like anything unforeseen, counts as a no.
                note = decision.note or ("nothing runs this tool" if decision.kind != "reject" else "")
                self._settle(call, "rejected", rejected_text(note), error_kind="rejected")

    async def _execute(self, call: ToolCallProposed, tool: Tool, cleared: _Cleared, seconds_left: float) -> None:
        async with self._slots:
            if not await self._may_start(call, cleared):
                return
            started = self._recorder.add(
                ToolStarted(
                    **self._recorder.stamp(call.span),
                    call_id=call.call_id,
                    executor=cleared.executor.name,
                    arguments_json=cleared.arguments_json,
                )
            )
            limit = min(self._setup.limits.tool_seconds, max(0.001, seconds_left))
            order = ExecutionOrder(self._recorder.run_id, call.call_id, tool, cleared.arguments, limit)
            try:
                async with asyncio.timeout(limit + _GRACE_S):
                    result = await cleared.executor.execute(order)
            except ToolError as error:
                text = error_text(error.kind, error.message, hint=error.mend)
                self._settle(call, "error", text, error_kind=error.kind, started=started, output=error.output)
            except ExecutorUnavailable as error:
                text = error_text("unavailable", f"This tool cannot run at the moment: {error.message}")
                self._settle(call, "error", text, error_kind="unavailable", started=started, output=str(error))
            except TimeoutError:
                text = error_text("timeout", f"No result after {limit:g} s. The call may have taken effect.")
                self._settle(call, "error", text, error_kind="timeout", started=started)
            else:
                self._settle_with_result(call, result, started)

    async def _may_start(self, call: ToolCallProposed, cleared: _Cleared) -> bool:
        """Claim the call. What cannot be put on record does not run."""
        try:
            if await self._gate.claim(self._recorder.run_id, call.call_id, cleared.shown_hash):
                return True
        except StoreError as error:
            text = error_text("not_recorded", f"This call could not be recorded, so it did not run: {error.message}")
            self._settle(call, "error", text, error_kind="not_recorded")
            return False
        text = error_text("already_started", "This call was started before; it is not run a second time.")
        self._settle(call, "unknown", text, error_kind="already_started")
        return False

    def _settle_with_result(self, call: ToolCallProposed, result: ExecutionResult, started: ToolStarted) -> None:
        outcome: CallOutcome = "mocked" if result.is_mocked else "error" if result.is_error else "ok"
        self._settle(
            call,
            outcome,
            result_text(result.value),
            is_error=result.is_error,
            error_kind="error" if result.is_error else "",
            started=started,
            output=result.output,
        )

    def _settle(
        self,
        call: ToolCallProposed,
        outcome: CallOutcome,
        text: str,
        *,
        is_error: bool = True,
        error_kind: str = "",
        started: ToolStarted | None = None,
        output: str = "",
    ) -> None:
        clipped = clip_result(text, max_chars=self._setup.limits.result_chars)
        self._recorder.add(
            ToolCallSettled(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                outcome=outcome,
                result_text=clipped.text,
                is_error=is_error,
                duration_ms=(self._recorder.now() - started.at) * 1000 if started else 0.0,
                error_kind=error_kind,
                clipped_chars=clipped.cut_chars,
                full_text=text if clipped.cut_chars else None,
                output=output,
            )
        )

    def _checked(self, call: ToolCallProposed, *, is_known: bool = True, problems: tuple[Problem, ...] = ()) -> None:
        self._recorder.add(
            ToolCallChecked(
                **self._recorder.stamp(call.span), call_id=call.call_id, is_known=is_known, problems=problems
            )
        )

    def _given(self, call: ToolCallProposed, decision: Decision, rule: Rule, mark: str = "") -> None:
        self._recorder.add(
            ApprovalGiven(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                decision=decision.kind,
                by=decision.by,
                rule=str(rule),
                note=decision.note,
                arguments_json=decision.arguments_json,
                shown_hash=mark,
            )
        )


_GRACE_S = 45.0
"""Executors enforce the limit themselves and know which part of the time is the call's own (importing a module is
not); ours is the safety net behind them."""


def parse_arguments(text: str) -> JsonObject:
    """The arguments a text stands for. No text at all is how some models call a tool without parameters."""
    return parse_strict_object(text) if text.strip() else {}
