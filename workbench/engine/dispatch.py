"""One call: check → decide → execute → settle. Whatever happens, it is settled exactly once."""

import asyncio

from workbench.core.event import ToolCallProposed
from workbench.core.sanitizer import LiesInside
from workbench.core.tool import Toolset
from workbench.engine.decider import CHANGED_SINCE, Decider, RunStopped
from workbench.engine.examiner import Examiner
from workbench.engine.execution import Execution
from workbench.engine.pacer import Pacer
from workbench.engine.ports import Approver, Checker, Clock, Executors, Gate, Grants, Registry
from workbench.engine.recorder import Recorder
from workbench.engine.results import error_text, invalid_arguments, malformed_json, unknown_tool
from workbench.engine.settler import Settler
from workbench.engine.setup import RunSetup

__all__ = ["Dispatcher", "RunStopped"]

MAX_DECISIONS = 5
"""How often one call is decided anew because what would run keeps changing."""


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
        grants: Grants | None = None,
        registry: Registry | None = None,
        clock: Clock | None = None,
        pacer: Pacer | None = None,
        lies_inside: LiesInside | None = None,
    ) -> None:
        """Without `grants` and `registry`, no permission outlives its call and no change is looked for.

        `clock` is the recorder's when it is left out. Runs that share a `pacer` share the rate limits. Without
        `lies_inside`, paths are judged by their text alone.
        """
        self._settler = Settler(setup, recorder)
        clock = clock or recorder.clock
        self._examiner = Examiner(checker, setup.handling, lies_inside or (lambda folder, path: True))
        self._recorder = recorder
        self._decider = Decider(
            setup,
            recorder,
            self._settler,
            examiner=self._examiner,
            executors=executors,
            approver=approver,
            clock=clock,
            grants=grants,
            registry=registry,
        )
        self._execution = Execution(
            setup,
            recorder,
            self._settler,
            decider=self._decider,
            gate=gate,
            checker=checker,
            clock=clock,
            pacer=pacer or Pacer(clock),
            grants=grants,
        )

    async def dispatch(self, call: ToolCallProposed, offered: Toolset, *, seconds_left: float) -> None:
        """Settle `call`. Raises `RunStopped` when the person ends the run, after settling."""
        try:
            await self._take_through(call, offered, seconds_left)
        except asyncio.CancelledError:
            self.settle_as_cancelled(call)
            raise

    def settle_as_cancelled(self, call: ToolCallProposed, reason: str = "The run was stopped.") -> None:
        """Close a call that will not be continued: `unknown` once it has started, `cancelled` before."""
        self._settler.settle_as_cancelled(call, reason)

    async def _take_through(self, call: ToolCallProposed, offered: Toolset, seconds_left: float) -> None:
        tool = offered.named(call.tool)
        if tool is None:
            self._settler.checked(call, None)
            self._settler.fail(call, unknown_tool(call.tool, offered.names), "invalid")
            return
        fit = await self._examiner.examined(call.arguments_json, tool)
        self._settler.checked(call, fit)
        if fit.is_malformed:
            self._settler.fail(call, malformed_json(fit.problems[0].message), "invalid")
            return
        if fit.problems:
            self._settler.fail(call, invalid_arguments(fit.problems), "invalid")
            return
        remarks: tuple[str, ...] = ()
        for _ in range(MAX_DECISIONS):
            cleared = await self._decider.decided(call, tool, fit, remarks=remarks)
            if cleared is None or await self._execution.carry_out(call, cleared, seconds_left):
                return
            remarks = (CHANGED_SINCE,)
        text = error_text("changing", f"{CHANGED_SINCE} It did not run.")
        self._settler.settle(call, "rejected", text, error_kind="changing")
