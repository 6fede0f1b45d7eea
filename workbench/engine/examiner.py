"""Do these arguments fit the tool? Strict JSON first, then the project's sanitizers, then the schema; before anybody
is asked."""

from collections.abc import Iterator

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.handling import Handling
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict_object
from workbench.core.optional_null import without_optional_nulls
from workbench.core.problem import Problem, pointer
from workbench.core.sanitizer import NULL_LEFT_OUT, IsInside, SanitizedValue, sanitize
from workbench.core.tool import Tool
from workbench.engine.ports import Checker


class FitArguments(msgspec.Struct, frozen=True):
    """What would run: the arguments and their text, what was changed to get there, and why they do not fit when
    they do not."""

    arguments: JsonObject
    text: str
    problems: tuple[Problem, ...] = ()
    changes: tuple[SanitizedValue, ...] = ()

    @property
    def is_malformed(self) -> bool:
        """Whether the text is not even a JSON object."""
        return any(problem.keyword == "json" for problem in self.problems)


class Examiner:
    """Examines what a model proposes and what a person edits, in the same way."""

    def __init__(self, checker: Checker, handling: Handling, is_inside: IsInside) -> None:
        self._checker = checker
        self._handling = handling
        self._is_inside = is_inside

    async def examine(self, text: str, tool: Tool) -> FitArguments:
        """The arguments in `text`, as far as it has any."""
        try:
            given = parse_arguments(text)
        except MalformedJson as error:
            return FitArguments({}, text, (Problem("", str(error), "json"),))
        arguments = without_optional_nulls(tool.input_schema, given)
        clean = sanitize(arguments, self._handling.sanitizers_for(tool.name), is_inside=self._is_inside)
        changes = (*_left_out(given, arguments, ()), *clean.changes)
        if changes:
            text = compact(clean.arguments)
        problems = (*clean.problems, *await self._checker.check(tool.input_schema, clean.arguments))
        return FitArguments(clean.arguments, text, problems, changes)


def _left_out(given: JsonValue, kept: JsonValue, steps: tuple[object, ...]) -> Iterator[SanitizedValue]:
    """The nulls that were read as "not given"."""
    if given is kept:
        return
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            if name in kept:
                yield from _left_out(value, kept[name], (*steps, name))
            else:
                yield SanitizedValue(pointer((*steps, name)), NULL_LEFT_OUT, None, None)
    elif isinstance(given, list) and isinstance(kept, list):
        for index, (before, after) in enumerate(zip(given, kept, strict=True)):
            yield from _left_out(before, after, (*steps, index))


def parse_arguments(text: str) -> JsonObject:
    """The arguments in a text. Some models send no text at all to call a tool without parameters."""
    return parse_strict_object(text) if text.strip() else {}
