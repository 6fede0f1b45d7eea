"""Calls answered by rules; nothing real runs, and every answer says so."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.ids import RunId
from workbench.core.mock import (
    MockPlan,
    MockReply,
    TemplateGap,
    fill_template,
    mock_output,
)
from workbench.core.prepared_failure import prepared_failure
from workbench.engine.ports import Checker, ExecutionOrder, ExecutionResult, Executor
from workbench.engine.results import error_text
from workbench.executors.mock_choice import first_fit

_RUNS_COUNTED = 200

Player = Callable[[str, ExecutionOrder], Awaitable[str]]
"""Lets the model of a SPEC invent the result of a call."""


class MockExecutor:
    """Gives the reply of the first rule that fits the call, marked as mocked.

    Raises `ToolError` of kind `mock_miss` where no rule fits and the plan is strict, and of kind `mock_rule` for a
    rule that cannot be judged or carried out. Calls are counted for each run again.
    """

    name = "mock"

    def __init__(
        self,
        plan: MockPlan,
        *,
        checker: Checker,
        python: Callable[[str], Executor] | None = None,
        play: Player | None = None,
    ) -> None:
        """`python` makes the executor of a `module:function`, `play` asks a model."""
        self._plan = plan
        self._checker = checker
        self._python = python
        self._play = play
        self._counts: dict[RunId, int] = {}

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`."""
        number = self._counted(order.run_id)
        chosen = await first_fit(self._plan, order.arguments, number, self._checker)
        if chosen is None and self._plan.strict:
            raise ToolError(self._missed(order, number), kind="mock_miss")
        label = self._plan.label(chosen) if chosen is not None else "default"
        reply = self._plan.rules[chosen].reply if chosen is not None else self._plan.default
        if reply.delay_s >= order.time_limit_s:
            await asyncio.sleep(order.time_limit_s)
            text = error_text("timeout", f"No result after {order.time_limit_s:g} s.")
            return ExecutionResult(text, mock_output(label), is_error=True, is_mocked=True)
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        result = await self._answer(reply, order, label)
        output = "\n".join(filter(None, (mock_output(label), result.output)))
        return msgspec.structs.replace(result, output=output, is_mocked=True)

    async def _answer(self, reply: MockReply, order: ExecutionOrder, label: str) -> ExecutionResult:
        match reply:
            case MockReply(template=str(template)):
                try:
                    return ExecutionResult(fill_template(template, order.arguments), is_error=reply.is_error)
                except TemplateGap as gap:
                    raise ToolError(f"{label} of this tool's mock: {gap}", kind="mock_rule") from None
            case MockReply(error=error) if error is not None:
                return ExecutionResult(error_text(error.kind, error.message), is_error=True)
            case MockReply(fail=name) if name is not None:
                failure = prepared_failure(name)
                return ExecutionResult(failure.text, is_error=failure.is_error)
            case MockReply(python=function) if function:
                if self._python is None:
                    raise ExecutorUnavailable(f"nothing runs {function} here")
                return await self._python(function).execute(order)
            case MockReply(model=spec) if spec:
                if self._play is None:
                    raise ExecutorUnavailable(f"no model plays this tool here ({spec})")
                return ExecutionResult(await self._play(spec, order), f"invented by {spec}")
            case _:
                return ExecutionResult(reply.static, is_error=reply.is_error)

    def _counted(self, run_id: RunId) -> int:
        number = self._counts.pop(run_id, 0) + 1
        self._counts[run_id] = number
        if len(self._counts) > _RUNS_COUNTED:
            del self._counts[next(iter(self._counts))]
        return number

    def _missed(self, order: ExecutionOrder, number: int) -> str:
        tried = "; ".join(f"{self._plan.label(index)}: {rule.when}" for index, rule in enumerate(self._plan.rules[:10]))
        return f"no rule of the mock of {order.tool.name} fits call {number} ({tried or 'there are no rules'})"
