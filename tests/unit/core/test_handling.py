"""Which error handler and which rate limit speak about a call."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.error_handler import ErrorHandler, handler_for
from workbench.core.handling import Handling
from workbench.core.rate_limit import WINDOW_S, RateLimit, StartTimes
from workbench.core.sanitizer import Sanitizer
from workbench.core.tool import Tool

HANDLERS = {
    "look": {"timeout": ErrorHandler(hint="look timeout"), "*": ErrorHandler(hint="look any")},
    "*": {"timeout": ErrorHandler(hint="any timeout"), "*": ErrorHandler(hint="any any")},
}


@pytest.mark.parametrize(
    ("tool", "kind", "hint"),
    [
        ("look", "timeout", "look timeout"),
        ("look", "error", "look any"),
        ("touch", "timeout", "any timeout"),
        ("touch", "error", "any any"),
    ],
)
def test_the_nearest_handler_speaks(tool: str, kind: str, hint: str) -> None:
    assert handler_for(HANDLERS, tool, kind).hint == hint


@pytest.mark.parametrize(
    ("annotations", "repeats_effects", "may"),
    [
        ({}, False, False),
        ({"readOnlyHint": True}, False, False),
        ({"idempotentHint": True}, False, True),
        ({"idempotentHint": False}, True, True),
    ],
)
def test_only_what_may_happen_twice_is_tried_again(
    annotations: dict[str, bool], repeats_effects: bool, may: bool
) -> None:
    tool = Tool.make("touch", annotations=dict(annotations))
    assert ErrorHandler(retry=2, repeats_effects=repeats_effects).may_retry(tool) is may


def test_a_tools_own_sanitizer_goes_before_the_one_for_every_tool() -> None:
    own, every = Sanitizer(trim=True), Sanitizer(strip_control=True)
    handling = Handling(sanitizers={"*": {"*": every, "q": every}, "look": {"q": own}})
    assert handling.sanitizers_for("look") == {"*": every, "q": own}
    assert handling.sanitizers_for("touch") == {"*": every, "q": every}


@given(st.integers(1, 5), st.lists(st.floats(0, 50), max_size=30))
def test_no_minute_has_more_starts_than_its_limit(per_minute: int, gaps: list[float]) -> None:
    times, now, starts = StartTimes(), 0.0, []
    for gap in gaps:
        now += gap
        start = now + times.wait_s(RateLimit(per_minute), now)
        times.add(start)
        starts.append(round(start, 6))
    assert starts == sorted(starts)
    for start in starts:
        assert Counter(start <= other < start + WINDOW_S - 1e-6 for other in starts)[True] <= per_minute
