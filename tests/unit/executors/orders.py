"""Orders to carry out a call."""

from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonValue
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder


def order(time_limit_s: float = 120.0, **arguments: JsonValue) -> ExecutionOrder:
    """An approved call."""
    return ExecutionOrder(RunId("r"), CallId("r.1.1.1"), Tool.make("tool"), arguments, time_limit_s)
