"""The time to undo an approval is there unless this user has said otherwise."""

from pathlib import Path

import pytest

from workbench.app.approvals.approval_habit import UNDO_S, ApprovalHabit
from workbench.core.errors import StoreError


def test_the_choice_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "config" / "approvals.json"
    habit = ApprovalHabit(file)
    assert habit.undo_s == UNDO_S
    habit.allow_undo(is_on=False)
    assert (habit.undo_s, ApprovalHabit(file).undo_s) == (0.0, 0.0)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"undo_approvals": 0}', "[" * 100_000, "\xff"])
def test_a_damaged_file_leaves_the_time_to_undo(tmp_path: Path, text: str) -> None:
    file = tmp_path / "approvals.json"
    file.write_text(text, encoding="latin-1")
    assert ApprovalHabit(file).undo_s == UNDO_S


def test_a_choice_that_cannot_be_kept_holds_for_now_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    habit = ApprovalHabit(tmp_path / "config" / "approvals.json")
    with pytest.raises(StoreError, match="until you quit"):
        habit.allow_undo(is_on=False)
    assert habit.undo_s == 0.0
