"""A check ends at its limit, and the process that made it goes on."""

import sys

import pytest

from workbench.checking.process import ProcessChecker
from workbench.checking.worker import within
from workbench.core.json_text import JsonObject
from workbench.core.problem import Problem
from workbench.core.schema import check_arguments

EXPLODING: JsonObject = {"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}}
ARGUMENTS: JsonObject = {"a": "a" * 40 + "!"}
has_timers = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timers that interrupt")


@has_timers
def test_a_check_that_takes_too_long_is_given_up_and_the_next_one_is_not() -> None:
    for _ in range(2):
        [problem] = within(0.05, lambda: check_arguments(EXPLODING, ARGUMENTS))
        assert problem.message == "schema refused: checking took longer than 0.05 s"
    assert within(60.0, lambda: check_arguments(EXPLODING, {"a": "aaa"})) == ()


@has_timers
def test_what_swallows_the_signal_is_given_up_at_the_next_one() -> None:
    def stubborn() -> tuple[Problem, ...]:
        try:
            return check_arguments(EXPLODING, ARGUMENTS)
        except BaseException:  # noqa: BLE001 — as a destructor does
            return check_arguments(EXPLODING, ARGUMENTS)

    [problem] = within(0.05, stubborn)
    assert "took longer" in problem.message


@has_timers
async def test_hostile_checks_in_a_row_are_all_answered_by_the_same_process() -> None:
    checker = ProcessChecker(limit_s=0.05)
    for _ in range(3):
        [problem] = await checker.check(EXPLODING, ARGUMENTS)
        assert "took longer" in problem.message
        assert checker._process is not None
    first = checker._process.pid
    assert await checker.check(EXPLODING, {"a": "aaa"}) == ()
    assert checker._process.pid == first
    await checker.close()
