"""Judges the patterns of conditions where hostile ones can be interrupted."""

from collections.abc import Mapping

from workbench.core.mock import pattern_schema
from workbench.engine.ports import Checker


async def judged_patterns(patterns: Mapping[str, tuple[str, str]], checker: Checker) -> dict[str, bool]:
    """Which of these are found: by a name, a pattern and a text. One that could not be judged is left out."""
    found: dict[str, bool] = {}
    for name, (pattern, text) in patterns.items():
        problems = await checker.check(pattern_schema({"text": pattern}), {"text": text})
        if all(problem.keyword == "pattern" for problem in problems):
            found[name] = not problems
    return found
