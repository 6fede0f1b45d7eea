"""Which patterns of rules match a request. A pattern may take forever, so the checker process runs it."""

from collections.abc import Iterator, Sequence

from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject
from workbench.core.schema import MAX_PROBLEMS
from workbench.engine.ports import Checker


async def patterns_found(checker: Checker, patterns: Sequence[str], request: str) -> frozenset[str]:
    """The patterns that match the request as it is, in lower case, or in upper case.

    Raises `UsageError` when they cannot be judged in time.
    """
    texts = list(dict.fromkeys((request, request.lower(), request.upper())))
    found: set[str] = set()
    for some in _pieces(patterns):
        names = {str(number): pattern for number, pattern in enumerate(some)}
        schema: JsonObject = {
            "type": "object",
            "properties": {name: {"contains": {"pattern": pattern}} for name, pattern in names.items()},
        }
        problems = await checker.check(schema, {name: [*texts] for name in names})
        missing = {problem.path.strip("/") for problem in problems}
        if not missing <= names.keys():
            refused = next(problem for problem in problems if problem.path.strip("/") not in names)
            raise UsageError(f"the patterns of the rules cannot be judged: {refused.message}")
        found.update(pattern for name, pattern in names.items() if name not in missing)
    return frozenset(found)


def _pieces(patterns: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as there are problems in one answer."""
    return (patterns[start : start + MAX_PROBLEMS] for start in range(0, len(patterns), MAX_PROBLEMS))
