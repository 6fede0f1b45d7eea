"""What is expected of the local model's speed."""

from workbench.providers.local.pace import Pace
from workbench.providers.worker_process import Took


def test_before_anything_was_measured_experience_speaks() -> None:
    pace = Pace()
    assert 4 < pace.load_s("shop", 5_500) < 8
    assert 0.1 < pace.answer_s < 1


def test_what_was_measured_for_these_tools_is_expected_of_them_again() -> None:
    pace = Pace()
    pace.record(Took(9.0, 1.0, 2), "shop", 5_500)
    assert (pace.load_s("shop", 5_500), pace.answer_s) == (9.0, 0.5)


def test_a_slow_machine_is_slow_for_other_tools_too() -> None:
    pace, usual = Pace(), Pace()
    pace.record(Took(3 * usual.load_s("a", 2_000), 0.0), "a", 2_000)
    assert abs(pace.load_s("b", 9_000) - 3 * usual.load_s("b", 9_000)) < 0.01
    assert abs(pace.answer_s - 3 * usual.answer_s) < 0.01


def test_a_change_of_triggers_is_no_reading_of_tools() -> None:
    pace = Pace()
    before = pace.load_s("shop", 5_500)
    pace.record(Took(0.006, 0.3, 1), "shop", 5_500)
    assert pace.load_s("shop", 5_500) == before
