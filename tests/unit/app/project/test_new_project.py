"""A new project is whole, or it is not there."""

import shutil
from pathlib import Path

import pytest

from workbench.app.project.new_project import new_project
from workbench.core.errors import UsageError


@pytest.mark.parametrize("was_there", [False, True])
def test_what_was_copied_before_it_failed_is_taken_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was_there: bool
) -> None:
    folder = tmp_path / "p"
    if was_there:
        folder.mkdir()

    def copy_half(source: Path, target: Path, **_: object) -> None:
        (target / "tools").mkdir(parents=True)
        (target / "workbench.toml").write_text("")
        raise shutil.Error([(str(source), str(target), "[Errno 28] No space left on device: 'a' -> 'b'")])

    monkeypatch.setattr("shutil.copytree", copy_half)
    with pytest.raises(UsageError, match=r"cannot be created: \[Errno 28\] No space left on device$"):
        new_project(folder)
    assert folder.exists() == was_there
    assert not was_there or not any(folder.iterdir())


@pytest.mark.parametrize(
    ("name", "said"), [("file", "is a file"), ("x" * 300, "cannot be created"), ("file/p", "cannot")]
)
def test_a_place_where_no_folder_can_be_is_refused_in_words(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=said):
        new_project(tmp_path / name)
