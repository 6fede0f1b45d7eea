"""Which rule of a mock answers a call. Nothing runs."""

from workbench.core.condition import patterns_in
from workbench.core.errors import ToolError
from workbench.core.json_path import BadJsonPath
from workbench.core.json_text import JsonObject
from workbench.core.mock import MockPlan, MockRule, pattern_schema, pattern_texts
from workbench.core.schema import check_schema
from workbench.engine.pattern_judge import judged_patterns
from workbench.engine.ports import Checker


async def first_fit(plan: MockPlan, arguments: JsonObject, number: int, checker: Checker) -> int | None:
    """The place of the first rule that fits the call, the `number`th of its tool within its run; None when none does.

    Raises `ToolError` of kind `mock_rule` for a rule that cannot be judged.
    """
    for place, rule in enumerate(plan.rules):
        if await _fits(rule, arguments, number, plan.label(place), checker):
            return place
    return None


async def _fits(rule: MockRule, arguments: JsonObject, number: int, label: str, checker: Checker) -> bool:
    found = await judged_patterns(patterns_in(rule.when.where, arguments), checker)
    try:
        if not rule.when.fits(arguments, number, found):
            return False
    except BadJsonPath as error:
        raise ToolError(f"{label} of this tool's mock: {error}", kind="mock_rule") from None
    patterns = rule.when.regex
    if not patterns:
        return True
    texts = pattern_texts(patterns, arguments)
    if texts.keys() != patterns.keys():
        return False
    schema = pattern_schema(patterns)
    # A pattern that cannot be checked would fit everything.
    unchecked = (problem for problem in check_schema(schema) if problem.severity == "warning")
    problems = await checker.check(schema, texts)
    refused = next(unchecked, next((problem for problem in problems if problem.keyword == "schema"), None))
    if refused is not None:
        raise ToolError(f"{label} of this tool's mock: {refused.message}", kind="mock_rule")
    return not problems
