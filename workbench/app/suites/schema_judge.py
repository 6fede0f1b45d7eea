"""Judges values by schemas for code that cannot wait: the checker needs a process and a time limit."""

from collections.abc import Callable
from typing import TypeVar

from workbench.core.json_text import JsonObject, JsonValue, canonical
from workbench.core.suite.matcher import Fits
from workbench.engine.ports import Checker

_Found = TypeVar("_Found")


class SchemaJudge:
    """Asks the checker what a judgment needs to know, and judges again, until nothing is left to ask."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker

    async def judge(self, judged: Callable[[Fits], _Found]) -> _Found:
        """What `judged` finds once it knows which values fit. It is called again for each thing it did not know."""
        known: dict[str, bool] = {}
        while True:
            open_questions: dict[str, tuple[JsonObject, JsonValue]] = {}

            def fits(
                schema: JsonObject,
                value: JsonValue,
                asked: dict[str, tuple[JsonObject, JsonValue]] = open_questions,
            ) -> bool:
                question = canonical([schema, value])
                if question not in known:
                    asked[question] = (schema, value)
                return known.get(question, False)

            found = judged(fits)
            if not open_questions:
                return found
            for question, (schema, value) in open_questions.items():
                known[question] = not await self.checker.check(schema, value)
