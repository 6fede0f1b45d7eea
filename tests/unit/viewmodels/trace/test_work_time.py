"""Time of work: a run's time without the intervals in which it only waited for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.trace.work_time import IdleTime, WorkTime


@pytest.mark.parametrize(("moment", "work"), [(0, 0), (2, 2), (3, 2), (5, 2), (6, 3), (8, 5), (9, 5), (30, 24)])
def test_time_of_work_stands_still_while_a_person_is_waited_for(moment: float, work: float) -> None:
    clock = WorkTime(100.0, [(102.0, 105.0), (108.0, 111.0)])
    assert clock.at(100.0 + moment) == pytest.approx(work)


def test_what_goes_on_beside_a_wait_is_no_waiting() -> None:
    idle = IdleTime()
    idle.add_work(1.0, 4.0, is_waiting=True)  # a call beside the question that was put at 2
    idle.add_wait(2.0, 10.0)
    assert idle.intervals == [(4.0, 10.0)]
    idle.add_work(9.0, 12.0, is_waiting=False)  # a call that was started before the answer
    assert idle.intervals == [(4.0, 9.0)]


def test_questions_beside_each_other_are_one_wait() -> None:
    idle = IdleTime()
    idle.add_wait(2.0, 5.0)
    idle.add_wait(3.0, 8.0)
    idle.add_wait(9.0, 9.0)
    assert idle.intervals == [(2.0, 8.0)]


def test_a_wait_that_is_not_over_counts_up_to_now_but_for_work_that_goes_on() -> None:
    idle = IdleTime()
    idle.add_work(1.0, 4.0, is_waiting=True)
    assert idle.with_open(2.0, 9.0, None) == [(4.0, 9.0)]
    assert idle.with_open(2.0, 9.0, 6.0) == [(4.0, 6.0)]
    assert idle.with_open(2.0, 9.0, 1.0) == []


MOMENTS = st.integers(0, 30)


@given(st.lists(st.tuples(st.booleans(), MOMENTS, MOMENTS), max_size=12))
def test_the_intervals_are_the_waits_without_the_work_in_whatever_order_they_end(
    facts: list[tuple[bool, int, int]],
) -> None:
    ordered = sorted(((is_wait, min(a, b), max(a, b)) for is_wait, a, b in facts), key=lambda fact: fact[2])
    idle = IdleTime()
    for number, (is_wait, start, stop) in enumerate(ordered):
        if is_wait:
            idle.add_wait(start, stop)
        else:
            later = any(other and begun < stop for other, begun, _ in ordered[number + 1 :])
            idle.add_work(start, stop, is_waiting=later)
    waited = {
        second for is_wait, start, stop in facts if is_wait for second in range(min(start, stop), max(start, stop))
    }
    worked = {second for is_wait, a, b in facts if not is_wait for second in range(min(a, b), max(a, b))}
    found = {second for start, stop in idle.intervals for second in range(int(start), int(stop))}
    assert found == waited - worked
    assert idle.intervals == sorted(idle.intervals)
