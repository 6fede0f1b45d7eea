"""Carries out calls that were cleared: claims each once, runs it within its limits, and settles it."""

import asyncio

from workbench.core.errors import ExecutorUnavailable, StoreError, ToolError
from workbench.core.event import CallOutcome, NoteAdded, ToolCallProposed, ToolStarted
from workbench.core.json_text import compact
from workbench.engine.decider import Cleared, Decider
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Gate, Grants
from workbench.engine.recorder import Recorder
from workbench.engine.results import error_text, result_text
from workbench.engine.settler import Settler
from workbench.engine.setup import RunSetup

_GRACE_S = 45.0
"""Executors enforce the limit themselves and know which part of the time is the call's own (importing a module is
not); ours is the safety net behind them."""


class Execution:
    """Runs at most `limits.concurrency` calls at the same time."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        settler: Settler,
        *,
        decider: Decider,
        gate: Gate,
        grants: Grants | None = None,
    ) -> None:
        self._setup = setup
        self._recorder = recorder
        self._settler = settler
        self._decider = decider
        self._gate = gate
        self._grants = grants
        self._slots = asyncio.Semaphore(max(1, setup.limits.concurrency))

    async def carry_out(self, call: ToolCallProposed, cleared: Cleared, seconds_left: float) -> bool:
        """Run and settle the call. False: nothing was done, because what would run is no longer what was decided
        about, and it must be decided again."""
        async with self._slots:
            if not self._decider.still_holds(call, cleared):
                return False
            if not await self._may_start(call, cleared):
                return True
            await self._keep_grant(call, cleared)
            started = self._settler.started(call, cleared.executor.name, cleared.arguments_json)
            limit = min(self._setup.limits.tool_seconds, max(0.001, seconds_left))
            identity = cleared.identity
            order = ExecutionOrder(self._recorder.run_id, call.call_id, identity.tool, identity.arguments, limit)
            await self._run(call, cleared, order, started)
        return True

    async def _run(self, call: ToolCallProposed, cleared: Cleared, order: ExecutionOrder, started: ToolStarted) -> None:
        limit = order.time_limit_s
        remark = _remark(cleared)
        try:
            async with asyncio.timeout(limit + _GRACE_S):
                result = await cleared.executor.execute(order)
        except ToolError as error:
            text = error_text(error.kind, error.message, hint=error.mend)
            self._fail(call, error.kind, text, started, remark, output=error.output)
        except ExecutorUnavailable as error:
            text = error_text("unavailable", f"This tool cannot run at the moment: {error.message}")
            self._fail(call, "unavailable", text, started, remark, output=str(error))
        except TimeoutError:
            text = error_text("timeout", f"No result after {limit:g} s. The call may have taken effect.")
            self._fail(call, "timeout", text, started, remark)
        else:
            self._settle_with(call, result, started, remark)

    async def _may_start(self, call: ToolCallProposed, cleared: Cleared) -> bool:
        """Claim the call. What cannot be put on record does not run."""
        settle = self._settler.settle
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
            case _:
                text = error_text("not_approved", "The decision about this call does not count. It did not run.")
                settle(call, "rejected", text, error_kind="not_approved")
        return False

    async def _keep_grant(self, call: ToolCallProposed, cleared: Cleared) -> None:
        wish = cleared.wish
        if wish is None or wish.scope == "once":
            return
        text = "The permission could not be kept: nothing keeps permissions in this run."
        if self._grants is not None:
            try:
                grant = await self._grants.add(wish, cleared.identity, call_id=call.call_id, by=cleared.approval.by)
            except StoreError as error:
                text = f"The permission could not be kept: {error.message}"
            else:
                text = f"Granted: {grant}. It ends with any change of the tool, and when it is revoked."
        self._recorder.add(
            NoteAdded(**self._recorder.stamp(call.span), text=text, by="workbench", call_id=call.call_id)
        )

    def _fail(
        self, call: ToolCallProposed, kind: str, text: str, started: ToolStarted, remark: str, output: str = ""
    ) -> None:
        self._settler.settle(call, "error", text, error_kind=kind, started=started, output=output, remark=remark)

    def _settle_with(self, call: ToolCallProposed, result: ExecutionResult, started: ToolStarted, remark: str) -> None:
        outcome: CallOutcome = "mocked" if result.is_mocked else "error" if result.is_error else "ok"
        self._settler.settle(
            call,
            outcome,
            result_text(result.value),
            is_error=result.is_error,
            error_kind="error" if result.is_error else "",
            started=started,
            output=result.output,
            remark=remark,
        )


def _remark(cleared: Cleared) -> str:
    """What the model is told about arguments that a person changed."""
    if cleared.edit != "note":
        return ""
    return (
        f"The user edited the arguments of this call before it ran. It ran with: {compact(cleared.identity.arguments)}"
    )
