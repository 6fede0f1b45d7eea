"""Places on a time axis."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.trace.time_axis import TimeAxis


@given(st.floats(0.001, 10_000), st.floats(0, 1), st.floats(0, 1))
def test_later_is_never_further_left(length: float, one: float, other: float) -> None:
    for kind in ("log", "linear"):
        axis = TimeAxis(0.0, length, kind)  # type: ignore[arg-type]
        early, late = sorted((one * length, other * length))
        assert 0.0 <= axis.position(early) <= axis.position(late) <= 1.0 + 1e-9


def test_a_call_of_40_ms_stays_visible_beside_a_wait_of_minutes() -> None:
    assert TimeAxis(0.0, 180.0, "log").position(0.04) > 0.1
    assert TimeAxis(0.0, 180.0, "linear").position(0.04) < 0.001


def test_ticks_are_in_order_and_labeled() -> None:
    ticks = TimeAxis(0.0, 3.1, "log").ticks()
    assert [text for _, text in ticks] == ["0", "10 ms", "100 ms", "1 s"]
    assert [place for place, _ in ticks] == sorted(place for place, _ in ticks)
