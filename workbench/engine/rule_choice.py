"""Which approval rule decides about a call."""

from workbench.core.approval import Policy, Rule
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.engine.pattern_judge import judged_patterns
from workbench.engine.ports import Checker


async def rule_for(policy: Policy, tool: Tool, arguments: JsonObject, server: str, checker: Checker) -> Rule:
    """See `Policy.rule_for`. A pattern that cannot be judged in time makes a rule ask or deny, never allow."""
    found = await judged_patterns(policy.patterns_for(arguments), checker)
    return policy.rule_for(tool, arguments, server, found)
