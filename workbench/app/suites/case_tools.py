"""What answers the calls of a trial: the case's own results, mocks, reads where the suite wants them, or a plain “ok”.

Nothing else runs. A read runs for real only where the tool says that it is read-only and the project's rules allow
exactly this call without asking.
"""

from collections.abc import Mapping

import msgspec

from workbench.app.suites.schema_judge import SchemaJudge
from workbench.core.approval import Decision, Policy, Question
from workbench.core.json_text import JsonObject
from workbench.core.mock import mock_output
from workbench.core.suite.case import ServedResult
from workbench.core.suite.matcher import argument_faults
from workbench.core.suite.suite import ToolsMode
from workbench.core.tool import Tool, Toolset
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Executor, Executors
from workbench.engine.rule_choice import rule_for
from workbench.replay.fork_tools import MOCK

BY_SUITE = "suite"
PLAIN_OK: JsonObject = {"status": "ok"}


class ServedBy(msgspec.Struct, frozen=True):
    """What serves the tools of a trial. `own` are the project's tools, `renames` what the arm calls otherwise."""

    own: Toolset
    executors: Executors
    policy: Policy
    judge: SchemaJudge
    mode: ToolsMode = "mocks"
    results: tuple[ServedResult, ...] = ()
    renames: Mapping[str, str] = {}

    def own_tool(self, tool: Tool) -> Tool:
        """The project's tool that is offered as this one."""
        name = next((old for old, new in self.renames.items() if new == tool.name), tool.name)
        return self.own.named(name) or tool


class CaseExecutors:
    """See `engine.ports.Executors`: every tool of a trial is served."""

    def __init__(self, served: ServedBy) -> None:
        self._served = served

    def executor_for(self, tool: Tool) -> Executor:
        """What answers calls of this tool."""
        own = self._served.own_tool(tool)
        return _CaseExecutor(self._served, own, self._served.executors.executor_for(own), is_renamed=own != tool)


class _CaseExecutor:
    def __init__(self, served: ServedBy, own: Tool, inner: Executor | None, *, is_renamed: bool) -> None:
        self._served = served
        self._own = own
        self._inner = inner
        self._is_renamed = is_renamed and own.name not in served.own.names

    @property
    def name(self) -> str:
        """What would run it, if it ran."""
        return self._inner.name if self._inner is not None and self._may_read else MOCK

    @property
    def _may_read(self) -> bool:
        return self._served.mode == "reads" and self._own.is_read_only and not self._is_renamed

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`."""
        order = msgspec.structs.replace(order, tool=self._own)
        for number, result in enumerate(self._served.results, 1):
            if result.tool == self._own.name and await self._is_for(result, order.arguments):
                output = mock_output(f"result {number} of the case")
                return ExecutionResult(result.result, output, is_error=result.is_error, is_mocked=True)
        if self._inner is not None and self._inner.name == MOCK:
            return await self._inner.execute(order)
        if self._inner is not None and self._may_read and await self._is_allowed(order.arguments):
            return await self._inner.execute(order)
        return ExecutionResult(PLAIN_OK, mock_output("nothing ran; the suite answers “ok”"), is_mocked=True)

    async def _is_allowed(self, arguments: JsonObject) -> bool:
        server: str = getattr(self._inner, "server", "")
        rule = await rule_for(self._served.policy, self._own, arguments, server, self._served.judge.checker)
        return rule.action == "allow"

    async def _is_for(self, result: ServedResult, arguments: JsonObject) -> bool:
        wanted = result.arguments
        if wanted is None:
            return True
        return not await self._served.judge.judge(lambda fits: argument_faults(wanted, arguments, fits))


class NobodyToAsk:
    """See `engine.ports.Approver`. A suite asks nobody."""

    async def decide(self, question: Question) -> Decision:
        """No."""
        return Decision("reject", by=BY_SUITE, note="a suite asks nobody")
