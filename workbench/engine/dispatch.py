"""One call: check → decide → execute → settle. Whatever happens, it is settled exactly once."""

import asyncio

from workbench.core.event import ToolCallProposed
from workbench.core.tool import Toolset
from workbench.engine.call_recorder import CallRecorder
from workbench.engine.call_services import CallServices
from workbench.engine.decider import CHANGED_SINCE, Decider, RunStopped
from workbench.engine.examiner import Examiner
from workbench.engine.execution import Execution
from workbench.engine.recorder import Recorder
from workbench.engine.results import error_text, invalid_arguments, malformed_json, refused_schema, unknown_tool
from workbench.engine.setup import RunSetup

__all__ = ["Dispatcher", "RunStopped"]

MAX_DECISIONS = 5
"""How many times one call is decided again because what would run keeps changing."""


class Dispatcher:
    """Takes the proposed calls of a round from the check to the result."""

    def __init__(self, setup: RunSetup, recorder: Recorder, services: CallServices) -> None:
        self._call_recorder = CallRecorder(setup, recorder)
        self._examiner = Examiner(services.checker, setup.handling, services.is_inside or (lambda folder, path: True))
        self._decider = Decider(setup, recorder, self._call_recorder, self._examiner, services)
        self._execution = Execution(setup, recorder, self._call_recorder, self._decider, services)

    async def dispatch(self, call: ToolCallProposed, offered: Toolset, *, seconds_left: float) -> None:
        """Settle `call`. Raises `RunStopped` when the person ends the run, after settling."""
        try:
            await self._check_and_run(call, offered, seconds_left)
        except asyncio.CancelledError:
            self.settle_as_cancelled(call)
            raise

    def settle_as_cancelled(self, call: ToolCallProposed, reason: str = "The run was stopped.") -> None:
        """Close a call that will not be continued: `unknown` once it has started, `cancelled` before."""
        self._call_recorder.settle_as_cancelled(call, reason)

    async def _check_and_run(self, call: ToolCallProposed, offered: Toolset, seconds_left: float) -> None:
        tool = offered.named(call.tool)
        if tool is None:
            self._call_recorder.record_checked(call, None)
            self._call_recorder.fail(call, unknown_tool(call.tool, offered.names), "invalid")
            return
        fit = await self._examiner.examine(call.arguments_json, tool)
        self._call_recorder.record_checked(call, fit)
        if fit.is_malformed:
            self._call_recorder.fail(call, malformed_json(fit.problems[0].message), "invalid")
            return
        if fit.problems:
            refused = next((problem for problem in fit.problems if problem.keyword == "schema"), None)
            failure = refused_schema(refused) if refused is not None else invalid_arguments(fit.problems)
            self._call_recorder.fail(call, failure, "invalid")
            return
        remarks: tuple[str, ...] = ()
        for _ in range(MAX_DECISIONS):
            cleared = await self._decider.decide(call, tool, fit, remarks=remarks)
            if cleared is None or await self._execution.carry_out(call, cleared, seconds_left):
                return
            remarks = (CHANGED_SINCE,)
        text = error_text("changing", f"{CHANGED_SINCE} It did not run.")
        self._call_recorder.settle(call, "rejected", text, error_kind="changing")
