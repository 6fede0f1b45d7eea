"""A problem: something that does not fit, with its place."""

from collections.abc import Iterable
from typing import Literal

import msgspec

ProblemSeverity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True):
    """`path` is a JSON pointer into the checked value ("" is the value itself)."""

    path: str
    message: str
    keyword: str = ""
    severity: ProblemSeverity = "error"

    def __str__(self) -> str:
        return f"{self.path or '(root)'}: {self.message}"


def pointer(steps: Iterable[object]) -> str:
    """A JSON pointer (RFC 6901) from keys and indexes."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
