"""JSONPath (RFC 9535) over values, for paths that may have been written by anybody.

Two things are left out on purpose: the functions `match` and `search`, because a regular expression cannot be
interrupted, and paths that go through a value many times over.
"""

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbench.core.json_text import JsonValue

if TYPE_CHECKING:
    from jsonpath import JSONPathEnvironment

MAX_PATH_CHARS = 300
MAX_FOUND = 10_000


class BadJsonPath(ValueError):
    """The path is not one, or not one that is evaluated here; the text says why."""


def find_json(path: str, value: JsonValue) -> list[JsonValue]:
    """Every value at `path`, in order; at most `MAX_FOUND`. Raises `BadJsonPath`."""
    check_json_path(path)
    from jsonpath import JSONPathError  # imported late: most projects have no path

    try:
        found: list[Any] = [match.obj for match in islice(_environment().finditer(path, value), MAX_FOUND)]
    except (JSONPathError, RecursionError) as error:
        raise BadJsonPath(f"{path!r} cannot be followed: {error}") from None
    return found


@lru_cache(maxsize=256)
def check_json_path(path: str) -> None:
    """Raise `BadJsonPath` unless `path` can be used."""
    if len(path) > MAX_PATH_CHARS:
        raise BadJsonPath(f"a path has at most {MAX_PATH_CHARS} characters")
    if not path.startswith("$"):
        raise BadJsonPath(f"{path!r} does not begin with $")
    if (
        path.count("..") > 1
        or path.count("?") > 2
        or (".." in path and "?" in path.partition("..")[2].partition("?")[2])
    ):
        raise BadJsonPath(f"{path!r} goes through the value too many times")
    from jsonpath import JSONPathError

    try:
        _environment().compile(path)
    except (JSONPathError, RecursionError) as error:
        raise BadJsonPath(f"{path!r} is not a JSONPath: {error}") from None


@lru_cache(maxsize=1)
def _environment() -> "JSONPathEnvironment":
    from jsonpath import JSONPathEnvironment

    environment = JSONPathEnvironment(strict=True)
    for name in ("match", "search"):
        environment.function_extensions.pop(name, None)
    return environment
