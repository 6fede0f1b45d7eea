"""Do these arguments fit the tool? Strict JSON first, then the schema; before anybody is asked."""

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.core.problem import Problem
from workbench.core.tool import Tool
from workbench.engine.ports import Checker


class FitArguments(msgspec.Struct, frozen=True):
    """What would run: the arguments and their text, and why they do not fit when they do not."""

    arguments: JsonObject
    text: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_malformed(self) -> bool:
        """Whether the text is not even a JSON object."""
        return any(problem.keyword == "json" for problem in self.problems)


class Examiner:
    """Examines what a model proposes and what a person makes of it, in the same way."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    async def proposed(self, text: str, tool: Tool) -> FitArguments:
        """Examine the model's text."""
        return await self._examined(text, tool)

    async def edited(self, text: str, tool: Tool) -> FitArguments:
        """Examine a person's text."""
        return await self._examined(text, tool)

    async def _examined(self, text: str, tool: Tool) -> FitArguments:
        try:
            arguments = parse_arguments(text)
        except MalformedJson as error:
            return FitArguments({}, text, (Problem("", str(error), "json"),))
        return FitArguments(arguments, text, await self._checker.check(tool.input_schema, arguments))


def parse_arguments(text: str) -> JsonObject:
    """The arguments a text stands for. No text at all is how some models call a tool without parameters."""
    return parse_strict_object(text) if text.strip() else {}
