"""Looking closely at a range of the time axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.trace.time_axis import AxisKind, TimeAxis
from workbench.viewmodels.trace.time_zoom import TimeZoom

KINDS = st.sampled_from(["log", "linear"])
WHOLE = 10.0


@given(KINDS, st.floats(0.05, 0.95), st.integers(1, 6))
def test_what_stands_under_the_pointer_stays_there(kind: AxisKind, at: float, steps: int) -> None:
    zoom = TimeZoom()
    zoom.kind = kind
    before = zoom.axis(WHOLE).at(at)
    zoom.zoom(steps, WHOLE, at)
    assert zoom.axis(WHOLE).position(before) == pytest.approx(at, abs=1e-6)


@given(KINDS, st.lists(st.tuples(st.sampled_from(["zoom", "pan"]), st.floats(-6, 6), st.floats(0, 1)), max_size=12))
def test_no_range_leaves_the_axis_or_turns_round(kind: AxisKind, acts: list[tuple[str, float, float]]) -> None:
    zoom = TimeZoom()
    zoom.kind = kind
    for act, steps, at in acts:
        if act == "zoom":
            zoom.zoom(steps, WHOLE, at)
        else:
            zoom.pan(steps, WHOLE)
        start, end = zoom.window or (0.0, WHOLE)
        assert 0 <= start < end <= WHOLE + 1e-6


def test_a_range_stays_where_it_is_while_the_run_goes_on() -> None:
    zoom = TimeZoom()
    zoom.select(1.2, 0.4, WHOLE)
    assert zoom.window == pytest.approx((0.4, 1.2))
    axis = zoom.axis(25.0)
    assert (axis.start_s, axis.end_s) == pytest.approx((0.4, 1.2))
    zoom.show_whole()
    assert zoom.axis(25.0).end_s == 25.0


def test_zooming_out_far_enough_shows_the_whole_axis_again() -> None:
    zoom = TimeZoom()
    zoom.zoom(2, WHOLE)
    assert zoom.window is not None
    zoom.zoom(-9, WHOLE)
    assert zoom.window is None


def test_the_range_is_told_in_words() -> None:
    zoom = TimeZoom()
    assert zoom.words(3.1) == "whole run, 3.1 s"
    zoom.select(0.04, 1.2, 3.1)
    assert zoom.words(3.1) == "40 ms to 1.2 s of 3.1 s"


@given(KINDS, st.floats(0, 5), st.floats(0.01, 5), st.floats(0, 1))
def test_places_and_moments_of_an_axis_belong_together(kind: AxisKind, start: float, length: float, at: float) -> None:
    axis = TimeAxis(start, start + length, kind)
    assert axis.position(axis.at(at)) == pytest.approx(at, abs=1e-6)
    places = [place for place, _ in axis.ticks()]
    assert places == sorted(places)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)


def test_a_longer_time_is_a_longer_bar_unless_somebody_asks_for_the_log_axis() -> None:
    zoom = TimeZoom()
    axis = zoom.axis(25.0)
    assert axis.position(21.0) == pytest.approx(21 / 25)
    zoom.switch_kind()
    assert zoom.axis(25.0).position(4.0) > 0.7
