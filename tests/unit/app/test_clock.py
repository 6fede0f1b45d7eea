"""The ids of runs."""

import pytest

from workbench.app.clock import TimedIds


def test_ids_of_one_second_differ_even_if_the_same_letters_come_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([b"\0\0\0\0", b"\0\0\0\0", b"\1\1\1\1"] * 3)
    monkeypatch.setattr("workbench.app.clock.secrets.token_bytes", lambda count: next(drawn))
    ids = TimedIds()
    first, second = ids.new_run_id(), ids.new_run_id()
    assert first.endswith("-aaaa")
    assert first != second
