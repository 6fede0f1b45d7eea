"""The child process that checks arguments: one JSON line in, one JSON line out.

It runs where a schema could take forever or crash the validator. It has no keys, and nothing it does can
touch the program: it gives up when a check takes too long, and is killed where it cannot.
"""

import importlib
import json
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from workbench.core.problem import Problem
from workbench.core.schema import check_arguments

_AGAIN_S = 0.02


def too_late(limit_s: float) -> Problem:
    """The message about a schema that takes too long."""
    return Problem("", f"schema refused: checking took longer than {limit_s:g} s", "schema")


def main(_arguments: Sequence[str] = ()) -> int:
    """Answer `{"schema": …, "arguments": …, "limit_s": …}` with the list of problems until the input ends."""
    _bound_memory()
    sys.setrecursionlimit(2_000)
    importlib.import_module("workbench.core.schema_validator")  # before the clock of the first check runs
    out = sys.stdout.buffer
    out.write(b'"ready"\n')
    out.flush()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        problems = within(order["limit_s"], partial(check_arguments, order["schema"], order["arguments"]))
        out.write(msgspec.json.encode(problems) + b"\n")
        out.flush()
    return 0


class _Late(BaseException):
    """Raised in the middle of a check. It is no `Exception`, so no validator swallows it."""


def within(limit_s: float, check: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """The problems that `check` finds, or that it took too long; then this process goes on with the next one.

    Regular expressions look for signals as well. Where a signal is swallowed, as in a destructor, the next one follows.
    Windows has no such timer; there the program kills this process and starts another.
    """
    if sys.platform == "win32":
        return check()
    signal.signal(signal.SIGALRM, _give_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, limit_s, _AGAIN_S)
        try:
            return check()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Late:
        return (too_late(limit_s),)


def _give_up(_signal: int, _frame: object) -> None:
    raise _Late


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
