"""Which rule of a mock would answer each recorded call of its tool. Nothing runs."""

import asyncio
from collections.abc import Sequence

from workbench.app.recorded_calls.tool_calls import ToolCall
from workbench.core.errors import MalformedJson, ToolError
from workbench.core.json_text import parse_strict_object
from workbench.core.mock import MockPlan
from workbench.engine.ports import Checker
from workbench.executors.mock_choice import first_fit

MISS = "an error: no rule matches"
DEFAULT = "the default"
_TURN = 50


class MockTrial:
    """Tries the given rules, saved or not."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    async def answers(self, plan: MockPlan, calls: Sequence[ToolCall]) -> tuple[str, ...]:
        """What would answer each call, in words."""
        found: list[str] = []
        for number, call in enumerate(calls):
            found.append(await self._answer(plan, call))
            if number % _TURN == 0:
                await asyncio.sleep(0)
        return tuple(found)

    async def _answer(self, plan: MockPlan, call: ToolCall) -> str:
        try:
            arguments = parse_strict_object(call.arguments_json) if call.arguments_json.strip() else {}
            place = await first_fit(plan, arguments, call.number, self._checker)
        except (MalformedJson, ToolError) as error:
            return f"an error: {error}"
        if place is not None:
            return plan.label(place)
        return MISS if plan.strict else DEFAULT
